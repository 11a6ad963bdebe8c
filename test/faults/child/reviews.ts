import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceError, type Proposal, type ProposalOperations } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import type { Review } from '../history.ts'
import { type Operation, OWNER } from '../workload.ts'
import type { Append } from './log.ts'
import { realTime } from './machine-clock.ts'

/** What reviews stand on. */
export interface ReviewPorts {
  readonly process: string
  readonly governor: EmbeddedGovernor
  readonly log: Append
  readonly reviewer: string
}

const SHOWN = 50

/** Decides on one of the proposals that wait, as a person would, and writes down what the person was told. */
export async function reviewAny(
  ports: ReviewPorts,
  { workspace, agent, verdict, draw, looksMs, byOwner }: Extract<Operation, { readonly kind: 'review' }>,
): Promise<void> {
  const { process, governor, log } = ports
  const reviewer = byOwner ? OWNER : ports.reviewer
  const principal = { kind: 'user', id: reviewer, roles: ['supervisor'] } as const
  const { proposals } = governor.as({ workspace, principal })
  let [id, actionHash] = ['', '']
  let code: string | null = null
  try {
    const { items } = await proposals.list({ agent, state: 'pending', limit: SHOWN })
    const proposal = items[Math.floor(draw * items.length)]
    if (proposal === undefined) return
    id = proposal.id
    actionHash = proposal.actionHash
    await sleep(looksMs)
    await decide(proposals, proposal, verdict)
  } catch (error) {
    code = GovernanceError.isInstance(error) ? error.code : 'thrown'
  }
  const review: Review = {
    process,
    at: realTime(),
    workspace,
    proposal: id,
    reviewer: `user:${reviewer}`,
    verdict,
    actionHash,
    code,
  }
  log({ line: 'review', ...review })
}

function decide(proposals: ProposalOperations, proposal: Proposal, verdict: Review['verdict']): Promise<Proposal> {
  const { id, version, actionHash, args } = proposal
  switch (verdict) {
    case 'approve':
      return proposals.approve(id, { version, actionHash })
    case 'edit':
      return proposals.approve(id, { version, actionHash, args: { ...args, edited: true } })
    case 'reject':
      return proposals.reject(id, { version, actionHash, category: 'other', reason: 'Not this one.' })
    case 'respond':
      return proposals.respond(id, { version, actionHash, response: 'It is done already.' })
    default:
      return verdict satisfies never
  }
}
