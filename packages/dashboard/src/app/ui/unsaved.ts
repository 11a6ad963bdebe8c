import { useEffect, useRef } from 'react'

const present = new Set<() => boolean>()

/** Tells whether anything on the page was edited and is not saved: what would be lost with the page. */
export function isAnythingUnsaved(): boolean {
  return [...present].some((isThere) => isThere())
}

/** Counts edits of a part of the page among what would be lost with the page. */
export function useUnsaved(areThere: boolean): void {
  const latest = useRef(areThere)
  latest.current = areThere
  useEffect(() => {
    const isThere = (): boolean => latest.current
    present.add(isThere)
    return () => void present.delete(isThere)
  }, [])
}
