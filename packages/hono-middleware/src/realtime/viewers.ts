import type { HostPlane, HostScope } from '@preceptor/client'

/** Who looks at which proposal, through this process. */
export interface Viewers {
  /** Notes that a person looks at a proposal; gives the function that ends it. Others are told of the first of them. */
  join(scope: HostScope, proposal: string): Promise<() => void>
}

/** How viewers are noted; times in milliseconds. */
export interface ViewersOptions {
  readonly governor: Pick<HostPlane, 'keepViewers'>
  /** Whoever is back within this time was never gone, so that a reload tells nobody anything. */
  readonly lingerMs: number
  /** How often it is said that they are still there. */
  readonly keepMs: number
  readonly onFault: (error: unknown) => void
}

interface Viewer {
  readonly key: string
  readonly proposal: string
  scope: HostScope
  sockets: number
  /** Whether the last that was told is that they joined. */
  isNoted: boolean
  /** What is told of one viewer is told in its order. */
  telling: Promise<void>
  leaving: NodeJS.Timeout | undefined
}

/** Makes the list of this process, which is one place among those that the store knows of. */
export function createViewers({ governor, lingerMs, keepMs, onFault }: ViewersOptions): Viewers {
  const place = crypto.randomUUID()
  const viewers = new Map<string, Viewer>()
  let keeping: NodeJS.Timeout | undefined

  const tell = (viewer: Viewer, kind: 'viewer.joined' | 'viewer.left'): void => {
    viewer.isNoted = kind === 'viewer.joined'
    viewer.telling = viewer.telling.then(() => viewer.scope.view(viewer.proposal, { kind, place })).catch(onFault)
  }
  const keep = async (): Promise<void> => {
    const present = [...viewers.values()].filter(({ isNoted }) => isNoted)
    const kept = await governor.keepViewers(place).catch(onFault)
    // A process that was held up for a minute was taken for dead.
    if (kept !== undefined && kept < present.length) {
      for (const viewer of present) if (viewer.isNoted) tell(viewer, 'viewer.joined')
    }
  }
  const leave = (viewer: Viewer): void => {
    tell(viewer, 'viewer.left')
    void viewer.telling.then(() => {
      if (viewer.isNoted || viewers.get(viewer.key) !== viewer) return
      viewers.delete(viewer.key)
      if (viewers.size > 0) return
      clearInterval(keeping)
      keeping = undefined
    })
  }

  return {
    async join(scope, proposal) {
      const { workspace, principal } = scope
      if (principal.kind !== 'user') return () => undefined
      const key = JSON.stringify([workspace, proposal, principal.id])
      const known = viewers.get(key)
      const viewer = known ?? {
        key,
        proposal,
        scope,
        sockets: 0,
        isNoted: false,
        telling: Promise.resolve(),
        leaving: undefined,
      }
      viewers.set(key, viewer)
      viewer.scope = scope
      clearTimeout(viewer.leaving)
      viewer.sockets += 1
      keeping ??= setInterval(() => void keep(), keepMs).unref()
      if (!viewer.isNoted) tell(viewer, 'viewer.joined')
      await viewer.telling
      return () => {
        viewer.sockets -= 1
        if (viewer.sockets > 0) return
        viewer.leaving = setTimeout(() => leave(viewer), lingerMs).unref()
      }
    },
  }
}
