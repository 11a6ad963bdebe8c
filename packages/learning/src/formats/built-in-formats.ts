import { type Check, presenceFinding, shareFinding } from '../strategies/checks/check.ts'
import { codeParses, fencesComplete } from '../strategies/checks/code-parses.ts'
import { label } from '../strategies/checks/fields.ts'
import { readMarkdown } from '../strategies/checks/markdown.ts'
import type { Format } from './format.ts'
import { unwrapCode, unwrapSpeech, unwrapText } from './unwrap.ts'

const LONGEST_SPEECH = 1_500

const hasHeading: Check = {
  name: 'has-heading',
  kind: 'structure',
  run: ({ answer }) => presenceFinding({ 'a heading': readMarkdown(answer).headings.length > 0 }),
}

const hasConclusion: Check = {
  name: 'has-conclusion',
  kind: 'structure',
  run: ({ answer }) =>
    presenceFinding({
      findings: label('findings?|analysis|observations?|results?|evidence').test(answer),
      'a conclusion': label('conclusions?|recommendations?|summary|verdict').test(answer),
    }),
}

/** Speech has no headings, tables or blocks of code, and ends before the listener does. */
const readsAsSpeech: Check = {
  name: 'reads-as-speech',
  kind: 'structure',
  run({ answer }) {
    const { blocks, headings } = readMarkdown(answer)
    const isPlain = blocks.length === 0 && headings.length === 0 && !/^[ \t]*\|.*\|[ \t]*$/m.test(answer)
    const good = [isPlain, answer.length <= LONGEST_SPEECH].filter(Boolean).length
    return shareFinding(
      good,
      2,
      good === 2 ? 'It can be said as it is.' : 'It has marks of a document, or is too long.',
    )
  },
}

/** The forms that are there from the start. */
export const BUILT_IN_FORMATS: readonly Format[] = [
  {
    name: 'code',
    instruction: 'Answer with code alone: one fenced block that names its language, nothing around it.',
    checkKinds: ['code', 'safety'],
    checks: [codeParses],
    unwrap: unwrapCode,
  },
  {
    name: 'documentation',
    instruction: 'Answer with a document in Markdown: headings in order, short paragraphs, examples in fenced blocks.',
    checkKinds: ['code', 'structure', 'content', 'safety'],
    checks: [hasHeading, fencesComplete],
    unwrap: unwrapText,
  },
  {
    name: 'analysis',
    instruction:
      'Answer with an analysis: a part "Findings:" with what is known, a part "Conclusion:" with what follows.',
    checkKinds: ['structure', 'content', 'safety'],
    checks: [hasConclusion],
    unwrap: unwrapText,
  },
  {
    name: 'conversation',
    instruction:
      'Answer as one would say it to the person: plain sentences, no headings, no tables, no blocks of code.',
    checkKinds: ['content', 'safety'],
    checks: [readsAsSpeech],
    unwrap: unwrapSpeech,
  },
  {
    name: 'mixed',
    instruction: 'Answer with text, and with code in fenced blocks that name their language where code is needed.',
    checkKinds: ['code', 'structure', 'content', 'safety'],
    checks: [fencesComplete],
    unwrap: (text) => text.trim(),
  },
]
