import type { AlertCode } from '@preceptor/client'
import type { SQL } from 'drizzle-orm'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { presenceMoment } from '../presence/presence-moment.ts'
import { knownCauses, listGoneCauses, listNewCauses, NO_CAUSES } from './cause-store.ts'
import { clearAlert, raiseAlert } from './raise-alert.ts'
import { ruleInForce, thresholdsOf } from './rule-in-force.ts'
import { readChangedRules } from './rule-store.ts'
import type { Cause, RuleMoment, StandingRule, Thresholds } from './standing-rule.ts'
import { FOUND_MESSAGES, QUICK_RULES, SLOW_RULES } from './standing-rules.ts'
import { findUnusualAgents } from './unusual-agents.ts'

const BATCH = 100

/** A rule whose causes are found otherwise than by a query, and what alerts about them say. */
export interface FindingRule {
  readonly code: keyof typeof FOUND_MESSAGES
  readonly find: (tx: Tx, moment: RuleMoment) => Promise<readonly Cause[]>
}

/** The rule of agents that are far from their own past. */
const UNUSUAL: FindingRule = { code: 'AGENT_UNUSUAL', find: findUnusualAgents }

/**
 * Looks at what people and workers wait for: raises an alert for each cause that holds, unless one is open or muted, and clears
 * those whose cause is gone. Harmless when it runs twice at once.
 */
export async function checkAlerts(context: GovernorContext, workspace: string): Promise<void> {
  await inWorkspace(context.database, { workspace }, (tx) => settleAll(context, tx, QUICK_RULES))
}

/** The same for what takes minutes to days, each rule in a transaction of its own; `more` are rules of other folders. */
export async function checkSlowAlerts(
  context: GovernorContext,
  workspace: string,
  more: readonly FindingRule[] = [],
): Promise<void> {
  const settle = (use: (tx: Tx) => Promise<void>): Promise<void> => inWorkspace(context.database, { workspace }, use)
  for (const rule of SLOW_RULES) await settle((tx) => settleAll(context, tx, [rule]))
  for (const rule of [UNUSUAL, ...more]) await settle((tx) => settleFound(context, tx, rule))
}

/** The same for what is looked at once a day. */
export async function checkDailyAlerts(
  context: GovernorContext,
  workspace: string,
  rules: readonly FindingRule[],
): Promise<void> {
  for (const rule of rules) {
    await inWorkspace(context.database, { workspace }, (tx) => settleFound(context, tx, rule))
  }
}

async function settleAll(context: GovernorContext, tx: Tx, rules: readonly StandingRule[]): Promise<void> {
  const momentOf = await momentsOf(context, tx)
  for (const rule of rules) {
    const moment = momentOf(rule.code)
    const { message } = rule
    await settle(context, tx, {
      code: rule.code,
      causes: moment === undefined ? NO_CAUSES : rule.causes(tx, moment),
      message: message && moment && ((facts) => message(facts, moment.thresholds)),
    })
  }
}

async function settleFound(context: GovernorContext, tx: Tx, { code, find }: FindingRule): Promise<void> {
  const moment = (await momentsOf(context, tx))(code)
  const causes = moment === undefined ? NO_CAUSES : knownCauses(await find(tx, moment))
  await settle(context, tx, { code, causes, message: FOUND_MESSAGES[code] })
}

/**
 * What a rule finds now with some numbers, and what would be said of it; undefined where alerts are raised by what happens.
 */
export async function causesNow(
  context: GovernorContext,
  tx: Tx,
  asked: { readonly code: AlertCode; readonly thresholds: Thresholds; readonly more: readonly FindingRule[] },
): Promise<{ readonly causes: SQL; readonly message: (facts: Cause['facts']) => string } | undefined> {
  const { code, thresholds } = asked
  const moment = { ...(await commonMoment(context, tx)), thresholds }
  const finding = [UNUSUAL, ...asked.more].find((rule) => rule.code === code)
  if (finding !== undefined) {
    return { causes: knownCauses(await finding.find(tx, moment)), message: FOUND_MESSAGES[finding.code] }
  }
  const rule = [...QUICK_RULES, ...SLOW_RULES].find((one) => one.code === code)
  const message = rule?.message
  if (rule === undefined || message === undefined) return undefined
  return { causes: rule.causes(tx, moment), message: (facts) => message(facts, thresholds) }
}

/** What the rule of a code is held against now; undefined where it is turned off. */
async function momentsOf(context: GovernorContext, tx: Tx): Promise<(code: AlertCode) => RuleMoment | undefined> {
  const changed = await readChangedRules(tx)
  const common = await commonMoment(context, tx)
  return (code) => {
    const rule = ruleInForce(code, changed.get(code))
    return rule.isOn ? { ...common, thresholds: thresholdsOf(rule) } : undefined
  }
}

async function commonMoment(context: GovernorContext, tx: Tx): Promise<Omit<RuleMoment, 'thresholds'>> {
  const { separationOfDuties = true } = await newestPolicyDocument(tx)
  return { now: context.clock.now(), separationOfDuties, presence: presenceMoment(context) }
}

interface Settling {
  readonly code: AlertCode
  readonly causes: SQL
  readonly message: ((facts: Cause['facts']) => string) | undefined
}

async function settle(context: GovernorContext, tx: Tx, { code, causes, message }: Settling): Promise<void> {
  for (const subject of await listGoneCauses(tx, { code, causes })) await clearAlert(context, tx, { code, subject })
  if (message === undefined) return
  const at = isoTime(context.clock.now())
  for (const { subject, agent, facts } of await listNewCauses(tx, { code, causes, at, limit: BATCH })) {
    await raiseAlert(context, tx, { code, subject, agent, message: message(facts) })
  }
}
