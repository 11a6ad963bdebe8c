import { type EventSubscription, GovernanceError, type JournalEntry } from '@preceptor/client'
import { inWorkspace } from '../database/transaction.ts'
import { createBell } from './bell.ts'
import type { Journal } from './journal.ts'
import { sequenceOf, toEntry } from './list-journal.ts'
import type { JournalPorts } from './ports.ts'
import type { SharedReads } from './shared-reads.ts'
import { EVERY_ROW, type JournalFilter, listSealed, readSealedEnd } from './store.ts'

const PAGE = 50
// The bus is a hint that may be lost; this is how late a row can then be.
const LOOK_AGAIN_MS = 5_000

/** What following stands on. */
export interface FollowPorts extends Pick<JournalPorts, 'database'> {
  readonly journal: Pick<Journal, 'subscribe'>
  readonly sharedReads: SharedReads
  /** Whether the governor was closed. */
  readonly isClosed: () => boolean
}

/** Whose rows are followed, and from where. */
export interface Following {
  readonly workspace: string
  /** Agents whose rows the reader may see; null: all of the workspace. */
  readonly only: readonly string[] | null
  /** The sequence after which it begins; undefined: the present end. */
  readonly after: number | undefined
  readonly signal: AbortSignal | undefined
  /** Rows of one agent, or about one subject, only; null: of all. */
  readonly agent?: string | null
  readonly subject?: string | null
  /** What the reader is shown of a row; undefined for one that is left out. Default: the row itself. */
  readonly show?: (entry: JournalEntry) => Shown | Promise<Shown>
}

type Shown = JournalEntry | undefined

interface Passage {
  readonly entries: readonly JournalEntry[]
  /** Nothing that the reader may see is left up to here. */
  readonly end: number
  readonly more: boolean
}

/**
 * Follows the sealed rows of a workspace in the order of the chain, without missing or repeating one. It holds no
 * connection while it waits, and reads on only when the reader asks for more.
 *
 * @throws GovernanceError `INPUT_INVALID` for a place that the journal has not reached, or the code of a fault.
 */
export async function followJournal(ports: FollowPorts, following: Following): Promise<EventSubscription> {
  const after = following.after === undefined ? undefined : sequenceOf(following.after)
  const end = await inWorkspace(ports.database, { workspace: following.workspace }, readSealedEnd)
  if (after !== undefined && after > end) {
    throw new GovernanceError('INPUT_INVALID', {
      message: `after: the journal ends at ${end}, before ${after}.`,
      hint: 'Read the journal again from a place that it has.',
    })
  }
  const place = { position: after ?? end }
  return {
    get position() {
      return place.position
    },
    [Symbol.asyncIterator]: () => follow(ports, following, place),
  }
}

async function* follow(
  ports: FollowPorts,
  { workspace, only, signal, agent = null, subject = null, show = (entry) => entry }: Following,
  place: { position: number },
): AsyncGenerator<JournalEntry, void, undefined> {
  const bell = createBell()
  const hasEnded = (): boolean => signal?.aborted === true
  const unsubscribe = ports.journal.subscribe(workspace, bell.ring)
  signal?.addEventListener('abort', bell.ring)
  try {
    while (!hasEnded()) {
      if (ports.isClosed()) throw new GovernanceError('GOVERNOR_CLOSED')
      const { entries, end, more } = await readOn(ports, {
        workspace,
        filter: { ...EVERY_ROW, agent, subject, only },
        after: place.position,
      })
      for (const entry of entries) {
        if (hasEnded()) return
        const asked = show(entry)
        const shown = asked instanceof Promise ? await asked : asked
        place.position = entry.sequence ?? place.position
        if (shown !== undefined) yield shown
      }
      place.position = Math.max(place.position, end)
      if (!more) await bell.wait(LOOK_AGAIN_MS)
    }
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', bell.ring)
  }
}

async function readOn(
  ports: FollowPorts,
  { workspace, filter, after }: { readonly workspace: string; readonly filter: JournalFilter; readonly after: number },
): Promise<Passage> {
  const key = `journal ${workspace} ${after} ${JSON.stringify(filter)}`
  return ports.sharedReads.read(key, () =>
    inWorkspace(ports.database, { workspace }, async (tx) => {
      // Read first: what is sealed afterwards is beyond this end, so that nothing is passed over.
      const end = await readSealedEnd(tx)
      const rows = end > after ? await listSealed(tx, filter, { after, limit: PAGE }) : []
      const more = rows.length > PAGE
      const entries = rows.slice(0, PAGE).map(toEntry)
      return { entries, end: more ? after : end, more }
    }),
  )
}
