import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { BypassPanel } from './bypass-panel.tsx'
import { Section } from './section.tsx'
import { STOPS } from './stop-messages.ts'
import { StopPanel } from './stop-panel.tsx'

/** Kill switches and emergency overrides. */
export function StopSection(): ReactNode {
  const t = useText(STOPS)
  return (
    <Section title={t('title')} intro={t('intro')}>
      <StopPanel />
      <BypassPanel />
    </Section>
  )
}
