import type { Alert } from '@preceptor/client'
import { beforeAll, describe, expect, it } from 'vitest'
import { shown, useNotified } from '../notifications/notifications.test.helper.ts'

const SECOND = 1_000
const notified = useNotified(() => ({
  actions: {
    'refund.create': { risk: 'high', execute: async () => 'paid' },
    'ledger.close': { risk: 'critical' },
    'note.pay': { risk: 'high' },
  },
}))

const check = () => notified.test.governor.jobs.run('check-alerts', { workspace: 'default' })
async function alertsOf(subject: string): Promise<readonly Alert[]> {
  const { items } = await notified.test.admin.alerts.list({ limit: 100 })
  return items.filter(({ subjectId }) => subjectId === subject)
}

describe('NO_EXECUTOR', () => {
  it('is raised once for what no worker claims for 30 s, and cleared when one does [NOTE-9]', async () => {
    const asked = await notified.ask()
    await notified.ana.proposals.approve(asked.id, shown(asked))
    notified.clock.advance(29 * SECOND)
    await check()
    expect(await alertsOf(asked.id)).toEqual([])
    notified.clock.advance(2 * SECOND)
    await check()
    await check()
    expect(await alertsOf(asked.id)).toMatchObject([{ code: 'NO_EXECUTOR', agent: 'bot', clearedAt: null }])
    expect(await notified.test.governor.jobs.runApproved(10)).toBeGreaterThan(0)
    await check()
    expect(await alertsOf(asked.id)).toMatchObject([{ clearedAt: expect.any(String) }])
    const [alert] = await alertsOf(asked.id)
    const { items } = await notified.test.admin.journal.list({ subject: alert?.id ?? '' })
    expect(items.map(({ kind }) => kind)).toEqual(['alert.cleared', 'alert.raised'])
  })

  it('is not raised while an approved action has to wait [NOTE-9]', async () => {
    const { policies } = notified.test.admin
    const { version } = await policies.current()
    const waiting = { actions: { 'refund.create': { waitMs: 60 * SECOND } } }
    await policies.put(waiting, { basedOn: version, reason: 'a test' })
    const asked = await notified.ask()
    await notified.ana.proposals.approve(asked.id, shown(asked))
    notified.clock.advance(80 * SECOND)
    await check()
    expect(await alertsOf(asked.id)).toEqual([])
    notified.clock.advance(20 * SECOND)
    await check()
    expect(await alertsOf(asked.id)).toMatchObject([{ code: 'NO_EXECUTOR' }])
    await policies.put({}, { basedOn: version + 1, reason: 'a test' })
  })

  it('is not raised for what its caller comes back for, and is cleared when the proposal ends [NOTE-9]', async () => {
    const awaited = await notified.ask({ action: 'note.pay' })
    expect(awaited.executor).toBe('caller')
    const left = await notified.ask()
    for (const proposal of [awaited, left]) await notified.ana.proposals.approve(proposal.id, shown(proposal))
    notified.clock.advance(31 * SECOND)
    await check()
    expect(await alertsOf(awaited.id)).toEqual([])
    expect(await alertsOf(left.id)).toHaveLength(1)
    await notified.test.admin.proposals.cancel(left.id, 'No more.')
    await check()
    expect(await alertsOf(left.id)).toMatchObject([{ clearedAt: expect.any(String) }])
  })
})

describe('alerts', () => {
  it('of other agents are not shown to a service that is for some [NOTE-9, I-36]', async () => {
    const asked = await notified.ask()
    await notified.ana.proposals.approve(asked.id, shown(asked))
    notified.clock.advance(31 * SECOND)
    await check()
    const service = (...agents: string[]) =>
      notified.test.governor.as({
        workspace: 'default',
        principal: { kind: 'service', id: 'desk', roles: [], scopes: ['alerts.list'], agents },
      })
    const subjects = async (agent: string): Promise<readonly string[]> =>
      (await service(agent).alerts.list({ limit: 100 })).items.map(({ subjectId }) => subjectId)
    expect(await subjects('bot')).toContain(asked.id)
    expect(await subjects('somebody')).toEqual([])
  })
})

describe('NO_APPROVER', () => {
  beforeAll(async () => {
    await notified.test.register('owned', 'intern')
    await notified.test.admin.agents.change('owned', { ownerId: 'ana' })
  })

  it('is raised for what fewer may decide on than must, cleared when that changes, and not again while it is muted [NOTE-9]', async () => {
    const asked = await notified.ask({ agent: 'owned', action: 'ledger.close' })
    const enough = await notified.ask({ agent: 'bot', action: 'ledger.close' })
    expect(asked.requiredApprovals).toBe(2)
    await check()
    expect(await alertsOf(asked.id)).toEqual([])
    notified.clock.advance(31 * SECOND)
    await check()
    await check()
    expect(await alertsOf(asked.id)).toMatchObject([{ code: 'NO_APPROVER', agent: 'owned', clearedAt: null }])
    expect(await alertsOf(enough.id)).toEqual([])
    const cleo = (...roles: ('supervisor' | 'viewer')[]) =>
      notified.test.admin.members.put('cleo', { displayName: 'Cleo', roles })
    await cleo('supervisor')
    await check()
    const [first] = await alertsOf(asked.id)
    expect(first).toMatchObject({ clearedAt: expect.any(String) })
    const until = new Date(notified.clock.now() + 60 * SECOND).toISOString()
    await notified.ana.alerts.mute(first?.id ?? '', until)
    await cleo('viewer')
    await check()
    expect(await alertsOf(asked.id)).toHaveLength(1)
    notified.clock.advance(120 * SECOND)
    await check()
    expect(await alertsOf(asked.id)).toMatchObject([{ code: 'NO_APPROVER', clearedAt: null }, { id: first?.id }])
  })
})

describe('an alert', () => {
  it('is acknowledged by the first who does, and muted until a time [NOTE-9]', async () => {
    const asked = await notified.ask()
    await notified.ana.proposals.approve(asked.id, shown(asked))
    notified.clock.advance(31 * SECOND)
    await check()
    const [alert] = await alertsOf(asked.id)
    const id = alert?.id ?? ''
    expect(await notified.ana.alerts.acknowledge(id)).toMatchObject({ acknowledgedBy: 'user:ana' })
    expect(await notified.test.admin.alerts.acknowledge(id)).toMatchObject({ acknowledgedBy: 'user:ana' })
    const until = new Date(notified.clock.now() + 60 * SECOND).toISOString()
    expect(await notified.ana.alerts.mute(id, until)).toMatchObject({ mutedUntil: until })
    const { items: open } = await notified.ana.alerts.list({ state: 'open' })
    const { items: cleared } = await notified.ana.alerts.list({ state: 'cleared' })
    expect(open.map((one) => one.id)).toContain(id)
    expect(cleared.map((one) => one.id)).not.toContain(id)
    const { items } = await notified.test.admin.journal.list({ subject: id })
    expect(items.map(({ kind }) => kind)).toEqual(['alert.muted', 'alert.acknowledged', 'alert.raised'])
  })

  it.each(['soon', '2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z'])('is not muted until %s [NOTE-9]', async (until) => {
    await expect(notified.ana.alerts.mute('alr_none', until)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(notified.ana.alerts.acknowledge('alr_none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
