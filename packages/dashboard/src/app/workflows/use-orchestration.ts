import { type OrchestrationOperations, orchestration } from '@preceptor/orchestration/client'
import { useMemo } from 'react'
import { useSignedIn } from '../data/session-context.ts'

/** The operations of orchestration for who is signed in. */
export function useOrchestration(): OrchestrationOperations {
  const { scope } = useSignedIn()
  return useMemo(() => scope.plugin(orchestration), [scope])
}
