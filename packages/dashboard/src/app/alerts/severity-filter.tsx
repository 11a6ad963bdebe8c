import type { AlertSeverity } from '@preceptor/client'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { SelectField } from '../ui/select-field.tsx'
import { SEVERITIES } from './alert-cause.ts'
import { ALERTS } from './alerts-messages.ts'

/** Shows the alerts of one severity, or all; the address holds which. */
export function SeverityFilter(): ReactNode {
  const t = useText(ALERTS)
  const navigate = useNavigate()
  const { state, severity } = useSearch({ from: '/alerts' })
  const show = (chosen: AlertSeverity | 'all'): void =>
    void navigate({
      to: '/alerts',
      search: { ...(state === undefined ? {} : { state }), ...(chosen === 'all' ? {} : { severity: chosen }) },
    })
  return (
    <SelectField<AlertSeverity | 'all'>
      label={t('severity')}
      value={severity ?? 'all'}
      options={[['all', t('anySeverity')], ...SEVERITIES.map((one) => [one, t(one)] as const)]}
      onChange={show}
      isLabelHidden
    />
  )
}
