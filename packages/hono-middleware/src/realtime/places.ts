import { GovernanceError, type Identity } from '@preceptor/client'

/** How many streams may be open at once. */
export interface PlaceLimits {
  readonly mostOfPrincipal: number
  readonly mostOfAll: number
}

/** Places for streams, of which there are so many. */
export interface Places {
  /**
   * Takes a place; gives the function that frees it, once.
   *
   * @throws GovernanceError `RATE_LIMITED`
   */
  take(identity: Identity): () => void
}

/** Makes places. */
export function createPlaces({ mostOfPrincipal, mostOfAll }: PlaceLimits): Places {
  const taken = new Map<string, number>()
  let all = 0
  return {
    take({ workspace, principal: { kind, id } }) {
      const key = JSON.stringify([workspace, kind, id])
      const own = taken.get(key) ?? 0
      if (own >= mostOfPrincipal || all >= mostOfAll) {
        throw new GovernanceError('RATE_LIMITED', { message: 'Too many streams are open: end one of them first.' })
      }
      taken.set(key, own + 1)
      all += 1
      let isTaken = true
      return () => {
        if (!isTaken) return
        isTaken = false
        all -= 1
        const left = (taken.get(key) ?? 1) - 1
        if (left > 0) taken.set(key, left)
        else taken.delete(key)
      }
    },
  }
}
