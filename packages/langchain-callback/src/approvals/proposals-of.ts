import type { ControlScope, ProposalOperations, Scope } from '@preceptor/client'

/** The proposals of a scope that administers; every governor of Preceptor gives one, a gate of another maker may not. */
export function proposalsOf(scope: Scope): ProposalOperations | undefined {
  return 'proposals' in scope ? (scope as ControlScope).proposals : undefined
}
