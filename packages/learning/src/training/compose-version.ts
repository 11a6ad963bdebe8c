import type { PlaybookExample, PlaybookVersion } from '@preceptor/client'
import type { Example } from '../client/feedback.ts'

// A playbook is read before every answer: what is in it is paid for each time.
const MOST_EXAMPLES = 40
const MOST_CHARACTERS = 60_000
// What was known is not driven out by what came last.
const KEPT = 15
// As long as a playbook may say.
const LONGEST_INSTRUCTIONS = 32_000

/**
 * The examples of the next version: what was corrected lately, then those of the version before, one for each question, as
 * many as fit. Of several corrections of one question the newest holds.
 */
export function composeExamples(
  fresh: readonly Example[],
  before: readonly PlaybookExample[],
): readonly PlaybookExample[] {
  const newest = new Map<string, Example>()
  for (const example of fresh) {
    const other = newest.get(example.input)
    if (other === undefined || other.createdAt < example.createdAt) newest.set(example.input, example)
  }
  const taught = [...newest.values()].map(({ input, correction, id }) => ({ input, output: correction, source: id }))
  const known = before.filter(({ input }) => !newest.has(input))
  const room = MOST_EXAMPLES - Math.min(KEPT, known.length)
  const chosen: PlaybookExample[] = []
  let characters = 0
  for (const example of [...taught.slice(0, room), ...known, ...taught.slice(room)]) {
    const size = example.input.length + example.output.length
    if (chosen.length === MOST_EXAMPLES || characters + size > MOST_CHARACTERS) continue
    characters += size
    chosen.push(example)
  }
  return chosen
}

/**
 * The instructions without a chat model: those of the version before, and a line for each matter that was corrected, as many
 * as there is room for.
 */
export function instructionsByRule(
  agentType: string,
  { fresh, before }: { readonly fresh: readonly Example[]; readonly before: PlaybookVersion | null },
): string {
  const counted = new Map<string, number>()
  for (const { tags } of fresh) for (const tag of tags) counted.set(tag, (counted.get(tag) ?? 0) + 1)
  const matters = [...counted].sort(([left, one], [right, other]) => other - one || (left < right ? -1 : 1))
  let instructions =
    before?.instructions ?? `People corrected answers of ${agentType} agents. Answer as the examples do.`
  for (const [tag, times] of matters) {
    const line = `- Take care with ${tag}: corrected ${times === 1 ? 'once' : `${times} times`}.`
    const longer = `${instructions}\n${line}`
    if (!instructions.includes(line) && fits(longer)) instructions = longer
  }
  return instructions
}

/** Whether a playbook takes such instructions. */
export function fits(instructions: string): boolean {
  return instructions.length <= LONGEST_INSTRUCTIONS && instructions.split('\n').length <= MOST_LINES
}

const MOST_LINES = 1_000
