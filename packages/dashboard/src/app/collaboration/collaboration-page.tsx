import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Page } from '../ui/page.tsx'
import { COLLABORATION } from './collaboration-messages.ts'

/** The page of collaboration. */
export function CollaborationPage(): ReactNode {
  const t = useText(COLLABORATION)
  return <Page title={t('title')}>{null}</Page>
}
