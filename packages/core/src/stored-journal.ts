import { GovernanceError, type JournalVerification } from '@preceptor/client'
import type { Database } from './database/open-database.ts'
import { inWorkspace } from './database/transaction.ts'
import type { DatabasePlace } from './database-place.ts'
import { findKnownJournals } from './jobs/checkpoint-journal.ts'
import { sealJournal } from './jobs/seal-journal.ts'
import type { CheckpointLog } from './journal/checkpoints/checkpoint-log.ts'
import { type CheckpointOptions, openCheckpoints } from './journal/checkpoints/checkpoint-options.ts'
import { type CheckpointResult, takeCheckpoint } from './journal/checkpoints/take-checkpoint.ts'
import { createJournal } from './journal/journal.ts'
import { verifyJournal } from './journal/verify.ts'
import { systemClock } from './kernel/clock.ts'
import { createIds } from './kernel/ids.ts'
import { withStored } from './stored-database.ts'

/** What is done in the database itself, where no gate need be open on it. */
export interface StoredJournalOptions {
  /** The checkpoints to compare with, or to add to. */
  readonly checkpoints?: CheckpointOptions | undefined
}

/**
 * Verifies the journal of a workspace where no gate is open on it; reads only.
 *
 * @throws GovernanceError `WORKSPACE_UNKNOWN`, `DATABASE_MISSING`, `DATABASE_OLDER`, `DATABASE_NEWER`,
 * `DATABASE_CHANGED`, `STORE_UNAVAILABLE`, `CHECKPOINTS_UNAVAILABLE`, `OPTION_INVALID`, `DATA_FOLDER_LOCKED`,
 * `DATA_FOLDER_UNUSABLE`.
 * @example
 * ```ts
 * import { verifyStoredJournal } from '@preceptor/core'
 *
 * export const isIntact = async (): Promise<boolean> => (await verifyStoredJournal()).ok
 * ```
 */
export async function verifyStoredJournal(
  place: DatabasePlace = {},
  workspace = 'default',
  options: StoredJournalOptions = {},
): Promise<JournalVerification> {
  const checkpoints = options.checkpoints && openCheckpoints(options.checkpoints)
  return withStored(place, async (database) => {
    const verification = await verifyJournal({ database }, workspace, { checkpoints })
    // The first row of a workspace says that it was created.
    if (verification.ok && verification.checked + verification.unsealed === 0) {
      throw new GovernanceError('WORKSPACE_UNKNOWN', {
        message: `There is no workspace ${JSON.stringify(workspace)} in this database.`,
        hint: 'Check its name.',
      })
    }
    return verification
  })
}

/**
 * Verifies every journal that the database or the checkpoints know of, by the name of its workspace; `*` is the journal of
 * what concerns all. A workspace of which only checkpoints are left is among them.
 *
 * @throws GovernanceError as `verifyStoredJournal` does.
 */
export async function verifyStoredJournals(
  place: DatabasePlace = {},
  options: StoredJournalOptions = {},
): Promise<ReadonlyMap<string, JournalVerification>> {
  const checkpoints = options.checkpoints && openCheckpoints(options.checkpoints)
  return withStored(place, async (database) => {
    const found = new Map<string, JournalVerification>()
    for (const workspace of await knownWorkspaces(database, checkpoints)) {
      found.set(workspace, await verifyJournal({ database }, workspace, { checkpoints }))
    }
    return found
  })
}

/**
 * Seals what waits and takes a checkpoint of every journal in which anything is new, by the name of its workspace.
 *
 * @throws GovernanceError as `verifyStoredJournal` does.
 */
export async function checkpointStoredJournals(
  place: DatabasePlace,
  options: CheckpointOptions,
): Promise<ReadonlyMap<string, CheckpointResult>> {
  const log = openCheckpoints(options)
  return withStored(place, async (database) => {
    const clock = systemClock
    const base = {
      database,
      clock,
      ids: createIds({ clock }),
      failpoint: async () => undefined,
      report: () => undefined,
    }
    const journal = createJournal(base)
    try {
      const results = new Map<string, CheckpointResult>()
      for (const workspace of await knownWorkspaces(database, log)) {
        await sealJournal(base, workspace)
        results.set(workspace, await takeCheckpoint({ ...base, journal }, log, { workspace, now: true }))
      }
      return results
    } finally {
      await journal.close()
    }
  })
}

async function knownWorkspaces(database: Database, log: CheckpointLog | undefined): Promise<readonly string[]> {
  const scope = { workspace: '*', role: 'system' } as const
  return [...(await inWorkspace(database, scope, (tx) => findKnownJournals(tx, '', { checkpoints: log })))].sort()
}
