import type { MemberName } from '@preceptor/orchestration/client'
import { useSignedIn } from '../data/session-context.ts'

/** The name that the signed-in person has as a member. */
export function useMe(): MemberName {
  const { identity } = useSignedIn()
  return `user:${identity.principal.id}`
}
