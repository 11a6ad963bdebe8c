import type { AnalyticsOperations, AnalyticsQuery } from '@preceptor/client'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useSignedIn } from '../data/session-context.ts'
import { queryOf } from './analytics-search.ts'

const AGAIN_MS = 60_000

/** Reads one analysis for what the address says, and anew each minute: what is counted changes with each decision. */
export function useAnalysis<Name extends keyof AnalyticsOperations>(
  name: Name,
): UseQueryResult<Awaited<ReturnType<AnalyticsOperations[Name]>>> {
  const { scope, clockOffset } = useSignedIn()
  const { range, agent } = useSearch({ from: '/analytics/$view' })
  type Answer = Awaited<ReturnType<AnalyticsOperations[Name]>>
  return useQuery<Answer>({
    queryKey: ['analytics', name, range ?? '30d', agent ?? ''],
    queryFn: () => {
      const search = { ...(range === undefined ? {} : { range }), ...(agent === undefined ? {} : { agent }) }
      const query = queryOf(search, Date.now() + clockOffset)
      const read = scope.analytics[name] as (given: AnalyticsQuery) => Promise<Answer>
      // How the system stands now has no range.
      return read(name === 'system' ? { ...(agent === undefined ? {} : { agent }) } : query)
    },
    refetchInterval: AGAIN_MS,
  })
}
