import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Page } from '../ui/page.tsx'
import { LEARNING } from './learning-messages.ts'

/** The page of learning. */
export function LearningPage(): ReactNode {
  const t = useText(LEARNING)
  return <Page title={t('title')}>{null}</Page>
}
