import { type RefObject, useEffect, useRef, useState } from 'react'

/** The width of an element in pixels, as it changes: a drawing that knows it needs no scaled text. */
export function useWidth<Element extends HTMLElement>(usual: number): readonly [RefObject<Element | null>, number] {
  const ref = useRef<Element>(null)
  const [width, setWidth] = useState(usual)
  useEffect(() => {
    const { current } = ref
    if (current === null) return
    const observer = new ResizeObserver(([entry]) => {
      const next = Math.round(entry?.contentRect.width ?? 0)
      if (next > 0) setWidth(next)
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}
