import { useSyncExternalStore } from 'react'

const KEY = 'preceptor.notices'
const listeners = new Set<() => void>()
let isWanted = read()

function read(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on'
  } catch {
    return false
  }
}

/** Whether the browser lets this page notify; `none` for one that cannot. */
export function noticesAllowed(): NotificationPermission | 'none' {
  return 'Notification' in window ? Notification.permission : 'none'
}

/** Whether somebody asked to be notified in this browser. */
export function useNoticesWanted(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => isWanted,
  )
}

/** Turns notifications of this browser on or off, and keeps that where the browser lets us. */
export function setNoticesWanted(wanted: boolean): void {
  isWanted = wanted
  try {
    localStorage.setItem(KEY, wanted ? 'on' : 'off')
  } catch {
    // A browser that keeps nothing asks again next time.
  }
  for (const listener of listeners) listener()
}

/** Notifies, where that was asked for and nobody looks at the page. */
export function notify(text: string, tag: string): void {
  if (!isWanted || noticesAllowed() !== 'granted' || !document.hidden) return
  try {
    new Notification('Preceptor', { body: text, tag })
  } catch {
    // Some browsers allow it in service workers only; the page itself says the same.
  }
}
