import { isoTime, type Tx } from '@preceptor/core/plugin'
import type { CollaborationStepRequest, CollaborationSteps } from '../ports/collaboration-ports.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { dropSteps } from './drop-steps.ts'
import { startingAgents } from './engine-actor.ts'
import { FIRST_KEY, HOLD_MS } from './hold.ts'
import type { NewStep } from './step.ts'
import { findOwnedStep, findStep, hasBegun, insertSteps } from './step-store.ts'

const SETTINGS = { attempts: null, waitMs: 2_000, timeoutMs: 300_000 } as const

/** The calls of members of collaborations, as steps that pass the gate. */
export function collaborationSteps(ports: () => EnginePorts): CollaborationSteps {
  return {
    schedule: (tx, request) => schedule(ports(), tx, request),
    hasBegun,
    async cancel(tx, id) {
      const step = await findStep(tx, id)
      if (step === undefined) return
      await dropSteps(ports(), tx, { owner: step.owner, ids: [id], reason: 'The collaboration went on without it.' })
    },
  }
}

async function schedule({ context, enqueue }: EnginePorts, tx: Tx, request: CollaborationStepRequest): Promise<string> {
  const { owner, key, startedBy } = request
  const known = await findOwnedStep(tx, owner, key)
  if (known !== undefined) return known.id
  const now = context.clock.now()
  const id = context.ids.next('wst')
  const origin = { owner, askedBy: startedBy, at: isoTime(now), wakeAt: isoTime(now + HOLD_MS) }
  await insertSteps(tx, [newStep(id, request)], origin)
  const { workspace } = tx
  // It never throws, and what the queue loses is found by the job.
  tx.afterCommit(() => void enqueue('step', { workspace, id, key: FIRST_KEY }))
  return id
}

function newStep(
  id: string,
  { agent, action, args, delegation = [], key, startedBy }: CollaborationStepRequest,
): NewStep {
  // Origin first, as the gate reads it; nobody acts for itself.
  const chain = [...new Set([...startingAgents(startedBy), ...delegation.toReversed()])].filter((one) => one !== agent)
  const delegated = chain.length === 0 ? {} : { delegation: chain }
  return {
    id,
    step: key,
    type: 'agent',
    visit: 1,
    parentId: null,
    branch: null,
    trigger: { agent, action, args, startsRun: true, ...delegated },
    settings: SETTINGS,
    state: 'pending',
    output: null,
    failure: null,
    progress: null,
  }
}
