import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { hashOf } from '../chain.ts'
import { createPorts, type TestStore } from '../each-store.test.helper.ts'
import { createJournal, type OpenJournal } from '../journal.ts'
import { isoOfMicroseconds } from '../recorded-at.ts'
import { sealWorkspace } from '../seal.ts'
import { type CheckpointKeyOptions, readCheckpointKeys } from './checkpoint-keys.ts'
import type { CheckpointLog } from './checkpoint-log.ts'
import { openCheckpoints } from './checkpoint-options.ts'
import { createFileCheckpoints } from './file-checkpoints.ts'
import { checkpointLine, readCheckpoint } from './journal-checkpoint.ts'
import { type CheckpointPorts, type CheckpointResult, takeCheckpoint } from './take-checkpoint.ts'

/** A key pair in PEM. */
export function makeKeys(): { readonly key: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}

/** A file of checkpoints that a test may change. */
export interface TestFile {
  readonly path: string
  readonly publicKey: string
  open(keys?: CheckpointKeyOptions): CheckpointLog
  lines(): string[]
  write(lines: readonly string[]): void
}

/** Makes files of checkpoints, which end with the test file. */
export function useFiles(): () => TestFile {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-checkpoints-'))
  let files = 0
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return () => {
    files += 1
    const path = join(folder, `${files}.jsonl`)
    const { key, publicKey } = makeKeys()
    return {
      path,
      publicKey,
      open: (keys = { key }) => openCheckpoints({ store: createFileCheckpoints(path), ...keys }),
      lines: () => readFileSync(path, 'utf8').split('\n').slice(0, -1),
      write: (lines) => writeFileSync(path, lines.map((line) => `${line}\n`).join('')),
    }
  }
}

/** The line that would follow the last one, signed by another key. */
export function foreignLine(lines: readonly string[], key: string): string {
  const last = readCheckpoint(lines.at(-1) ?? '')
  const { signer } = readCheckpointKeys({ key })
  if (last === undefined || signer === undefined) throw new Error('There is nothing to follow from.')
  return checkpointLine({ ...last, number: last.number + 1, previous: last.digest, workspace: 'elsewhere' }, signer)
}

const journals: OpenJournal[] = []
const closeJournals = async (): Promise<void> => {
  await Promise.all(journals.splice(0).map((journal) => journal.close()))
}
afterAll(closeJournals)

/** What takes checkpoints on a store. */
export function openPorts(database: TestStore['database']): CheckpointPorts {
  const ports = createPorts(database)
  const journal = createJournal(ports)
  journals.push(journal)
  return { ...ports, journal }
}

/** Writes rows and seals them. */
export async function write(store: TestStore, workspace: string, from: number, to: number): Promise<void> {
  await store.asOwner(
    `insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
     select 'jrn_' || $1 || '_' || lpad(n::text, 6, '0'), $1, 'agent.changed', 's' || n, 'bot',
       '{"actor":"user:ana","n":' || n || '}', '2026-01-02T03:04:05.678Z'
     from generate_series($2::int, $3::int) as n`,
    [workspace, from, to],
  )
  await seal(store, workspace)
}

/** Seals what waits, whoever else does. */
export async function seal(store: TestStore, workspace: string): Promise<void> {
  for (;;) {
    const result = await sealWorkspace(createPorts(store.database), workspace)
    if (result.outcome === 'sealed' && !result.more) return
  }
}

/** Takes a checkpoint now and seals the row that tells of it. */
export async function take(store: TestStore, log: CheckpointLog, workspace: string): Promise<CheckpointResult> {
  const result = await takeCheckpoint(openPorts(store.database), log, { workspace, now: true })
  await seal(store, workspace)
  return result
}

/** A row of a chain that is written anew. */
export interface ForgedRow {
  readonly id: string
  readonly kind: string
  readonly subject_id: string
  readonly agent_id: string | null
  readonly body: string
  readonly recorded_at: string
}

/** Writes the whole chain of a workspace again, as somebody would who owns the database and knows how it is made. */
export async function forge(
  store: TestStore,
  workspace: string,
  change: (rows: readonly ForgedRow[]) => readonly ForgedRow[],
): Promise<void> {
  const rows = (await store.asOwner(
    `select j.id, j.kind, j.subject_id, j.agent_id, j.body,
       to_char(j.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as recorded_at
     from journal_seals s join journal j on j.id = s.journal_id where s.workspace_id = $1 order by s.sequence`,
    [workspace],
  )) as unknown as readonly ForgedRow[]
  const forged = change(rows)
  // A sealer would seal what is half forged.
  await closeJournals()
  await unguarded(store, async () => {
    await erase(store, workspace)
    let hash = '0'.repeat(64)
    for (const [index, row] of forged.entries()) {
      const sequence = index + 1
      const recordedAt = isoOfMicroseconds(row.recorded_at)
      const { id, kind, subject_id: subject, agent_id: agent, body } = row
      hash = hashOf(hash, { sequence, id, workspace, kind, subject, agent, body, recordedAt })
      await store.asOwner(
        `insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [id, workspace, kind, subject, agent, body, recordedAt],
      )
      await store.asOwner('insert into journal_seals values ($1, $2, $3, $4, now())', [workspace, sequence, id, hash])
    }
    if (forged.length === 0) return
    await store.asOwner('insert into journal_heads values ($1, $2, $3, pg_current_snapshot(), now())', [
      workspace,
      forged.length,
      hash,
    ])
  })
}

/** Deletes everything of the journal of a workspace. */
export async function wipe(store: TestStore, workspace: string): Promise<void> {
  await unguarded(store, () => erase(store, workspace))
}

async function erase(store: TestStore, workspace: string): Promise<void> {
  for (const table of ['journal', 'journal_seals', 'journal_heads']) {
    await store.asOwner(`delete from ${table} where workspace_id = $1`, [workspace])
  }
}

async function unguarded(store: TestStore, work: () => Promise<void>): Promise<void> {
  const triggers = (what: string): Promise<unknown> =>
    store.asOwner(`alter table journal ${what} trigger all; alter table journal_seals ${what} trigger all`)
  await triggers('disable')
  await work()
  await triggers('enable')
}
