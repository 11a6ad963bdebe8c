import { GovernanceError } from '@preceptor/client'
import { textOf } from '../text/use-text.ts'
import { DATA } from './data-messages.ts'

/** An error as it is shown to people. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly hint: string
  /** Somebody else was first, or it changed: what is shown is old. */
  readonly isConflict: boolean
}

const CONFLICTS = new Set(['PROPOSAL_DECIDED', 'PROPOSAL_CHANGED', 'CONFLICT'])

/** What to tell people about an error. */
export function problemOf(error: unknown): Problem {
  if (!GovernanceError.isInstance(error)) {
    const message = error instanceof Error ? error.message : String(error)
    return { code: 'INTERNAL', message, hint: textOf(DATA)('reloadPage'), isConflict: false }
  }
  const { code, message, hint } = error
  return { code, message, hint, isConflict: CONFLICTS.has(code) }
}

/** Tells whether an error means that nobody is signed in any more. */
export function isSignedOut(error: unknown): boolean {
  return GovernanceError.isInstance(error) && ['PRINCIPAL_REQUIRED', 'CREDENTIAL_INVALID'].includes(error.code)
}

/** Tells whether an error means that the reader may not see it, or do it. */
export function isForbidden(error: unknown): boolean {
  return GovernanceError.isInstance(error) && error.code === 'PERMISSION_DENIED'
}

/**
 * Problems of args by JSON Pointer, out of the message of `ARGS_INVALID`. Of each field the first one counts: what
 * validators say after it follows from it, as does what they say of the whole.
 */
export function argProblems(message: string): ReadonlyMap<string, string> {
  const problems = new Map<string, string>()
  for (const [, path = '', problem = ''] of message.matchAll(/args((?:[./][^:;]+)?): ([^;]+)/g)) {
    const pointer = path.replaceAll('.', '/')
    if (!problems.has(pointer)) problems.set(pointer, problem.replace(/\.+$/, ''))
  }
  if (problems.size > 1) problems.delete('')
  return problems
}
