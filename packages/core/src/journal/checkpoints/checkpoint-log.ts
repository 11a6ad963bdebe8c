import { GovernanceError } from '@preceptor/client'
import { withDeadline } from '../../kernel/deadline.ts'
import type { CheckpointKeys } from './checkpoint-keys.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import {
  type CheckpointClaim,
  checkpointLine,
  isSigned,
  type JournalCheckpoint,
  NO_CHECKPOINT,
  readCheckpoint,
} from './journal-checkpoint.ts'

const APPEND_WITHIN_MS = 10_000

/** When a checkpoint is due: whichever comes first. */
export interface CheckpointSchedule {
  readonly everyMs: number
  readonly everyRows: number
}

/** What a store of checkpoints holds of one workspace. */
export interface ExaminedCheckpoints {
  /** Those of the workspace, in their order, up to what is wrong. */
  readonly checkpoints: readonly JournalCheckpoint[]
  /** What is wrong with the store itself. */
  readonly problem: string | null
}

/** The end of a store of checkpoints. */
export interface CheckpointEnd {
  /** The last one of each workspace. */
  readonly last: ReadonlyMap<string, JournalCheckpoint>
  readonly problem: string | null
}

/** The checkpoints of a process: they are read, checked and added here. */
export interface CheckpointLog extends CheckpointSchedule {
  /** Whether this process has a key to sign with. */
  readonly canSign: boolean
  /** Reads the store from its beginning. @throws GovernanceError `CHECKPOINTS_UNAVAILABLE` */
  examine(workspace: string): Promise<ExaminedCheckpoints>
  /** Reads what is new at the end of the store. @throws GovernanceError `CHECKPOINTS_UNAVAILABLE` */
  readEnd(): Promise<CheckpointEnd>
  /**
   * Signs and adds a checkpoint after the end that was read last; one process of a database does so at a time.
   *
   * @throws GovernanceError `CHECKPOINTS_UNAVAILABLE`
   */
  add(claim: Omit<CheckpointClaim, 'number' | 'previous'>): Promise<JournalCheckpoint>
}

interface Place {
  readonly number: number
  readonly digest: string
}

const BEGINNING: Place = { number: 0, digest: NO_CHECKPOINT }

/** Opens the checkpoints of a process. */
export function createCheckpointLog(
  options: CheckpointSchedule & { readonly store: CheckpointStore; readonly keys: CheckpointKeys },
): CheckpointLog {
  const { store, keys, everyMs, everyRows } = options
  let place = BEGINNING
  let last = new Map<string, JournalCheckpoint>()

  async function readNew(): Promise<string | null> {
    for await (const line of linesAfter(store, place.number)) {
      const found = follow(place, line, keys)
      if (typeof found === 'string') return found
      place = { number: found.number, digest: found.digest }
      last.set(found.workspace, found)
    }
    return null
  }

  async function readEnd(): Promise<CheckpointEnd> {
    let problem = await readNew()
    if (problem !== null) {
      // What was known may not stand there any more: only the whole store can say what is wrong.
      place = BEGINNING
      last = new Map()
      problem = await readNew()
    }
    return { last, problem }
  }

  return {
    everyMs,
    everyRows,
    canSign: keys.signer !== undefined,
    examine: (workspace) => examine(store, keys, workspace),
    readEnd,
    async add(claim) {
      if (keys.signer === undefined) {
        throw new GovernanceError('OPTION_INVALID', { message: 'Option "checkpoints.key": it is missing.' })
      }
      const number = place.number + 1
      const line = checkpointLine({ ...claim, number, previous: place.digest }, keys.signer)
      await available(withDeadline(store.append({ number, line }), { milliseconds: APPEND_WITHIN_MS }))
      const added = (await readEnd()).last.get(claim.workspace)
      if (added?.number === number && added.hash === claim.hash) return added
      throw new GovernanceError('CHECKPOINTS_UNAVAILABLE', {
        message: `Checkpoint ${number} was added, and cannot be read again.`,
      })
    },
  }
}

async function examine(store: CheckpointStore, keys: CheckpointKeys, workspace: string): Promise<ExaminedCheckpoints> {
  const checkpoints: JournalCheckpoint[] = []
  let place = BEGINNING
  let final: JournalCheckpoint | undefined
  for await (const line of linesAfter(store, 0)) {
    // Of other workspaces the links are enough: the signature of the last one holds them all.
    const found = follow(place, line, readCheckpoint(line)?.workspace === workspace ? keys : undefined)
    if (typeof found === 'string') return { checkpoints, problem: found }
    place = { number: found.number, digest: found.digest }
    final = found
    if (found.workspace === workspace) checkpoints.push(found)
  }
  const problem = final === undefined || isSigned(final, keys.verifier) ? null : unsigned(final)
  return { checkpoints, problem }
}

/** The checkpoint that a line holds after a place, or what is wrong with it. */
function follow(place: Place, line: string, keys: CheckpointKeys | undefined): JournalCheckpoint | string {
  const number = place.number + 1
  const found = readCheckpoint(line)
  if (found === undefined) return `Line ${number} of the checkpoints was changed: it is no checkpoint.`
  if (keys !== undefined && !isSigned(found, keys.verifier)) return unsigned(found)
  if (found.number !== number) {
    return `Checkpoint ${number} is missing: number ${found.number} stands at its place, so that lines were deleted or moved.`
  }
  if (found.previous !== place.digest) {
    return `Checkpoint ${number} does not follow from the one before it: one of them was changed or exchanged.`
  }
  return found
}

function unsigned({ number, keyId }: JournalCheckpoint): string {
  return `Checkpoint ${number} was changed, or a foreign key signed it: its signature, of key ${keyId.slice(0, 16)}, is not accepted.`
}

async function* linesAfter(store: CheckpointStore, after: number): AsyncGenerator<string, void, undefined> {
  const lines = store.read(after)[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await available(lines.next())
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await lines.return?.()
  }
}

async function available<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw new GovernanceError('CHECKPOINTS_UNAVAILABLE', {
      message: `The checkpoints of the journal cannot be read or written: ${cause}`,
      cause: error,
    })
  }
}
