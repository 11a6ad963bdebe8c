import { Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import { EventFeedContext } from '../data/events.ts'
import { LiveContext, useLiveEvents } from '../data/live.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { Navigation, usePages } from './navigation.tsx'
import { SHELL } from './shell-messages.ts'
import { TopBar } from './top-bar.tsx'

// Nobody waits for these to read what is in the inbox.
const ShortcutSheet = lazy(() => import('../keys/shortcut-sheet.tsx').then((file) => ({ default: file.ShortcutSheet })))
const Palette = lazy(() => import('./palette.tsx').then((file) => ({ default: file.Palette })))

const SEQUENCE_MS = 1_000

/** The frame around every page. */
export function Layout(): ReactNode {
  const { scope } = useSignedIn()
  const t = useText(SHELL)
  const live = useLiveEvents(scope)
  const [open, setOpen] = useState<'sheet' | 'palette' | null>(null)
  const close = (): void => setOpen(null)
  useGoKeys()
  useKeys({ '?': () => setOpen('sheet'), 'mod+k': () => setOpen('palette') })
  return (
    <LiveContext value={live}>
      <EventFeedContext value={live}>
        <a className="skip" href="#main">
          {t('skip')}
        </a>
        <TopBar isStreaming={live.isOpen} onKeys={() => setOpen('sheet')} onSearch={() => setOpen('palette')} />
        <div className="frame">
          <Navigation />
          <div className="frame-page">
            <Outlet />
          </div>
        </div>
        <Suspense>
          {open === 'sheet' ? <ShortcutSheet isOpen onClose={close} /> : null}
          {open === 'palette' ? <Palette onClose={close} /> : null}
        </Suspense>
      </EventFeedContext>
    </LiveContext>
  )
}

/** G and a letter after it lead to a page. */
function useGoKeys(): void {
  const navigate = useNavigate()
  const pages = usePages()
  const went = useRef(Number.NEGATIVE_INFINITY)
  const keys = pages.flatMap(({ key, path }) => {
    if (key === undefined) return []
    const go = (): boolean => {
      const isSequence = performance.now() - went.current < SEQUENCE_MS
      if (isSequence) void navigate({ to: path, search: {} })
      return isSequence
    }
    return [[key, go] as const]
  })
  useKeys(
    {
      g: () => {
        went.current = performance.now()
      },
      ...Object.fromEntries(keys),
    },
    { isFirst: true },
  )
}
