import type { ControlScope, GuardCall, GuardResult, JsonObject, Proposal, Scope, Trigger } from '@preceptor/client'
import { afterAll, beforeAll } from 'vitest'
import { z } from 'zod'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

/** A proposal, and the attempt that it came from. */
export interface Asked {
  readonly trigger: Trigger
  readonly proposal: Proposal
}

/** A governor with people who decide. */
export interface Approvals {
  readonly test: TestGovernor
  readonly ana: ControlScope
  readonly ben: ControlScope
  /** Lets time pass. */
  pass(milliseconds: number): void
  ask(extra?: Partial<Trigger>): Promise<Asked>
  now(proposal: Proposal): Promise<Proposal>
  guard(trigger: Trigger): Promise<GuardResult<JsonObject>>
  /** Registers an agent at intern. */
  intern(id: string): Promise<void>
  /** Brings an agent to another epoch. */
  shake(agent: string): Promise<void>
}

export const HOUR = 3_600_000

/** What a reviewer was shown. */
export const shown = ({ version, actionHash }: Proposal): Pick<Proposal, 'version' | 'actionHash'> => ({
  version,
  actionHash,
})

function openGovernor(now: () => number): Promise<TestGovernor> {
  return createTestGovernor({
    clock: { now, monotonic: () => performance.now() },
    actions: {
      'refund.create': { risk: 'high', args: z.object({ cents: z.int().min(1).default(5) }) },
      'refund.retry': { risk: 'high', idempotent: true },
      'ledger.close': { risk: 'critical' },
      'note.write': { risk: 'medium' },
    },
  })
}

/** Runs the tests of a file on one governor. */
export function useApprovals(): Approvals {
  let governor: TestGovernor | undefined
  let offset = 0
  let attempts = 0
  const present = (): TestGovernor => {
    if (governor === undefined) throw new Error('The governor is there only inside tests and hooks.')
    return governor
  }
  beforeAll(async () => {
    governor = await openGovernor(() => Date.now() + offset)
    await governor.register('bot', 'intern')
    await governor.register('boss', 'autonomous')
  })
  afterAll(() => governor?.close())
  const scopeOf = ({ agent }: Trigger): Scope => present().agent(agent)
  return {
    get test() {
      return present()
    },
    get ana() {
      return present().user('ana', 'supervisor')
    },
    get ben() {
      return present().user('ben', 'supervisor')
    },
    pass: (milliseconds) => {
      offset += milliseconds
    },
    async ask(extra = {}) {
      attempts += 1
      const trigger = { agent: 'bot', action: 'refund.create', args: {}, idempotencyKey: `ask-${attempts}`, ...extra }
      const decision = await scopeOf(trigger).decide(trigger)
      if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
      return { trigger, proposal: await present().admin.proposals.get(decision.proposal.id) }
    },
    now: ({ id }) => present().admin.proposals.get(id),
    guard: (trigger) => scopeOf(trigger).guard(trigger, ({ args }: GuardCall) => args),
    intern: (id) => present().register(id, 'intern'),
    async shake(agent) {
      await present().admin.agents.pause(agent, 'A moment.')
      await present().admin.agents.resume(agent, 'Go on.')
    },
  }
}
