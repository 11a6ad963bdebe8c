import type { ControlScope, CreatedWebhook, Decision, Proposal } from '@preceptor/client'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { GovernorOptions } from '../options.ts'
import { createTestClock, type TestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

/** A governor whose time a test lets pass, with an intern that asks and people who decide. */
export interface Notified {
  readonly test: TestGovernor
  readonly clock: TestClock
  readonly ana: ControlScope
  /** Lets an intern ask for an action. */
  ask(attempt?: { readonly agent?: string; readonly action?: string }): Promise<Proposal>
  /** Waits until everything that happened is sealed. */
  sealed(): Promise<void>
  /** Sends until nothing is due; gives how many attempts that took. */
  sendAll(): Promise<number>
  webhook(url: string, events: readonly string[]): Promise<CreatedWebhook>
}

/** Opens one for the tests of a file; what a test sets up to be told is gone after it. */
export function useNotified(options: () => GovernorOptions = () => ({})): Notified {
  const clock = createTestClock()
  let opened: TestGovernor | undefined
  const present = (): TestGovernor => {
    if (opened === undefined) throw new Error('The governor is there only inside tests and hooks.')
    return opened
  }
  beforeAll(async () => {
    opened = await createTestGovernor({ clock, ...options() })
    const { admin, register } = opened
    await admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
    await admin.members.put('ben', { displayName: 'Ben', roles: ['admin'] })
    await admin.members.put('vic', { displayName: 'Vic', roles: ['viewer'] })
    await register('bot', 'intern')
  })
  afterEach(async () => {
    const { escalations, webhooks } = present().admin
    for (const { id } of (await escalations.list()).items) await escalations.remove(id)
    for (const { id } of (await webhooks.list()).items) await webhooks.remove(id)
  })
  afterAll(() => opened?.close())
  const sealed = (): Promise<void> =>
    expect.poll(async () => (await present().admin.journal.verify()).unsealed, { timeout: 10_000 }).toBe(0)
  return {
    clock,
    get test() {
      return present()
    },
    get ana() {
      return present().user('ana', 'supervisor')
    },
    async ask({ agent = 'bot', action = 'refund.create' } = {}) {
      const decision = await present()
        .agent(agent)
        .decide({ agent, action, args: { cents: 5 } })
      return present().admin.proposals.get(proposalOf(decision))
    },
    sealed,
    async sendAll() {
      await sealed()
      let total = 0
      for (;;) {
        const tried = await present().governor.jobs.notify(10)
        if (tried === 0) return total
        total += tried
      }
    },
    webhook: (url, events) => present().admin.webhooks.create({ url, events }),
  }
}

function proposalOf(decision: Decision): string {
  if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
  return decision.proposal.id
}

/** What a reviewer was shown. */
export const shown = ({ version, actionHash }: Proposal): Pick<Proposal, 'version' | 'actionHash'> => ({
  version,
  actionHash,
})
