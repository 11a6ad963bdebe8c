import type { ControlScope, Proposal } from '@preceptor/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { problemOf } from '../data/problem.ts'
import { patchLists } from '../data/proposals.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAnnounce } from '../ui/announcer.tsx'

/** Acts on one proposal. */
export interface Decide {
  readonly isBusy: boolean
  readonly error: unknown
  /** Somebody was first, or it changed: what was shown is no longer so. */
  readonly isConflict: boolean
  run(act: (proposals: ControlScope['proposals']) => Promise<Proposal>, said: (proposal: Proposal) => string): void
  reset(): void
}

interface Act {
  act(proposals: ControlScope['proposals']): Promise<Proposal>
  said(proposal: Proposal): string
}

/** Sends decisions, shows their result at once, and after a conflict what stands now. */
export function useDecide(id: string, onDone: () => void): Decide {
  const client = useQueryClient()
  const { scope } = useSignedIn()
  const announce = useAnnounce()
  const mutation = useMutation({
    networkMode: 'always',
    mutationFn: async ({ act }: Act) => act(scope.proposals),
    onSuccess: async (proposal, { said }) => {
      patchLists(client, proposal)
      await client.invalidateQueries({ queryKey: ['card', id] })
      announce(said(proposal))
      onDone()
    },
    onError: async (error) => {
      const problem = problemOf(error)
      if (!problem.isConflict) return
      await client.invalidateQueries({ queryKey: ['card', id] })
      announce(problem.message)
      onDone()
    },
  })
  return {
    isBusy: mutation.isPending,
    error: mutation.error,
    isConflict: mutation.error !== null && problemOf(mutation.error).isConflict,
    run: (act, said) => mutation.mutate({ act, said }),
    reset: () => mutation.reset(),
  }
}
