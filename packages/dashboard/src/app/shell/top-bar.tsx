import type { ReactNode } from 'react'
import { setPreferences, usePreferences } from '../data/preferences.ts'
import { useSignedIn } from '../data/session-context.ts'
import { MOD } from '../keys/use-keys.ts'
import { Availability } from '../live/availability/availability.tsx'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { AlertBell } from './alert-bell.tsx'
import { Brand } from './brand.tsx'
import { SHELL } from './shell-messages.ts'
import { SignOutButton } from './sign-out-button.tsx'

const NEXT_THEME = { system: 'light', light: 'dark', dark: 'system' } as const
const THEME_SIGNS = { system: '◑', light: '☀', dark: '☾' } as const

interface TopBarProps {
  readonly isStreaming: boolean
  readonly onKeys: () => void
  readonly onSearch: () => void
}

/** What stands above every page: where one is, who one is, and whether the page is up to date. */
export function TopBar({ isStreaming, onKeys, onSearch }: TopBarProps): ReactNode {
  const { identity, isOffline } = useSignedIn()
  const { theme } = usePreferences()
  const t = useText(SHELL)
  const isLive = isStreaming && !isOffline
  return (
    <header className="top">
      <Brand />
      <Button kind="plain" className="top-search" hint={`${MOD} K`} onClick={onSearch}>
        <span className="top-search-sign" aria-hidden="true">
          ⌕
        </span>
        <span className="top-search-text">{t('search')}</span>
      </Button>
      <div className="top-account">
        <span className={isLive ? 'live live-on' : 'live'}>
          <span aria-hidden="true">{isLive ? '●' : '○'}</span>{' '}
          <span className="live-word">{t(isLive ? 'streamOpen' : 'streamClosed')}</span>
        </span>
        <Availability />
        <AlertBell />
        <Button
          kind="quiet"
          aria-label={t('changeTheme', { theme })}
          title={t('theme', { theme })}
          onClick={() => setPreferences({ theme: NEXT_THEME[theme] })}
        >
          <span aria-hidden="true">{THEME_SIGNS[theme]}</span>
        </Button>
        <Button
          kind="quiet"
          aria-label={t('keyboard')}
          title={`${t('keyboard')} (?)`}
          className="wide-only"
          onClick={onKeys}
        >
          <span aria-hidden="true">?</span>
        </Button>
        <span className="top-name" title={t('workspace', { workspace: identity.workspace })}>
          {identity.principal.id}
        </span>
        <SignOutButton />
      </div>
    </header>
  )
}
