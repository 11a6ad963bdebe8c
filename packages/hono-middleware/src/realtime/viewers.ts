import type { HostScope } from '@preceptor/client'

/** Who looks at which proposal, through this process. */
export interface Viewers {
  /** Notes that a person looks at a proposal; gives the function that ends it. Others are told of the first of them. */
  join(scope: HostScope, proposal: string): () => void
  /** Ids of those who look at it. */
  of(workspace: string, proposal: string): readonly string[]
}

interface Viewer {
  readonly user: string
  sockets: number
  leaving: NodeJS.Timeout | undefined
}

/** Makes the list. Whoever is back within `lingerMs` was never gone, so that a reload tells nobody anything. */
export function createViewers(options: {
  readonly lingerMs: number
  readonly onFault: (error: unknown) => void
}): Viewers {
  const { lingerMs, onFault } = options
  const proposals = new Map<string, Map<string, Viewer>>()

  const leave = (
    scope: HostScope,
    place: { readonly key: string; readonly proposal: string },
    viewer: Viewer,
  ): void => {
    viewer.leaving = setTimeout(() => {
      const present = proposals.get(place.key)
      present?.delete(viewer.user)
      if (present?.size === 0) proposals.delete(place.key)
      scope.view(place.proposal, 'viewer.left').catch(onFault)
    }, lingerMs)
    viewer.leaving.unref()
  }

  return {
    join(scope, proposal) {
      const { workspace, principal } = scope
      if (principal.kind !== 'user') return () => undefined
      const key = `${workspace} ${proposal}`
      const present = proposals.get(key) ?? new Map<string, Viewer>()
      proposals.set(key, present)
      const known = present.get(principal.id)
      const viewer = known ?? { user: principal.id, sockets: 0, leaving: undefined }
      present.set(principal.id, viewer)
      if (known === undefined) scope.view(proposal, 'viewer.joined').catch(onFault)
      clearTimeout(viewer.leaving)
      viewer.sockets += 1
      return () => {
        viewer.sockets -= 1
        if (viewer.sockets === 0) leave(scope, { key, proposal }, viewer)
      }
    },
    of: (workspace, proposal) => [...(proposals.get(`${workspace} ${proposal}`)?.keys() ?? [])].sort(),
  }
}
