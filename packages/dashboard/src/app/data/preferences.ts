import { useSyncExternalStore } from 'react'

/** What a person set up for this browser; credentials are never among it. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  /** Single keys act; some people who speak or switch cannot have that. */
  readonly shortcuts: boolean
}

const KEY = 'preceptor.preferences'
const DEFAULTS: Preferences = { theme: 'system', shortcuts: true }
const listeners = new Set<() => void>()
let present = read()

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    const { theme, shortcuts } = { ...DEFAULTS, ...(stored as Partial<Preferences>) }
    return { theme: theme === 'light' || theme === 'dark' ? theme : 'system', shortcuts: shortcuts !== false }
  } catch {
    return DEFAULTS
  }
}

/** The present preferences. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => present)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Changes preferences and keeps them, where the browser lets us. */
export function setPreferences(change: Partial<Preferences>): void {
  present = { ...present, ...change }
  try {
    localStorage.setItem(KEY, JSON.stringify(present))
  } catch {
    // A browser that keeps nothing shows the defaults next time.
  }
  applyTheme()
  for (const listener of listeners) listener()
}

/** Tells the style sheet which theme was asked for; without one the system decides. */
export function applyTheme(): void {
  const { theme } = present
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
