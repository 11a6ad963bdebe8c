import type { Proposal, ProposalBatchItem, RejectionCategory } from '@preceptor/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { patchLists } from '../data/proposals.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { useAnnounce } from '../ui/announcer.tsx'
import { INBOX } from './inbox-messages.ts'

/** What is decided on several proposals in one go. */
export interface BatchDecision {
  readonly decision: 'approve' | 'reject'
  /** As they were shown: what changed since is refused. */
  readonly proposals: readonly Proposal[]
  readonly category?: RejectionCategory
  readonly reason?: string
}

/** A decision on several proposals, and what became of each. */
export interface Batch {
  readonly results: ReadonlyMap<string, ProposalBatchItem>
  readonly isBusy: boolean
  readonly error: unknown
  run(decision: BatchDecision): void
}

/** Decides on several proposals; each answer stands for itself. */
export function useBatch(ids: readonly string[], onDone: () => void): Batch {
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const announce = useAnnounce()
  const t = useText(INBOX)
  const [results, setResults] = useState<ReadonlyMap<string, ProposalBatchItem>>(new Map())
  const { mutate, isPending, error } = useMutation({
    networkMode: 'always',
    mutationFn: ({ proposals, ...decision }: BatchDecision) =>
      scope.proposals.batch({
        ...decision,
        items: proposals.map(({ id, version, actionHash }) => ({ id, version, actionHash })),
      }),
    onSuccess: async ({ items }) => {
      for (const item of items) if (item.result === 'decided') patchLists(client, item.proposal)
      setResults((known) => new Map([...known, ...items.map((item) => [item.id, item] as const)]))
      const decided = items.filter(({ result }) => result === 'decided').length
      announce(t('batchDone', { decided, refused: items.length - decided }))
      onDone()
      await Promise.all(ids.map((id) => client.invalidateQueries({ queryKey: ['card', id] })))
    },
  })
  return { results, isBusy: isPending, error, run: mutate }
}
