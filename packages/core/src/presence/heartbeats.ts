import { GovernanceError, type HeartbeatAnswer } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { type HeartbeatRequest, recordHeartbeats } from './record-heartbeats.ts'

/**
 * Records a heartbeat.
 *
 * @throws GovernanceError `NOT_FOUND` for a user who is no member, or the code of a fault.
 */
export type Heartbeats = (request: HeartbeatRequest) => Promise<HeartbeatAnswer>

const MOST_AT_ONCE = 500
// While the database works on one, the answers of the other are given.
const MOST_TRANSACTIONS = 2

interface Waiting {
  readonly request: HeartbeatRequest
  readonly resolve: (answer: HeartbeatAnswer) => void
  readonly reject: (error: unknown) => void
}

/** The heartbeats of one workspace. */
interface Lane {
  readonly waiting: Waiting[]
  /** Transactions that run. */
  running: number
  /** Whether one begins with the next turn. */
  planned: boolean
}

/** Makes what records heartbeats: those of one turn, and all that came while others were recorded, share a transaction. */
export function createHeartbeats(context: GovernorContext): Heartbeats {
  const lanes = new Map<string, Lane>()
  return (request) =>
    new Promise((resolve, reject) => {
      const { workspace } = request
      const lane = lanes.get(workspace) ?? { waiting: [], running: 0, planned: false }
      lanes.set(workspace, lane)
      lane.waiting.push({ request, resolve, reject })
      plan(lane)
    })

  function plan(lane: Lane): void {
    if (lane.planned || lane.waiting.length === 0 || lane.running >= MOST_TRANSACTIONS) return
    lane.planned = true
    setImmediate(() => {
      lane.planned = false
      void flush(lane)
      plan(lane)
    })
  }

  async function flush(lane: Lane): Promise<void> {
    const share = Math.ceil(lane.waiting.length / (MOST_TRANSACTIONS - lane.running))
    const taken = lane.waiting.splice(0, Math.min(share, MOST_AT_ONCE))
    const workspace = taken[0]?.request.workspace
    if (workspace === undefined) return
    lane.running += 1
    await settle(context, workspace, taken)
    lane.running -= 1
    plan(lane)
    if (lane.running === 0 && lane.waiting.length === 0) lanes.delete(workspace)
  }
}

async function settle(context: GovernorContext, workspace: string, taken: readonly Waiting[]): Promise<void> {
  try {
    const requests = taken.map(({ request }) => request)
    const answers = await recordHeartbeats(context, workspace, requests)
    for (const [index, { request, resolve, reject }] of taken.entries()) {
      const answer = answers[index]
      if (answer === undefined) reject(noMember(request.userId))
      else resolve(answer)
    }
  } catch (error) {
    for (const { reject } of taken) reject(error)
  }
}

function noMember(userId: string): GovernanceError {
  return new GovernanceError('NOT_FOUND', { message: `The user "${userId}" is no member of this workspace.` })
}
