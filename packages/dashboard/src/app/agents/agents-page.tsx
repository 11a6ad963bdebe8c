import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Page } from '../ui/page.tsx'
import { AGENTS } from './agents-messages.ts'

/** The page of agents. */
export function AgentsPage(): ReactNode {
  const t = useText(AGENTS)
  return <Page title={t('title')}>{null}</Page>
}
