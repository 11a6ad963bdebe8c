import type { JsonObject, Proposal } from '@preceptor/client'
import type { NotificationChannel } from '@preceptor/core'
import { createTestClock, createTestGovernor, type TestClock, type TestGovernor } from '@preceptor/core/testing'
import { expect } from 'vitest'

/** A governor whose intern asks, with people who decide and channels by which they are asked. */
export interface AskedPeople {
  readonly test: TestGovernor
  readonly clock: TestClock
  ask(
    action?: string,
    args?: JsonObject,
    extra?: { readonly agent?: string; readonly context?: JsonObject },
  ): Promise<Proposal>
  /** Sends until nothing is due. */
  sendAll(): Promise<void>
  now(proposal: Pick<Proposal, 'id'>): Promise<Proposal>
}

export const shown = ({ version, actionHash }: Proposal): Pick<Proposal, 'version' | 'actionHash'> => ({
  version,
  actionHash,
})

/** Opens one; Ana and Ben may decide, Vic may not, and Ana owns `annas-bot`. */
export async function openAsked(clock: TestClock, channels: readonly NotificationChannel[]): Promise<AskedPeople> {
  const test = await createTestGovernor({ clock, channels, publicUrl: 'https://gate.example/dashboard' })
  const { admin } = test
  for (const id of ['ana', 'ben']) await admin.members.put(id, { displayName: id, roles: ['supervisor'] })
  await admin.members.put('vic', { displayName: 'Vic', roles: ['viewer'] })
  await test.register('bot', 'intern')
  await admin.agents.register({ id: 'annas-bot', maturity: 'intern', ownerId: 'ana' })
  let asked = 0
  return {
    test,
    clock,
    async ask(action = 'note.write', args = {}, { agent = 'bot', context } = {}) {
      asked += 1
      const trigger = { agent, action, args: { n: asked, ...args }, ...(context && { context }) }
      const decision = await test.agent(agent).decide(trigger)
      if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
      return admin.proposals.get(decision.proposal.id)
    },
    async sendAll() {
      await expect.poll(async () => (await admin.journal.verify()).unsealed, { timeout: 10_000 }).toBe(0)
      while ((await test.governor.jobs.notify(20)) > 0) {
        await expect.poll(async () => (await admin.journal.verify()).unsealed, { timeout: 10_000 }).toBe(0)
      }
    },
    now: ({ id }) => admin.proposals.get(id),
  }
}

export { createTestClock }
