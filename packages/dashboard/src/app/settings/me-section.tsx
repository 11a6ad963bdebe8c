import { visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { noticesAllowed, setNoticesWanted, useNoticesWanted } from '../data/notices.ts'
import { setPreferences, usePreferences } from '../data/preferences.ts'
import { useSignedIn } from '../data/session-context.ts'
import { MOD } from '../keys/use-keys.ts'
import { LANGUAGE_NAMES } from '../text/languages.ts'
import { useText } from '../text/use-text.ts'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { Panel } from '../ui/page.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { ME } from './me-messages.ts'
import { Section } from './section.tsx'

const THEMES = ['system', 'light', 'dark'] as const

/** What a person sets up for this browser. */
export function MeSection(): ReactNode {
  const t = useText(ME)
  const { theme, shortcuts, language } = usePreferences()
  const { identity } = useSignedIn()
  const { principal, workspace } = identity
  return (
    <Section title={t('title')} intro={t('intro')}>
      <Panel title={t('look')} className="stack">
        <ChoiceChips
          legend={t('theme')}
          options={THEMES.map((value) => [value, t(value)] as const)}
          value={theme}
          onChange={(chosen) => setPreferences({ theme: chosen })}
        />
        <SelectField
          label={t('language')}
          value={language}
          options={LANGUAGE_NAMES.map((name) => [name, name] as const)}
          onChange={(chosen) => setPreferences({ language: chosen })}
        />
        <p className="muted small">{t('languageHint')}</p>
      </Panel>
      <Panel title={t('keyboard')} className="stack">
        <label className="check">
          <input
            type="checkbox"
            checked={shortcuts}
            onChange={(event) => setPreferences({ shortcuts: event.target.checked })}
          />
          {t('keys')}
        </label>
        <p className="muted small">{t('keysHint', { mod: MOD })}</p>
      </Panel>
      <Notices />
      <Panel title={t('who')}>
        <dl className="facts">
          <dt>{t('signedInAs')}</dt>
          <dd>{visibleText(principal.id)}</dd>
          <dt>{t('roles')}</dt>
          <dd>{principal.roles.join(', ') || '—'}</dd>
          <dt>{t('workspace')}</dt>
          <dd>{visibleText(workspace)}</dd>
        </dl>
      </Panel>
    </Section>
  )
}

function Notices(): ReactNode {
  const t = useText(ME)
  const isWanted = useNoticesWanted()
  const [permission, setPermission] = useState(noticesAllowed)
  const change = async (wanted: boolean): Promise<void> => {
    const answer = wanted && permission === 'default' ? await Notification.requestPermission() : permission
    setPermission(answer)
    setNoticesWanted(wanted && answer === 'granted')
  }
  return (
    <Panel title={t('notices')} className="stack">
      <label className="check">
        <input
          type="checkbox"
          checked={isWanted && permission === 'granted'}
          disabled={permission === 'none' || permission === 'denied'}
          onChange={(event) => void change(event.target.checked)}
        />
        {t('noticesOn')}
      </label>
      <p className="muted small">{t('noticesHint')}</p>
      {permission === 'denied' ? <p className="muted">{t('noticesDenied')}</p> : null}
      {permission === 'none' ? <p className="muted">{t('noticesNone')}</p> : null}
    </Panel>
  )
}
