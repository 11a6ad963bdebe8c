import { GovernanceError } from '../errors/governance-error.ts'
import type { JournalEntry } from '../resources/records.ts'
import type { ControlScope } from './control-plane.ts'

/** From where ends are followed, and until when. */
export interface FollowOptions {
  /** The position after which it begins, such as the last one that was handled; default: the present end. */
  readonly after?: number
  /** Ends it when it aborts. */
  readonly signal?: AbortSignal
}

/** Ends that are followed. */
export interface FollowedEnds {
  /** Everything up to here was handled: what a later call begins after. */
  readonly position: number
  /** Settles when it ends: rejected with what the handler threw, or with the code of a fault. */
  readonly ended: Promise<void>
}

/** What is followed, and what is done about each end. */
export interface EndFollower<Item> {
  /** Whether an event of this kind may be an end. */
  readonly isEnd: (kind: string) => boolean
  readonly read: (id: string) => Promise<Item>
  /** Whether the record is as the event left it; where it has moved on since, a later event tells of it. */
  readonly isStill: (item: Item, event: JournalEntry) => boolean
  /** The next one waits for it. */
  readonly handle: (item: Item, at: { readonly position: number }) => void | Promise<void>
}

/** Calls a handler for each end, in order; a handler that throws ends it, and its event is not counted as handled. */
export async function followEnds<Item>(
  scope: Pick<ControlScope, 'events'>,
  { isEnd, read, isStill, handle }: EndFollower<Item>,
  { after, signal }: FollowOptions,
): Promise<FollowedEnds> {
  const query = { ...(after !== undefined && { after }), ...(signal && { signal }) }
  const subscription = await scope.events.subscribe(query)
  const place = { position: subscription.position }
  const follow = async (): Promise<void> => {
    for await (const event of subscription) {
      if (isEnd(event.kind)) {
        const item = await read(event.subjectId)
        if (isStill(item, event)) await handle(item, { position: subscription.position })
      }
      place.position = subscription.position
    }
  }
  return {
    get position() {
      return place.position
    },
    ended: follow().catch(endQuietly),
  }
}

function endQuietly(error: unknown): void {
  if (GovernanceError.isInstance(error) && error.code === 'GOVERNOR_CLOSED') return
  throw error
}
