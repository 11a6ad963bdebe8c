import '../styles/settings.css'
import { Link, useParams } from '@tanstack/react-router'
import { type ComponentType, type LazyExoticComponent, lazy, type ReactNode, Suspense } from 'react'
import { NotFound } from '../shell/not-found.tsx'
import { useText } from '../text/use-text.ts'
import { Page } from '../ui/page.tsx'
import { UI } from '../ui/ui-messages.ts'
import { SECTION_GROUPS, type SectionName, sectionNamed } from './sections.ts'
import { SETTINGS } from './settings-messages.ts'

const section = <Name extends string>(
  load: () => Promise<Readonly<Record<Name, ComponentType>>>,
  name: Name,
): LazyExoticComponent<ComponentType> => lazy(async () => ({ default: (await load())[name] }))

const SECTIONS: Readonly<Record<SectionName, LazyExoticComponent<ComponentType>>> = {
  policies: section(() => import('./policy-section.tsx'), 'PolicySection'),
  shadow: section(() => import('./shadow-section.tsx'), 'ShadowSection'),
  actions: section(() => import('./action-section.tsx'), 'ActionSection'),
  grants: section(() => import('./grant-section.tsx'), 'GrantSection'),
  stops: section(() => import('./stop-section.tsx'), 'StopSection'),
  alerts: section(() => import('./alert-section.tsx'), 'AlertSection'),
  members: section(() => import('./member-section.tsx'), 'MemberSection'),
  escalations: section(() => import('./escalation-section.tsx'), 'EscalationSection'),
  reviewers: section(() => import('./reviewer-section.tsx'), 'ReviewerSection'),
  notifications: section(() => import('./webhook-section.tsx'), 'WebhookSection'),
  keys: section(() => import('./key-section.tsx'), 'KeySection'),
  me: section(() => import('./me-section.tsx'), 'MeSection'),
  about: section(() => import('./about-section.tsx'), 'AboutSection'),
}

/** The settings of the workspace, one section at a time. */
export function SettingsPage(): ReactNode {
  const t = useText(SETTINGS)
  const ui = useText(UI)
  const { section: asked } = useParams({ from: '/settings/$section' })
  const name = sectionNamed(asked)
  if (name === undefined) return <NotFound />
  const Section = SECTIONS[name]
  return (
    <Page title={t('title')}>
      <div className="settings">
        <SectionList />
        <div className="stack settings-section">
          <Suspense key={name} fallback={<p className="muted waiting">{ui('reading')}</p>}>
            <Section />
          </Suspense>
        </div>
      </div>
    </Page>
  )
}

function SectionList(): ReactNode {
  const t = useText(SETTINGS)
  return (
    <nav aria-label={t('sections')} className="settings-nav">
      {SECTION_GROUPS.map(([group, sections]) => (
        <div key={group} className="settings-group">
          <p className="settings-group-name">{t(group)}</p>
          <ul>
            {sections.map((name) => (
              <li key={name}>
                <Link to="/settings/$section" params={{ section: name }} search={{}} className="settings-link">
                  {t(name)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
