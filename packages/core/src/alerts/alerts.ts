import { type Alert, type AlertQuery, GovernanceError, type Page } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { agentFilter, authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { codesOf } from './alert-catalogue.ts'
import { acknowledgeAlertRow, findAlert, listAlerts, muteAlertRow } from './alert-store.ts'

const state = z.enum(['open', 'cleared']).optional()
const severity = z.enum(['info', 'warning', 'critical']).optional()
const time = z.iso.datetime({ offset: true })
const LONGEST_MUTE_MS = 30 * 86_400_000

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readAlerts(context: GovernorContext, actor: Actor, query: AlertQuery): Promise<Page<Alert>> {
  authorize(actor, 'alerts.list')
  const limit = parseLimit(query.limit)
  const before = cursorTimePlace(query.cursor)
  const wanted = parseInput(state, query.state, 'state')
  const open = wanted === undefined ? null : wanted === 'open'
  const wantedSeverity = parseInput(severity, query.severity, 'severity')
  const codes = wantedSeverity === undefined ? null : codesOf(wantedSeverity)
  const alerts = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listAlerts(tx, { open, codes, only: agentFilter(actor), before, limit }),
  )
  return pageOf(alerts, limit, ({ raisedAt, id }) => [raisedAt, id])
}

/**
 * Notes that the caller looks at an alert; where somebody does already nothing changes.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function acknowledgeAlert(context: GovernorContext, actor: Actor, id: string): Promise<Alert> {
  authorize(actor, 'alerts.acknowledge')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const changed = await acknowledgeAlertRow(tx, id, actorName(actor))
    const alert = changed ?? (await findAlert(tx, id))
    if (alert === undefined) throw recordNotFound('alert', id)
    if (changed === undefined) return alert
    const body = { actor: actorName(actor), code: alert.code, about: alert.subjectId }
    await context.journal.append(tx, { kind: 'alert.acknowledged', subject: id, body })
    return alert
  })
}

/**
 * Lets what an alert is about not be raised again until a time, at most 30 days from now.
 *
 * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function muteAlert(
  context: GovernorContext,
  actor: Actor,
  { id, until }: { readonly id: string; readonly until: string },
): Promise<Alert> {
  authorize(actor, 'alerts.mute')
  const now = context.clock.now()
  const end = Date.parse(parseInput(time, until, 'until'))
  if (!(end > now && end <= now + LONGEST_MUTE_MS)) {
    throw new GovernanceError('INPUT_INVALID', { message: 'until: a time within the next 30 days is needed.' })
  }
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const alert = await muteAlertRow(tx, id, isoTime(end))
    if (alert === undefined) throw recordNotFound('alert', id)
    const body = { actor: actorName(actor), code: alert.code, about: alert.subjectId, until: isoTime(end) }
    await context.journal.append(tx, { kind: 'alert.muted', subject: id, body })
    return alert
  })
}
