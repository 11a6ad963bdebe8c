import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Page } from '../ui/page.tsx'
import { TRAINING } from './training-messages.ts'

/** The page of training. */
export function TrainingPage(): ReactNode {
  const t = useText(TRAINING)
  return <Page title={t('title')}>{null}</Page>
}
