import type { JsonObject, JsonValue } from '@preceptor/client'
import { canonicalJson, hiddenValues, hideValues, REDACTED, redact } from '@preceptor/core/plugin'
import type { FeedbackDraft } from '../feedback/record-feedback.ts'
import { clip, LONGEST_COMMENT, LONGEST_TEXT, tagsOf } from '../feedback/texts.ts'
import type { GivenCorrection, GradedAnswer, ProposalVersions, StoredArgs } from './capture-store.ts'

/** What is learned of a correction; what it is about, and who gave it, the journal says. */
export type CapturedDraft = Pick<
  FeedbackDraft,
  'kind' | 'input' | 'output' | 'correction' | 'comment' | 'tags' | 'lesson'
>

/** An answer in training with this score, in basis points, was right: the pass mark of training. */
const RIGHT = 7_000

/** What a reviewer made of the args that an agent asked for. */
export function ofEdit({ asked, reviewed, ...proposal }: ProposalVersions): CapturedDraft {
  // What one of the versions hides is hidden in both.
  const sensitive = [...asked.sensitive, ...reviewed.sensitive]
  const changed = Object.keys({ ...asked.args, ...reviewed.args }).filter(
    (name) => textOf(own(asked.args, name)) !== textOf(own(reviewed.args, name)),
  )
  return correctionOf({
    input: attemptText(proposal, [asked, reviewed]),
    output: argsText({ args: asked.args, sensitive }),
    correction: argsText({ args: reviewed.args, sensitive }),
    comment: null,
    tags: tagsOf([`action:${proposal.action}`, ...changed.map((name) => `arg:${name}`)]),
  })
}

/** Why a reviewer did not let an agent do what it asked for. */
export function ofRejection(
  { reviewed, ...proposal }: ProposalVersions,
  { category, reason }: { readonly category: string; readonly reason: string },
): CapturedDraft {
  const why = hidden(reason, [reviewed])
  return correctionOf({
    input: attemptText(proposal, [reviewed]),
    output: argsText(reviewed),
    correction: `Do not do this (${category}): ${why}`,
    comment: why,
    tags: tagsOf([`action:${proposal.action}`, category]),
  })
}

/** What a supervisor told a run to do otherwise. */
export function ofIntervention({ action, guidance, args, step }: GivenCorrection): CapturedDraft {
  const sensitive = step?.sensitive ?? [[]]
  const known = [...(step === null ? [] : [step]), ...(args === null ? [] : [{ args, sensitive }])]
  const said = guidance === null ? [] : [hidden(guidance, known)]
  const instead = args === null ? [] : [argsText({ args, sensitive })]
  return correctionOf({
    input: textOf({ action }),
    output: step === null ? '' : argsText(step),
    correction: [...said, ...instead].join('\n'),
    comment: said[0] ?? null,
    tags: tagsOf([`action:${action}`]),
  })
}

/** What a person found an answer in training to be: right ones are learned from as they are, others by what was said. */
export function ofGrading({ scenario, answer, score, feedback }: GradedAnswer): CapturedDraft {
  const input = [scenario.task, textOf(redact(scenario.input))].join('\n')
  const output = typeof answer === 'string' ? hidden(answer, []) : textOf(redact(answer))
  const comment = feedback === null ? null : hidden(feedback, [])
  const tags = tagsOf([`capability:${scenario.capability}`])
  if (score < RIGHT && comment !== null) return correctionOf({ input, output, correction: comment, comment, tags })
  const said = { ...clipped({ input, output, comment }), correction: null, tags }
  if (score < RIGHT) return { ...said, kind: 'negative', lesson: null }
  const isWhole = output.trim() !== '' && output.length <= LONGEST_TEXT && input.length <= LONGEST_TEXT
  return { ...said, kind: 'positive', lesson: isWhole ? { input, output: null, correction: output } : null }
}

interface Said {
  readonly input: string
  readonly output: string
  readonly correction: string
  readonly comment: string | null
  readonly tags: readonly string[]
}

/** A correction, or, where nothing of it may or can be shown, that there was one. */
function correctionOf(said: Said): CapturedDraft {
  const { input, output, correction, tags } = said
  const isLong = [input, output, correction].some(({ length }) => length > LONGEST_TEXT)
  if (!isLong && isShown(correction) && correction !== output) {
    return { ...said, ...clipped(said), correction, kind: 'correction', lesson: { input, output, correction } }
  }
  const why = isLong ? 'It was corrected; the texts are too long for an example.' : 'Only hidden values were corrected.'
  return {
    ...clipped({ ...said, comment: said.comment ?? why }),
    correction: null,
    tags,
    kind: 'negative',
    lesson: null,
  }
}

/** Whether anything is left of a text beside what was hidden in it. */
function isShown(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text.replaceAll(REDACTED, ''))
}

function clipped<T extends Pick<Said, 'input' | 'output' | 'comment'>>({ input, output, comment }: T) {
  return {
    input: clip(input, LONGEST_TEXT),
    output: clip(output, LONGEST_TEXT),
    comment: comment === null ? null : clip(comment, LONGEST_COMMENT),
  }
}

/** What an agent attempted: the action, what it is about, and what it said of it. */
function attemptText(
  { action, resource, context }: Pick<ProposalVersions, 'action' | 'resource' | 'context'>,
  known: readonly StoredArgs[],
): string {
  const said = {
    action,
    ...(resource === null ? {} : { resource }),
    ...(context === null ? {} : { context }),
  }
  return hidden(textOf(redact(said)), known)
}

function argsText({ args, sensitive }: StoredArgs): string {
  return textOf(redact(args, { sensitivePaths: sensitive }))
}

/** A text whose writer had the args in hand: without what their schema hides. */
function hidden(text: string, known: readonly StoredArgs[]): string {
  return hideValues(text, known.flatMap(hiddenValues))
}

function textOf(value: JsonValue): string {
  return canonicalJson(value)
}

/** An arg that is there; every object inherits names that args may have, too. */
function own(args: JsonObject, name: string): JsonValue {
  return Object.hasOwn(args, name) ? (args[name] ?? null) : null
}
