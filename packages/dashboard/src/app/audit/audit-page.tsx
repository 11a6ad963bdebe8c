import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Page } from '../ui/page.tsx'
import { AUDIT } from './audit-messages.ts'

/** The page of the journal. */
export function AuditPage(): ReactNode {
  const t = useText(AUDIT)
  return <Page title={t('title')}>{null}</Page>
}
