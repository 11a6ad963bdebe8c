import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Page } from '../ui/page.tsx'
import { ANALYTICS } from './analytics-messages.ts'

/** The page of analytics. */
export function AnalyticsPage(): ReactNode {
  const t = useText(ANALYTICS)
  return <Page title={t('title')}>{null}</Page>
}
