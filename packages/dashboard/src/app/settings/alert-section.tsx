import type { AlertRule, AlertThreshold } from '@preceptor/client'
import { visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ALERTS } from '../alerts/alerts-messages.ts'
import { SeverityBadge } from '../alerts/severity-badge.tsx'
import { personText, timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Reading } from '../ui/reading.tsx'
import { AlertAudiences } from './alert-audiences.tsx'
import { ALERT_RULES } from './alert-messages.ts'
import { AlertRuleDialog } from './alert-rule-dialog.tsx'
import { Section } from './section.tsx'
import { SETTINGS } from './settings-messages.ts'

/** When alerts are raised, and who is told of which. */
export function AlertSection(): ReactNode {
  const t = useText(ALERT_RULES)
  const { scope } = useSignedIn()
  const { administers } = usePowers()
  const [changing, setChanging] = useState<AlertRule | null>(null)
  const settings = useQuery({ queryKey: ['alerts', 'settings'], queryFn: () => scope.alerts.settings() })
  const columns = useColumns(administers ? setChanging : null)
  return (
    <Section title={t('title')} intro={t('intro')}>
      <Reading query={settings}>
        {({ rules, audiences }) => (
          <>
            <DataTable caption={t('caption')} rows={rules} keyOf={({ code }) => code} columns={columns} />
            {administers ? <AlertAudiences audiences={audiences} /> : null}
          </>
        )}
      </Reading>
      {changing === null ? null : <AlertRuleDialog rule={changing} onClose={() => setChanging(null)} />}
    </Section>
  )
}

function useColumns(onChange: ((rule: AlertRule) => void) | null): readonly Column<AlertRule>[] {
  const t = useText(ALERT_RULES)
  const s = useText(SETTINGS)
  const name = useText(ALERTS)
  const acting: Column<AlertRule> = {
    key: 'do',
    title: s('do'),
    cell: (rule) =>
      rule.thresholds.length === 0 && !rule.canTurnOff ? null : (
        <Button kind="quiet" onClick={() => onChange?.(rule)}>
          {t('change')}
          <span className="visually-hidden">: {name(rule.code)}</span>
        </Button>
      ),
  }
  return [
    {
      key: 'rule',
      title: t('rule'),
      cell: ({ code, changedBy, changedAt }) => (
        <>
          <strong>{name(code)}</strong>
          {changedBy === null || changedAt === null ? null : (
            <p className="muted small">
              {t('changed', { who: visibleText(personText(changedBy)), time: timeText(changedAt) })}
            </p>
          )}
        </>
      ),
    },
    { key: 'severity', title: t('severity'), cell: ({ severity }) => <SeverityBadge severity={severity} /> },
    { key: 'numbers', title: t('numbers'), cell: ({ thresholds }) => <Numbers thresholds={thresholds} /> },
    {
      key: 'on',
      title: s('state'),
      cell: ({ isOn, canTurnOff }) =>
        canTurnOff ? (
          <span className={`badge tone-${isOn ? 'good' : 'quiet'}`}>{t(isOn ? 'on' : 'off')}</span>
        ) : (
          <span title={t('alwaysWhy')}>{t('always')}</span>
        ),
    },
    ...(onChange === null ? [] : [acting]),
  ]
}

function Numbers({ thresholds }: Pick<AlertRule, 'thresholds'>): ReactNode {
  const t = useText(ALERT_RULES)
  if (thresholds.length === 0) return <span className="muted">{t('noNumbers')}</span>
  return (
    <ul>
      {thresholds.map((threshold) => (
        <li key={threshold.name}>
          <Value threshold={threshold} />{' '}
          <span className="muted small">({t('bounds', { min: threshold.min, max: threshold.max })})</span>
        </li>
      ))}
    </ul>
  )
}

function Value({ threshold: { unit, value } }: { readonly threshold: AlertThreshold }): ReactNode {
  const t = useText(ALERT_RULES)
  return t(`${unit}Text`, { value })
}
