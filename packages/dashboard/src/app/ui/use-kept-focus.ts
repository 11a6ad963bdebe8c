import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from 'react'

/** What a part of a page is given so that it keeps the focus. */
interface KeptFocus<Part extends HTMLElement> {
  readonly ref: RefObject<Part | null>
  readonly onFocus: () => void
  readonly onBlur: (event: FocusEvent) => void
}

/**
 * Keeps the focus in a part of a page whose buttons come and go: where the one that had it is gone, the part itself gets
 * it, and not the page, from whose top somebody would have to find the way back. The part has a `tabIndex` of -1.
 */
export function useKeptFocus<Part extends HTMLElement>(): KeptFocus<Part> {
  const ref = useRef<Part>(null)
  const hasFocus = useRef(false)
  // React tells nobody of the blur of what it takes away.
  useLayoutEffect(() => {
    if (hasFocus.current && document.activeElement === document.body) ref.current?.focus({ preventScroll: true })
  })
  return {
    ref,
    onFocus: () => {
      hasFocus.current = true
    },
    onBlur: ({ currentTarget, relatedTarget }) => {
      hasFocus.current = currentTarget.contains(relatedTarget)
    },
  }
}
