import { type Check, shareFinding } from './check.ts'
import { codeBlocks } from './code-blocks.ts'
import { parseProblem } from './parse-code.ts'

/** Code without a stated language is read as one of these. */
const GUESSED = ['tsx', 'ts']

/** Every block of code in a language that is known parses. */
export const codeParses: Check = {
  name: 'code-parses',
  kind: 'code',
  run(subject) {
    const read = codeBlocks(subject).flatMap(({ language, code }) => {
      const isBare = language === '' && subject.format === 'code'
      const problems = (isBare ? GUESSED : [language]).map((one) => parseProblem(one, code))
      if (problems.includes(undefined)) return []
      return [problems.includes(null) ? null : `${language || 'code'}: ${problems.at(-1)}`]
    })
    if (read.length === 0) return null
    const wrong = read.filter((problem) => problem !== null)
    const reason = wrong.length === 0 ? `${read.length} of ${read.length} blocks of code parse.` : wrong.join('; ')
    return shareFinding(read.length - wrong.length, read.length, reason)
  },
}

/** Every fenced block is closed, and says which language it is in. */
export const fencesComplete: Check = {
  name: 'fences-complete',
  kind: 'structure',
  run(subject) {
    if (subject.format === 'code') return null
    const blocks = codeBlocks(subject)
    if (blocks.length === 0) return null
    const good = blocks.filter(({ language, isClosed }) => isClosed && language !== '').length
    const reason =
      good === blocks.length ? 'Every block is closed and names its language.' : 'A block is open or names no language.'
    return shareFinding(good, blocks.length, reason)
  },
}
