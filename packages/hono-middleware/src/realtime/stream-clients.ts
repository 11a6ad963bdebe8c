import type { HostPlane } from '@preceptor/client'

const counts = new WeakMap<HostPlane, Map<string, number>>()

/** Notes that somebody follows a stream of a workspace in this process; gives the function that notes the end, once. */
export function noteStreamClient(governor: HostPlane, workspace: string): () => void {
  const known = counts.get(governor) ?? new Map<string, number>()
  counts.set(governor, known)
  const move = (by: number): void => void known.set(workspace, (known.get(workspace) ?? 0) + by)
  move(1)
  let isThere = true
  return () => {
    if (isThere) move(-1)
    isThere = false
  }
}

/** How many follow a stream of a workspace, or of any (`*`), in this process. */
export function countStreamClients(governor: HostPlane, workspace: string): number {
  const known = counts.get(governor)
  if (known === undefined) return 0
  return workspace === '*' ? [...known.values()].reduce((sum, one) => sum + one, 0) : (known.get(workspace) ?? 0)
}
