import type { ControlScope, Page, PolicyVersion } from '@preceptor/client'
import { queryOptions } from '@tanstack/react-query'

/** The query of the policy that is in force. */
export function currentPolicyQuery(scope: ControlScope) {
  return queryOptions({ queryKey: ['policies', 'current'], queryFn: () => scope.policies.current() })
}

/** The query of one version; null for one that there is not. */
export function policyVersionQuery(scope: ControlScope, version: number) {
  return queryOptions({
    queryKey: ['policies', 'version', version],
    queryFn: () => findVersion(scope, version),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

async function findVersion(scope: ControlScope, version: number): Promise<PolicyVersion | null> {
  // Before the first that somebody wrote, there is the default.
  const present = await scope.policies.current()
  if (present.version === version) return present
  if (version === 0) return { version, document: {}, reason: '', createdBy: '', createdAt: null }
  let cursor: string | null = null
  do {
    const page: Page<PolicyVersion> = await scope.policies.list({ limit: 100, ...(cursor === null ? {} : { cursor }) })
    const found = page.items.find((item) => item.version === version)
    if (found !== undefined) return found
    cursor = page.next
  } while (cursor !== null)
  return null
}
