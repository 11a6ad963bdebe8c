import { type LearningOperations, learning } from '@preceptor/learning/client'
import { useMemo } from 'react'
import { useSignedIn } from '../data/session-context.ts'

/** The operations of learning for who is signed in. */
export function useLearning(): LearningOperations {
  const { scope } = useSignedIn()
  return useMemo(() => scope.plugin(learning), [scope])
}
