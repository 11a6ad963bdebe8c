import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { UI } from './ui-messages.ts'

interface InstalledProps {
  /** Name of the plugin that the host must have. */
  readonly feature: string
  readonly children: ReactNode
}

/** What a plugin of the host brings; says so where the host does not have it. */
export function Installed({ feature, children }: InstalledProps): ReactNode {
  const { features } = useSignedIn()
  const t = useText(UI)
  return features.includes(feature) ? children : <p className="muted waiting">{t('notInstalled')}</p>
}
