import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Page } from '../ui/page.tsx'
import { WORKFLOWS } from './workflows-messages.ts'

/** The page of workflows. */
export function WorkflowsPage(): ReactNode {
  const t = useText(WORKFLOWS)
  return <Page title={t('title')}>{null}</Page>
}
