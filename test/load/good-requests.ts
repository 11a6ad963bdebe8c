import type { Random } from '../faults/random.ts'
import { AGENTS, type Callers } from './prepare.ts'
import type { Sending, Sent } from './send.ts'

/** A request that must be answered well. */
export interface GoodRequest extends Sending {
  readonly name: string
  /** Told of the answer. */
  readonly onAnswer?: (sent: Sent) => void
}

/** What waits to be approved. */
interface Pending {
  readonly id: string
  readonly version: number
  readonly actionHash: string
}

const LISTS = ['/agents?limit=20', '/maturity/proposals?limit=20', '/supervised-queue/stats', '/journal?limit=20']
const MOST_PENDING = 500

/** Makes the mix: decisions of every kind, looks ahead, lists, and approvals of what was proposed. */
export function createGoodRequests({ admin, service }: Callers, random: Random): () => GoodRequest {
  const pending: Pending[] = []
  let number = 0
  const post = (name: string, path: string, body: object, key = service): GoodRequest => ({
    name,
    method: 'POST',
    path: `/api${path}`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const trigger = (agent: string, action: string): object => {
    number += 1
    return { agent, action, args: { number, note: 'a request of the load' } }
  }
  const propose = (): GoodRequest => ({
    ...post('propose', '/triggers', trigger(AGENTS.intern, 'refund.create')),
    onAnswer({ text }) {
      const { proposal } = JSON.parse(text) as { proposal?: Pending }
      if (proposal !== undefined && pending.length < MOST_PENDING) pending.push(proposal)
    },
  })
  return () => {
    const dice = random.next()
    if (dice < 0.4) return post('decide safe', '/triggers', trigger(AGENTS.autonomous, 'order.read'))
    if (dice < 0.55) return post('decide medium', '/triggers', trigger(AGENTS.autonomous, 'note.write'))
    if (dice < 0.75) return post('check', '/triggers/check', trigger(AGENTS.intern, 'refund.create'))
    if (dice < 0.9) {
      const path = `/api${LISTS[random.between(0, LISTS.length - 1)]}`
      return { name: 'list', method: 'GET', path, headers: { authorization: `Bearer ${admin}` } }
    }
    const next = dice < 0.95 ? pending.shift() : undefined
    if (next === undefined) return propose()
    const { id, version, actionHash } = next
    return post('approve', `/maturity/proposals/${id}/approve`, { version, actionHash }, admin)
  }
}
