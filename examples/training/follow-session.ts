import type { ControlScope, JournalEntry } from '@preceptor/client'

const LAST = ['training_session.completed', 'training_session.cancelled', 'training_session.failed']
const PATIENCE_MS = 120_000

/**
 * Follows a session over the stream of events until it has ended. It begins to listen at once; the session is named
 * later, when its id is known.
 */
export async function followSession(
  scope: ControlScope,
  tell: (event: JournalEntry) => void,
): Promise<(session: string) => Promise<readonly JournalEntry[]>> {
  const subscription = await scope.events.subscribe({ signal: AbortSignal.timeout(PATIENCE_MS) })
  return async (session) => {
    const events: JournalEntry[] = []
    for await (const event of subscription) {
      if (event.subjectId !== session) continue
      events.push(event)
      tell(event)
      if (LAST.includes(event.kind)) return events
    }
    throw new Error(`The session ${session} did not end within ${PATIENCE_MS / 1_000} s.`)
  }
}
