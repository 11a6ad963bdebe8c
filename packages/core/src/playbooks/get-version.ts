import type { PlaybookVersion } from '@preceptor/client'
import { recordNotFound } from '../access/record-list-query.ts'
import type { Tx } from '../database/transaction.ts'
import { findVersion } from './version-store.ts'

/** @throws GovernanceError `NOT_FOUND`. */
export async function getVersion(tx: Tx, playbook: string, version: number): Promise<PlaybookVersion> {
  const found = Number.isSafeInteger(version) ? await findVersion(tx, playbook, version) : undefined
  if (found === undefined) throw recordNotFound('version of a playbook', `${playbook} ${version}`)
  return found
}
