import {
  type AlertAudience,
  type AlertCode,
  type AlertPreview,
  type AlertRule,
  type AlertRuleChange,
  type AlertSettings,
  type AlertSeverity,
  GovernanceError,
} from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { parseReason } from '../access/parse-reason.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { ALERT_CATALOGUE, ALERT_CODES, isAlertCode } from './alert-catalogue.ts'
import { listCauses } from './cause-store.ts'
import { causesNow, type FindingRule } from './check-alerts.ts'
import { ruleInForce, thresholdsOf } from './rule-in-force.ts'
import {
  type ChangedRule,
  isReceiver,
  listAudiences,
  readChangedRules,
  writeAudience,
  writeRule,
} from './rule-store.ts'
import type { Thresholds } from './standing-rule.ts'

const MOST_COUNTED = 1_000
const MOST_SHOWN = 10

const codeInput = z.custom<AlertCode>((code) => typeof code === 'string' && isAlertCode(code), 'no code of an alert')
const revision = z.int().min(0).max(1_000_000)

/** @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault. */
export async function readAlertSettings(context: GovernorContext, actor: Actor): Promise<AlertSettings> {
  authorize(actor, 'alerts.settings')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const changed = await readChangedRules(tx)
    return {
      rules: ALERT_CODES.map((code) => ruleInForce(code, changed.get(code))),
      audiences: await listAudiences(tx),
    }
  })
}

/**
 * Changes a rule, with its journal row; what is left out is as the product has it.
 *
 * @throws GovernanceError `CONFLICT` when another change came in between, `INPUT_INVALID` naming the bounds,
 * `PERMISSION_DENIED`, or the code of a fault.
 */
export async function changeAlertRule(
  context: GovernorContext,
  actor: Actor,
  { code: given, change }: { readonly code: AlertCode; readonly change: AlertRuleChange },
): Promise<AlertRule> {
  authorize(actor, 'alerts.change_rule')
  const code = parseInput(codeInput, given, 'code')
  const schema = z.strictObject({
    isOn: z.boolean().default(true),
    thresholds: thresholdsInput(code),
    basedOn: revision,
    reason: z.unknown(),
  })
  const { isOn, thresholds, basedOn, reason } = parseInput(schema, change, 'rule')
  if (!isOn && !ALERT_CATALOGUE[code].canTurnOff) {
    throw new GovernanceError('INPUT_INVALID', {
      message: `rule.isOn: ${code} cannot be turned off, because safety could be lost without anybody knowing.`,
      hint: 'Mute what it is about while somebody looks at it.',
    })
  }
  const rule: ChangedRule = {
    code,
    isOn,
    thresholds: chosen(thresholds),
    revision: basedOn + 1,
    reason: parseReason(reason),
    changedBy: actorName(actor),
    changedAt: isoTime(context.clock.now()),
  }
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const before = (await readChangedRules(tx)).get(code)
    const written = (before?.revision ?? 0) === basedOn ? await writeRule(tx, rule) : undefined
    if (written === undefined) throw await movedOn(tx, code, basedOn)
    await context.journal.append(tx, {
      kind: 'alert_rule.changed',
      subject: `alert_rule:${code}`,
      body: {
        actor: rule.changedBy,
        code,
        reason: rule.reason,
        before: told(code, before),
        after: told(code, written),
      },
    })
    return ruleInForce(code, written)
  })
}

/**
 * Says what a rule would raise now, whether it is on or not, muted or open already; nothing is raised.
 *
 * @throws GovernanceError `INPUT_INVALID` naming the bounds, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function previewAlertRule(
  context: GovernorContext,
  actor: Actor,
  asked: {
    readonly code: AlertCode
    readonly change: Pick<AlertRuleChange, 'thresholds'>
    /** Rules of other folders. */
    readonly more: readonly FindingRule[]
  },
): Promise<AlertPreview> {
  authorize(actor, 'alerts.preview_rule')
  const code = parseInput(codeInput, asked.code, 'code')
  const schema = z.strictObject({ thresholds: thresholdsInput(code) })
  const thresholds = chosen(parseInput(schema, asked.change, 'rule').thresholds)
  const rule = ruleInForce(code, undefined)
  const wanted = { ...thresholdsOf(rule), ...thresholds }
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const found = await causesNow(context, tx, { code, thresholds: wanted, more: asked.more })
    if (found === undefined) return { code, count: 0, causes: [] }
    const causes = await listCauses(tx, found.causes, MOST_COUNTED)
    const shown = causes.slice(0, MOST_SHOWN).map(({ subject, agent, facts }) => ({
      subjectId: subject,
      agent,
      message: found.message(facts),
    }))
    return { code, count: causes.length, causes: shown }
  })
}

/**
 * Says from which severity on a channel or webhook is told of alerts, with its journal row.
 *
 * @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function tellFrom(
  context: GovernorContext,
  actor: Actor,
  { target, from: given }: { readonly target: string; readonly from: AlertSeverity },
): Promise<AlertAudience> {
  authorize(actor, 'alerts.tell')
  const from = parseInput(z.enum(['info', 'warning', 'critical']), given, 'from')
  const audience = { target, from, changedBy: actorName(actor), changedAt: isoTime(context.clock.now()) }
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    if (!(await isReceiver(tx, target))) throw recordNotFound('webhook or channel', target)
    await writeAudience(tx, audience)
    await context.journal.append(tx, {
      kind: 'alert_audience.changed',
      subject: target,
      body: { actor: audience.changedBy, target, from },
    })
    return audience
  })
}

/** The numbers of a rule, each within its bounds. */
function thresholdsInput(code: AlertCode): z.ZodType<Readonly<Record<string, number | undefined>>> {
  const fields = Object.entries(ALERT_CATALOGUE[code].thresholds).map(([name, { unit, min, max }]) => {
    const bounds = `must be a whole number from ${min} to ${max} (${unit})`
    return [name, z.int({ error: bounds }).min(min, bounds).max(max, bounds).optional()] as const
  })
  return z.strictObject(Object.fromEntries(fields)).default({})
}

function chosen(thresholds: Readonly<Record<string, number | undefined>>): Thresholds {
  return Object.fromEntries(
    Object.entries(thresholds).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  )
}

function told(
  code: AlertCode,
  changed: ChangedRule | undefined,
): { readonly isOn: boolean; readonly thresholds: Record<string, number> } {
  const rule = ruleInForce(code, changed)
  return { isOn: rule.isOn, thresholds: { ...thresholdsOf(rule) } }
}

async function movedOn(tx: Tx, code: AlertCode, basedOn: number): Promise<GovernanceError> {
  const present = (await readChangedRules(tx)).get(code)?.revision ?? 0
  return new GovernanceError('CONFLICT', {
    message: `The rule ${code} is at revision ${present}, not ${basedOn}.`,
    hint: 'Read the present rule and apply the change to it.',
    details: { revision: present },
  })
}
