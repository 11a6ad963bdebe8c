import { type Access, REDACTED } from '@preceptor/core/plugin'
import type { About, Example, Feedback } from '../client/feedback.ts'

/** Feedback as somebody may see it who may, or may not, read what was asked and answered. */
export function visibleFeedback(access: Access, feedback: Feedback): Feedback {
  if (access !== 'redacted') return feedback
  const { input, output, correction, comment, about } = feedback
  return {
    ...feedback,
    input: hidden(input),
    output: hidden(output),
    correction: hidden(correction),
    comment: hidden(comment),
    about: visibleAbout(about),
  }
}

/** An example, likewise. Its hash would let a guess at what is hidden be checked. */
export function visibleExample(access: Access, example: Example): Example {
  if (access !== 'redacted') return example
  const { input, output, correction, about } = example
  return {
    ...example,
    input: hidden(input),
    output: hidden(output),
    correction: hidden(correction),
    contentHash: REDACTED,
    about: visibleAbout(about),
  }
}

function visibleAbout(about: About): About {
  return about.task === undefined ? about : { ...about, task: REDACTED }
}

function hidden(text: string): string
function hidden(text: string | null): string | null
function hidden(text: string | null): string | null {
  return text === null ? null : REDACTED
}
