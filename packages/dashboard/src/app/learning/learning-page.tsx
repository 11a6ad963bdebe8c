import '../styles/learning.css'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Installed } from '../ui/installed.tsx'
import { Page, PageTabs } from '../ui/page.tsx'
import { LEARNING } from './learning-messages.ts'

const PARTS = ['insights', 'examples', 'sessions', 'playbooks', 'experiments', 'predictions'] as const

interface LearningPageProps {
  readonly part: (typeof PARTS)[number]
  /** Of one record; the name of the part otherwise. */
  readonly title?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** What all pages of learning have. */
export function LearningPage({ part, title, actions, children }: LearningPageProps): ReactNode {
  const t = useText(LEARNING)
  const tabs = (
    <PageTabs label={t('parts')}>
      {PARTS.map((name) => (
        <Link key={name} to={`/learning/${name}`} search={{}} className={name === part ? 'active' : ''}>
          {t(name)}
        </Link>
      ))}
    </PageTabs>
  )
  return (
    <Page title={title ?? t('title')} actions={actions} tabs={tabs}>
      <Installed feature="learning">{children}</Installed>
    </Page>
  )
}
