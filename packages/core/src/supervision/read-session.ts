import type {
  Page,
  RecordQuery,
  SessionEvent,
  SessionEventQuery,
  SupervisionSession,
  SupervisionSessionDetail,
} from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { accessOf, authorize, mayRead, visibleArgs } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { readRecords } from '../access/read-records.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { listInterventions } from './intervention-store.ts'
import { listSessionEvents } from './session-event-store.ts'
import { countInFlight, listSteps, shownStep } from './step-store.ts'
import { findSession, listSessions } from './store.ts'

const MOST = 100

/** Reads a session with what happened in it. */
export async function readDetail(tx: Tx, id: string): Promise<SupervisionSessionDetail> {
  const session = await findSession(tx, id)
  if (session === undefined) throw recordNotFound('supervision session', id)
  const query = { session: id, limit: MOST }
  const steps = (await listSteps(tx, query)).map(shownStep)
  return { ...session, inFlight: await countInFlight(tx, id), steps, interventions: await listInterventions(tx, query) }
}

/**
 * Reads a session. An agent sees what was asked of its runs, and not what people wrote about them.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function readSession(
  context: GovernorContext,
  actor: Actor,
  id: string,
): Promise<SupervisionSessionDetail> {
  authorize(actor, 'sessions.get')
  const { workspace } = actor
  const session = await inWorkspace(context.database, { workspace }, async (tx) => {
    const found = await findSession(tx, id)
    if (found === undefined || !mayRead(actor, 'sessions.get', found)) throw recordNotFound('supervision session', id)
    return readDetail(tx, id)
  })
  const steps = session.steps.map((step) => ({
    ...step,
    args: visibleArgs(actor, 'sessions.get', step.args),
    correctedArgs: visibleArgs(actor, 'sessions.get', step.correctedArgs),
  }))
  const interventions = isInternal(actor) ? session.interventions : []
  return { ...visibleSession(actor, session), inFlight: session.inFlight, steps, interventions }
}

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export function readSessions(
  context: GovernorContext,
  actor: Actor,
  query: RecordQuery,
): Promise<Page<SupervisionSession>> {
  const records = readRecords(context, actor, {
    name: 'supervision session',
    operations: { get: 'sessions.get', list: 'sessions.list' },
    find: findSession,
    list: listSessions,
    visible: (who, _operation, session) => visibleSession(who, session),
  })
  return records.list(query)
}

/** What people wrote about a run is theirs. */
function visibleSession<Session extends SupervisionSession>(actor: Actor, session: Session): Session {
  return isInternal(actor) ? session : { ...session, feedback: null }
}

function isInternal(actor: Actor): boolean {
  return accessOf(actor, 'sessions.get') === 'any'
}

const eventQuery = z.strictObject({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

/**
 * Reads the events of a session in order.
 *
 * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function readSessionEvents(
  context: GovernorContext,
  actor: Actor,
  { id, ...asked }: SessionEventQuery & { readonly id: string },
): Promise<{ readonly items: readonly SessionEvent[] }> {
  authorize(actor, 'sessions.events')
  const { after, limit } = parseInput(eventQuery, asked, 'query')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const session = await findSession(tx, id)
    if (session === undefined || !mayRead(actor, 'sessions.events', session)) {
      throw recordNotFound('supervision session', id)
    }
    return { items: await listSessionEvents(tx, { session: id, after, limit }) }
  })
}
