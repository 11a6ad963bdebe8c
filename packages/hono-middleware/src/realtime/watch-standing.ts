import { GovernanceError } from '@preceptor/client'

/** How a credential is watched. */
export interface StandingWatch {
  /** @throws GovernanceError once the credential no longer stands for what it stood for. */
  readonly assertStanding: () => Promise<void>
  /** How often it is looked at, in milliseconds. */
  readonly recheckMs: number
  /** Told once that it does not stand any more, or that nobody knows. */
  readonly onGone: () => void
}

/**
 * Looks at a credential for as long as what it opened lasts; gives the function that ends that. A fault of the store is no
 * revocation: it is looked at again soon. What nobody could tell for twice `recheckMs` is taken for gone.
 */
export function watchStanding({ assertStanding, recheckMs, onGone }: StandingWatch): () => void {
  let hasEnded = false
  const end = (): void => {
    hasEnded = true
    clearTimeout(next)
    clearTimeout(unknown)
  }
  const gone = (): void => {
    end()
    onGone()
  }
  const look = async (): Promise<void> => {
    const since = performance.now()
    let waitMs = recheckMs
    try {
      await assertStanding()
      clearTimeout(unknown)
      if (!hasEnded) unknown = setTimeout(gone, 2 * recheckMs - (performance.now() - since))
    } catch (error) {
      if (!hasEnded && GovernanceError.isInstance(error) && error.status < 500) return gone()
      waitMs = recheckMs / 4
    }
    if (!hasEnded) next = setTimeout(() => void look(), waitMs)
  }
  let next = setTimeout(() => void look(), recheckMs)
  let unknown = setTimeout(gone, 2 * recheckMs)
  return end
}
