import { type Escalation, type EscalationRequest, GovernanceError, type Page, type PageQuery } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { findWebhook } from '../notifications/webhook-store.ts'
import { deleteEscalation, insertEscalation, listEscalations } from './escalation-store.ts'

const name = z.string().min(1).max(128)
const LONGEST_WAIT_MS = 30 * 86_400_000

const input = z.strictObject({
  name: z.string().trim().min(1).max(200),
  match: z
    .strictObject({
      risks: z
        .array(z.enum(['safe', 'medium', 'high', 'critical']))
        .min(1)
        .max(4)
        .exactOptional(),
      action: name.exactOptional(),
      agent: name.exactOptional(),
    })
    .default({}),
  steps: z
    .array(
      z.strictObject({
        afterMs: z.int().min(0).max(LONGEST_WAIT_MS),
        notify: z.union([
          z.strictObject({ role: z.enum(['admin', 'supervisor', 'viewer']) }),
          z.strictObject({ user: z.string().min(1).max(200) }),
          z.strictObject({ webhook: name }),
        ]),
      }),
    )
    .min(1)
    .max(10),
  repeat: z.int().min(0).max(5).default(0),
})

/**
 * Creates an escalation, for the proposals that wait now as well.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function createEscalation(
  context: GovernorContext,
  actor: Actor,
  request: EscalationRequest,
): Promise<Escalation> {
  authorize(actor, 'escalations.create')
  const parsed = parseInput(input, request, 'escalation')
  const createdAt = isoTime(context.clock.now())
  const escalation: Escalation = { ...parsed, id: context.ids.next('esc'), createdBy: actorName(actor), createdAt }
  await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await assertWebhooks(tx, escalation)
    await insertEscalation(tx, escalation)
    const body = { actor: escalation.createdBy, name: redactText(escalation.name), steps: escalation.steps.length }
    await context.journal.append(tx, { kind: 'escalation.created', subject: escalation.id, body })
  })
  return escalation
}

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readEscalations(
  context: GovernorContext,
  actor: Actor,
  query: PageQuery,
): Promise<Page<Escalation>> {
  authorize(actor, 'escalations.list')
  const limit = parseLimit(query.limit)
  const before = cursorTimePlace(query.cursor)
  const escalations = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listEscalations(tx, { before, limit }),
  )
  return pageOf(escalations, limit, ({ createdAt, id }) => [createdAt, id])
}

/** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault. */
export async function removeEscalation(context: GovernorContext, actor: Actor, id: string): Promise<Escalation> {
  authorize(actor, 'escalations.remove')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const removed = await deleteEscalation(tx, id)
    if (removed === undefined) throw recordNotFound('escalation', id)
    await context.journal.append(tx, { kind: 'escalation.removed', subject: id, body: { actor: actorName(actor) } })
    return removed
  })
}

/** What a step names is there, and stays as long as this does. */
async function assertWebhooks(tx: Tx, { steps }: Escalation): Promise<void> {
  for (const [index, { notify }] of steps.entries()) {
    if (!('webhook' in notify) || (await findWebhook(tx, notify.webhook, { hold: true })) !== undefined) continue
    throw new GovernanceError('INPUT_INVALID', {
      message: `escalation.steps.${index}.notify.webhook: there is no such webhook in this workspace.`,
    })
  }
}
