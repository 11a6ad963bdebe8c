import type { JsonObject } from '@preceptor/client'
import type { Format } from '../formats/format.ts'
import type { ImprovementWork, PromptSection } from './strategy.ts'

const MOST_EXAMPLES = 5

/** What a strategy says about the parts of the message that are its own. */
export interface SectionWords {
  /** Heading of the context; default `Context`. */
  readonly context?: string
  /** Heading of the correction; default `Correction`. */
  readonly correction?: string
}

/** Makes the sections that every strategy has: task, answer, correction, context, examples, format; empty ones are left out. */
export function sectionsWith(words: SectionWords = {}): (work: ImprovementWork, format: Format) => PromptSection[] {
  return (work, format) => {
    const examples = (work.examples ?? []).slice(0, MOST_EXAMPLES)
    const sections: PromptSection[] = [
      { title: 'Task', text: work.task ?? '' },
      { title: 'Answer', text: work.original },
      { title: words.correction ?? 'Correction', text: work.correction },
      { title: words.context ?? 'Context', text: linesOf(work.context) },
      { title: 'Examples', text: examples.map(({ task, answer }) => `Task: ${task}\nAnswer: ${answer}`).join('\n\n') },
      { title: 'Format', text: format.instruction },
    ]
    return sections.filter(({ text }) => text.trim() !== '')
  }
}

function linesOf(context: JsonObject | undefined): string {
  return Object.entries(context ?? {})
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n')
}
