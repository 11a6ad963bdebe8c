import type { ControlScope, QueueEntry, TrainingProposal } from '@preceptor/client'
import type { Consensus } from '@preceptor/orchestration/client'
import { useQuery } from '@tanstack/react-query'
import { useSignedIn } from '../data/session-context.ts'

/** What waits for a person beside proposals. */
export interface OtherWork {
  readonly training: readonly TrainingProposal[]
  readonly votes: readonly Consensus[]
  readonly queue: readonly QueueEntry[]
}

const NOTHING: OtherWork = { training: [], votes: [], queue: [] }
const MOST = 50
/** Votes are asked one by one whether this person has one. */
const MOST_VOTES = 20

/** Reads what waits for the signed-in person beside proposals; what they may not read is not there. */
export function useOtherWork(isOn: boolean): OtherWork {
  const { scope, identity, features } = useSignedIn()
  const { id, kind } = identity.principal
  const isPerson = isOn && kind === 'user'
  const training = useQuery({
    queryKey: ['training', 'inbox'],
    queryFn: async () => (await scope.trainingProposals.list({ state: 'proposed', limit: MOST })).items,
    enabled: isPerson,
    retry: false,
  })
  const queue = useQuery({
    queryKey: ['queue', 'inbox', id],
    queryFn: async () => (await scope.queue.waitingFor(id, { limit: MOST })).items,
    enabled: isPerson,
    retry: false,
  })
  const votes = useQuery({
    queryKey: ['collaboration', 'inbox', id],
    queryFn: () => openVotes(scope, `user:${id}`),
    enabled: isPerson && features.includes('orchestration'),
    retry: false,
  })
  if (!isPerson) return NOTHING
  return { training: training.data ?? [], votes: votes.data ?? [], queue: queue.data ?? [] }
}

async function openVotes(scope: ControlScope, member: string): Promise<readonly Consensus[]> {
  // Only who has workflows pays for their client.
  const { orchestration } = await import('@preceptor/orchestration/client')
  const { consensus } = scope.plugin(orchestration)
  const { items } = await consensus.list({ state: 'open', limit: MOST_VOTES })
  const details = await Promise.all(items.map(({ id }) => consensus.get(id)))
  return details.filter(({ electors }) =>
    electors.some((elector) => elector.member === member && elector.state === 'open'),
  )
}
