import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Page } from '../ui/page.tsx'
import { LIVE } from './live-messages.ts'

/** The page of supervision. */
export function LivePage(): ReactNode {
  const t = useText(LIVE)
  return <Page title={t('title')}>{null}</Page>
}
