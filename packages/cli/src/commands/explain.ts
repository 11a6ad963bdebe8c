import { ERROR_CODES, type ErrorCode, GovernanceError, isErrorCode } from '@preceptor/client'
import type { Command } from '../command.ts'

/** `preceptor explain CODE`: offline, from the table of the release. */
export const explain: Command = {
  name: 'explain',
  words: ['CODE'],
  summary: 'Say what an error code means and what to do',
  flags: {},
  async run({ words: [word = ''], print }) {
    const code = word.toUpperCase()
    if (!isErrorCode(code)) throw unknown(word)
    const { status, retryable, summary, advice } = ERROR_CODES[code]
    const retry = retryable ? 'may succeed' : 'fails again'
    const text = `${code}\n  ${summary}\n  ${advice}\n  HTTP status ${status}; the same call repeated ${retry}.`
    await print({ text, json: { code, status, retryable, summary, advice } })
    return 0
  },
}

function unknown(word: string): GovernanceError {
  const similar = similarCodes(word)
  return new GovernanceError('NOT_FOUND', {
    message: `There is no error code ${JSON.stringify(word.slice(0, 60))}.`,
    hint: similar.length > 0 ? `Did you mean ${similar.join(', ')}?` : 'All codes are listed in docs/errors.md.',
    details: { similar },
  })
}

/** Codes that share a word with what was asked for. */
function similarCodes(word: string): readonly ErrorCode[] {
  const parts = word.toUpperCase().match(/[A-Z]{4,}/g) ?? []
  const codes = Object.keys(ERROR_CODES).filter(isErrorCode)
  return codes.filter((code) => parts.some((part) => code.includes(part))).slice(0, 8)
}
