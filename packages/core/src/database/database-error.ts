import { type ErrorCode, GovernanceError } from '@preceptor/client'

const BY_SQLSTATE: ReadonlyMap<string, ErrorCode> = new Map([
  ['25006', 'STORE_READ_ONLY'],
  ['53100', 'STORE_READ_ONLY'],
  ['57014', 'DEADLINE_EXCEEDED'],
  ['55P03', 'DEADLINE_EXCEEDED'],
  ['25P03', 'DEADLINE_EXCEEDED'],
  ['25P04', 'DEADLINE_EXCEEDED'],
  ['40001', 'STORE_UNAVAILABLE'],
  ['40P01', 'STORE_UNAVAILABLE'],
  ['57P01', 'STORE_UNAVAILABLE'],
  ['57P02', 'STORE_UNAVAILABLE'],
  ['57P03', 'STORE_UNAVAILABLE'],
  ['57P05', 'STORE_UNAVAILABLE'],
  // The database lets nobody in.
  ['55000', 'STORE_UNAVAILABLE'],
  ['3D000', 'DATABASE_MISSING'],
  ['28000', 'DATABASE_MISSING'],
  ['28P01', 'DATABASE_MISSING'],
])
// Connection exceptions (08) and exhausted resources (53).
const UNAVAILABLE_CLASS = /^(?:08|53)...$/
const UNAVAILABLE_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENOENT',
  'EACCES',
])
// `pg` gives these no code.
const UNAVAILABLE_TEXT =
  /^(?:Connection terminated|timeout expired|timeout exceeded when trying to connect|Client (?:was closed|has encountered)|Cannot use a pool after|The server does not support SSL)/
const LATE_TEXT = /^Query read timeout/

function own(error: unknown, key: string): unknown {
  return typeof error === 'object' && error !== null && key in error ? Reflect.get(error, key) : undefined
}

/** The fault underneath the wrappers of drizzle, whose messages repeat every parameter. */
function databaseCause(error: unknown): unknown {
  let current = error
  for (
    let depth = 0;
    depth < 5 && own(current, 'query') !== undefined && own(current, 'cause') !== undefined;
    depth += 1
  ) {
    current = own(current, 'cause')
  }
  return current
}

/** SQLSTATE of a database error, or the code of a system error such as `ECONNREFUSED`. */
export function databaseErrorCode(error: unknown): string | undefined {
  const code = own(databaseCause(error), 'code')
  return typeof code === 'string' ? code : undefined
}

/** Whether the transaction lost against another one and may be run again. */
export function isSerializationFailure(error: unknown): boolean {
  const code = databaseErrorCode(error)
  return code === '40001' || code === '40P01'
}

function faultCode(error: unknown): ErrorCode | undefined {
  const code = databaseErrorCode(error)
  if (code !== undefined) {
    const known = BY_SQLSTATE.get(code)
    if (known !== undefined) return known
    if (UNAVAILABLE_CLASS.test(code) || UNAVAILABLE_SYSTEM.has(code)) return 'STORE_UNAVAILABLE'
  }
  const text = error instanceof Error ? error.message : ''
  if (LATE_TEXT.test(text)) return 'DEADLINE_EXCEEDED'
  return UNAVAILABLE_TEXT.test(text) ? 'STORE_UNAVAILABLE' : undefined
}

/**
 * Translates what a database driver throws: faults of the store become a `GovernanceError`; errors of the statement
 * itself (a violated constraint, a syntax error) come back as the driver's error, freed of wrappers that repeat the
 * parameters.
 */
export function toDatabaseFault(error: unknown): unknown {
  const cause = databaseCause(error)
  if (GovernanceError.isInstance(cause)) return cause
  const code = faultCode(cause)
  if (code === undefined) return cause
  const reason =
    cause instanceof Error && cause.message !== '' ? cause.message : (databaseErrorCode(cause) ?? 'unknown')
  return new GovernanceError(code, { message: `The database did not do it: ${reason}.`, cause })
}
