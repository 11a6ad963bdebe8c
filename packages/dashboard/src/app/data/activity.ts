/** What makes a page used: a person does something, which a timer or a stream never does. */
const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/** Presence follows what people do; it is told this often while they do. */
const EVERY_MS = 30_000

/** How the activity of a person is followed. */
export interface ActivityOptions {
  /** Tells that the person acted since the last time. */
  tell(): Promise<unknown>
  readonly target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
  /** Whether the page is in sight: what is behind another page is not used. */
  isVisible(): boolean
}

/**
 * Tells that somebody uses the page: at once with the first act, and then every 30 s in which there was another one.
 * Nothing is told while nobody does anything. @returns what ends it
 */
export function followActivity({ tell, target, isVisible }: ActivityOptions): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let hasActed = false
  const beat = (): void => {
    hasActed = false
    timer = setTimeout(() => {
      timer = undefined
      if (hasActed) beat()
    }, EVERY_MS)
    // A heartbeat that is lost is followed by the next one.
    void tell().catch(() => undefined)
  }
  const onAct = (): void => {
    if (!isVisible()) return
    hasActed = true
    if (timer === undefined) beat()
  }
  for (const kind of ACTS) target.addEventListener(kind, onAct, { capture: true, passive: true })
  return () => {
    clearTimeout(timer)
    for (const kind of ACTS) target.removeEventListener(kind, onAct, { capture: true })
  }
}
