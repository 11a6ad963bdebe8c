import { GovernanceError } from '@preceptor/client'
import { plain } from '../table.ts'
import type { Check, Finding } from './check.ts'

/** A finding, and what it is of. */
export type NamedFinding = Finding & { readonly name: string }

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok', warning: '!', failed: 'x', skipped: '-' }

/** What a check finds; that it could not be made is a finding, too. */
export async function findingOf({ name, run }: Check): Promise<NamedFinding> {
  try {
    return { name, ...(await run()) }
  } catch (error) {
    if (!GovernanceError.isInstance(error)) throw error
    return { name, state: 'failed', message: error.message, advice: error.hint, code: error.code }
  }
}

/** Findings as lines for a terminal, each with what to do about it. */
export function describeFindings(found: readonly NamedFinding[]): string {
  const width = Math.max(...found.map(({ name }) => name.length)) + 2
  return found
    .flatMap(({ name, state, message, advice, code }) => {
      const rest = advice === undefined ? [] : [`${' '.repeat(width + 4)}${advice}${code ? ` (${code})` : ''}`]
      return [`${MARKS[state].padEnd(4)}${name.padEnd(width)}${message}`, ...rest]
    })
    .map(plain)
    .join('\n')
}
