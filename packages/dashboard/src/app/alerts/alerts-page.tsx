import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Page } from '../ui/page.tsx'
import { ALERTS } from './alerts-messages.ts'

/** The page of alerts. */
export function AlertsPage(): ReactNode {
  const t = useText(ALERTS)
  return <Page title={t('title')}>{null}</Page>
}
