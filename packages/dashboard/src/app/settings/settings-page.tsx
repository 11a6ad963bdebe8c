import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Page } from '../ui/page.tsx'
import { SETTINGS } from './settings-messages.ts'

/** The page of settings. */
export function SettingsPage(): ReactNode {
  const t = useText(SETTINGS)
  return <Page title={t('title')}>{null}</Page>
}
