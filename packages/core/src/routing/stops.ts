import { GovernanceError, type Page, type PageQuery, type Stop, type StopRequest } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { parseReason } from '../access/parse-reason.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type TransactionScope, type Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { findStop, insertStop, liftStop, listStops } from './stop-store.ts'

const input = z.discriminatedUnion('target', [
  z.strictObject({ target: z.literal('agent'), agent: z.string().min(1).max(128), reason: z.string() }),
  z.strictObject({ target: z.literal('workspace'), reason: z.string() }),
  z.strictObject({ target: z.literal('all'), reason: z.string() }),
])

/**
 * Sets a kill switch. What runs from now on is denied in every process within a second; claims at once.
 *
 * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND` for an unknown agent, `PERMISSION_DENIED`, or the code of a
 * fault.
 */
export async function setStop(context: GovernorContext, actor: Actor, request: StopRequest): Promise<Stop> {
  const parsed = parseInput(input, request, 'stop')
  const reason = parseReason(parsed.reason)
  authorize(actor, parsed.target === 'all' ? 'stops.set_all' : 'stops.set')
  const agent = parsed.target === 'agent' ? parsed.agent : null
  return inWorkspace(context.database, scopeOf(actor, parsed.target), async (tx) => {
    if (agent !== null) await getAgent(tx, agent)
    const id = context.ids.next('stp')
    const setAt = isoTime(context.clock.now())
    await insertStop(tx, { id, target: parsed.target, agent, reason, setBy: actorName(actor), setAt })
    await context.journal.append(tx, {
      kind: 'stop.set',
      subject: id,
      ...(agent === null ? {} : { agent }),
      body: { actor: actorName(actor), target: parsed.target, reason: redactText(reason) },
    })
    return getStop(tx, id)
  })
}

/**
 * Lifts a kill switch.
 *
 * @throws GovernanceError `NOT_FOUND`, `CONFLICT` when it was lifted before, `PERMISSION_DENIED`, `INPUT_INVALID`, or
 * the code of a fault.
 */
export async function liftStopOf(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<Stop> {
  authorize(actor, 'stops.lift')
  const reason = parseReason(request.reason)
  const { target } = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    getStop(tx, request.id),
  )
  if (target === 'all') authorize(actor, 'stops.lift_all')
  return inWorkspace(context.database, scopeOf(actor, target), async (tx) => {
    const at = isoTime(context.clock.now())
    if (!(await liftStop(tx, request.id, { by: actorName(actor), at, reason }))) {
      throw new GovernanceError('CONFLICT', { message: `The stop ${request.id} was lifted before.` })
    }
    await context.journal.append(tx, {
      kind: 'stop.lifted',
      subject: request.id,
      body: { actor: actorName(actor), reason: redactText(reason) },
    })
    return getStop(tx, request.id)
  })
}

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readStops(context: GovernorContext, actor: Actor, query: PageQuery): Promise<Page<Stop>> {
  authorize(actor, 'stops.list')
  const limit = parseLimit(query.limit)
  const before = cursorTimePlace(query.cursor)
  const stops = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listStops(tx, { before, limit }),
  )
  return pageOf(stops, limit, ({ setAt, id }) => [setAt, id])
}

async function getStop(tx: Tx, id: string): Promise<Stop> {
  const stop = await findStop(tx, id)
  if (stop === undefined)
    throw new GovernanceError('NOT_FOUND', { message: `There is no stop ${JSON.stringify(id.slice(0, 60))}.` })
  return stop
}

/** A stop of everything stands outside the workspaces, where only the system role writes. */
function scopeOf(actor: Actor, target: Stop['target']): TransactionScope {
  return target === 'all' ? { workspace: '*', role: 'system' } : { workspace: actor.workspace }
}
