import { useContext, useEffect, useRef } from 'react'
import { EmbeddingContext } from '../data/embedding.ts'
import { usePreferences } from '../data/preferences.ts'

/** What keys do: `j`, `?`, `escape`, `shift+x`, or `mod+enter` with ⌘ or Ctrl. What answers false left the key to others. */
export type KeyMap = Readonly<Record<string, (() => unknown) | undefined>>

/** How keys are bound. */
export interface KeyOptions {
  /** Before what the page itself does with them. */
  readonly isFirst?: boolean
}

const EDITABLE = 'input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable="true"]'

/** A held key goes on with these; whatever else it does it does once. */
const MOVING: ReadonlySet<string> = new Set(['j', 'k', 'arrowdown', 'arrowup'])

/**
 * Binds keys for as long as a component is there. Single keys rest while somebody types, and in dialogs. In a page of
 * somebody else every key is theirs until the focus is in our part of it.
 */
export function useKeys(map: KeyMap, { isFirst = false }: KeyOptions = {}): void {
  const { shortcuts } = usePreferences()
  const part = useContext(EmbeddingContext)
  const latest = useRef(map)
  latest.current = map
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return
      const isCombined = event.metaKey || event.ctrlKey
      const name = `${isCombined ? 'mod+' : ''}${event.key.toLowerCase()}`
      if (event.repeat && !MOVING.has(name)) return
      const target = event.target instanceof Element ? event.target : null
      if (target?.closest('[role="dialog"]') != null) return
      if (part !== undefined && part.current?.contains(target) !== true) return
      if (!isCombined && event.key !== 'Escape' && (!shortcuts || target?.closest(EDITABLE) != null)) return
      // Enter belongs to what has the focus.
      if (event.key === 'Enter' && !isCombined && target?.closest('a, button, summary, [role="tab"]') != null) return
      const act = (event.shiftKey ? latest.current[`shift+${name}`] : undefined) ?? latest.current[name]
      if (act === undefined) return
      if (act() !== false) event.preventDefault()
    }
    window.addEventListener('keydown', onKey, isFirst)
    return () => window.removeEventListener('keydown', onKey, isFirst)
  }, [shortcuts, isFirst, part])
}

// A server that renders the page knows of no machine yet.
const isApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')

/** The sign of a combined key on this machine. */
export const MOD: string = isApple ? '⌘' : 'Ctrl'
