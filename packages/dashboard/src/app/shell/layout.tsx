import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { createContext, type ReactNode, useContext, useRef, useState } from 'react'
import { type Live, useLiveEvents } from '../data/live.ts'
import { setPreferences, usePreferences } from '../data/preferences.ts'
import { useSignedIn } from '../data/session-context.ts'
import { ShortcutSheet } from '../keys/shortcut-sheet.tsx'
import { useKeys } from '../keys/use-keys.ts'
import { Button } from '../ui/button.tsx'
import { Brand } from './brand.tsx'

const LiveContext = createContext<Live>({ isOpen: false, arrived: new Set(), clear: () => undefined })

/** What arrives while the page is open. */
export function useLive(): Live {
  return useContext(LiveContext)
}

const SEQUENCE_MS = 1_000

/** The frame around every page. */
export function Layout(): ReactNode {
  const { scope } = useSignedIn()
  const live = useLiveEvents(scope)
  const [isSheetOpen, setSheetOpen] = useState(false)
  const navigate = useNavigate()
  const went = useRef(0)
  useKeys({
    '?': () => setSheetOpen(true),
    g: () => {
      went.current = Date.now()
    },
    i: () => {
      if (Date.now() - went.current < SEQUENCE_MS) void navigate({ to: '/inbox', search: {} })
    },
  })
  return (
    <LiveContext value={live}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="top">
        <Brand />
        <nav aria-label="Pages" className="top-pages">
          <Link to="/inbox" search={{}} className="top-page">
            Inbox
          </Link>
        </nav>
        <Account live={live} onKeys={() => setSheetOpen(true)} />
      </header>
      <Outlet />
      <ShortcutSheet isOpen={isSheetOpen} onClose={() => setSheetOpen(false)} />
    </LiveContext>
  )
}

const NEXT_THEME = { system: 'light', light: 'dark', dark: 'system' } as const
const THEME_SIGNS = { system: '◑', light: '☀', dark: '☾' } as const

function Account({ live, onKeys }: { readonly live: Live; readonly onKeys: () => void }): ReactNode {
  const { identity, isOffline, signOut } = useSignedIn()
  const { theme } = usePreferences()
  const isLive = live.isOpen && !isOffline
  return (
    <div className="top-account">
      <span className={isLive ? 'live live-on' : 'live'}>
        <span aria-hidden="true">{isLive ? '●' : '○'}</span>{' '}
        <span className="live-word">{isLive ? 'live' : 'connecting'}</span>
      </span>
      <Button
        kind="quiet"
        aria-label={`Theme: ${theme}. Change it`}
        title={`Theme: ${theme}`}
        onClick={() => setPreferences({ theme: NEXT_THEME[theme] })}
      >
        <span aria-hidden="true">{THEME_SIGNS[theme]}</span>
      </Button>
      <Button kind="quiet" aria-label="Keyboard" title="Keyboard (?)" className="wide-only" onClick={onKeys}>
        <span aria-hidden="true">?</span>
      </Button>
      <span className="top-name" title={`Workspace ${identity.workspace}`}>
        {identity.principal.id}
      </span>
      <Button kind="quiet" onClick={signOut}>
        Sign out
      </Button>
    </div>
  )
}
