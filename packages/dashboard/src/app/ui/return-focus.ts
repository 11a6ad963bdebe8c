import { useState } from 'react'

/**
 * Whether a dialog gives the focus back when it closes: to what had it before, while that is there. Where nothing had it,
 * or that is gone, nothing gets it; else it would go to what opened some other dialog before, and the keys of the page
 * with it.
 */
export function useReturnFocus(): () => boolean {
  const [opener] = useState(() => globalThis.document?.activeElement ?? null)
  return () => opener !== null && opener !== document.body && opener.isConnected
}
