import { useSyncExternalStore } from 'react'
import { languageNamed } from '../text/languages.ts'

/** What a person set up for this browser; credentials are never among it. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  /** Single keys act; some people who speak or switch cannot have that. */
  readonly shortcuts: boolean
  /** Name of the language. */
  readonly language: string
}

const KEY = 'preceptor.preferences'
const DEFAULTS: Preferences = { theme: 'system', shortcuts: true, language: 'en' }
const listeners = new Set<() => void>()
let present = read()

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    const { theme, shortcuts, language } = { ...DEFAULTS, ...(stored as Partial<Preferences>) }
    return {
      theme: theme === 'light' || theme === 'dark' ? theme : 'system',
      shortcuts: shortcuts !== false,
      language: String(language),
    }
  } catch {
    return DEFAULTS
  }
}

/** The present preferences, outside of components. */
export function preferences(): Preferences {
  return present
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
  applyPreferences()
  for (const listener of listeners) listener()
}

/** Tells the document which theme and which language were asked for; without a theme the system decides. */
export function applyPreferences(): void {
  const { theme } = present
  const { tag, direction } = languageNamed(present.language)
  document.documentElement.lang = tag
  document.documentElement.dir = direction
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
