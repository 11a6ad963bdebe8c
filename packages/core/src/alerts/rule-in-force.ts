import type { AlertCode, AlertRule, AlertThreshold } from '@preceptor/client'
import { ALERT_CATALOGUE } from './alert-catalogue.ts'
import type { ChangedRule } from './rule-store.ts'
import type { Thresholds } from './standing-rule.ts'

/** A rule as it is in force: what was changed of it, within the bounds of this release, and else as the product has it. */
export function ruleInForce(code: AlertCode, changed: ChangedRule | undefined): AlertRule {
  const { severity, canTurnOff, thresholds } = ALERT_CATALOGUE[code]
  return {
    code,
    severity,
    canTurnOff,
    isOn: changed === undefined || changed.isOn || !canTurnOff,
    thresholds: Object.entries(thresholds).map(([name, { unit, default: usual, min, max }]): AlertThreshold => {
      const value = changed?.thresholds[name] ?? usual
      return { name, unit, value: Math.min(max, Math.max(min, value)), default: usual, min, max }
    }),
    revision: changed?.revision ?? 0,
    changedBy: changed?.changedBy ?? null,
    changedAt: changed?.changedAt ?? null,
    reason: changed?.reason ?? null,
  }
}

/** The numbers of a rule by their names. */
export function thresholdsOf(rule: Pick<AlertRule, 'thresholds'>): Thresholds {
  return Object.fromEntries(rule.thresholds.map(({ name, value }) => [name, value]))
}
