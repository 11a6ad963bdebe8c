import { readFile } from 'node:fs/promises'
import { GovernanceError } from '@preceptor/client'

/**
 * Reads a file of JSON.
 *
 * @throws GovernanceError `OPTION_INVALID` for a file that is not there, or is none.
 */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/** The error for a file that cannot be read, and why. */
export function unreadable(path: string, cause: unknown): GovernanceError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new GovernanceError('OPTION_INVALID', { message: `${path} cannot be read: ${why}`, cause })
}
