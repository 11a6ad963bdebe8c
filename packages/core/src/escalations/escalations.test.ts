import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, describe, expect, it } from 'vitest'
import type { Notification } from '../notifications/notification.ts'
import { shown, useNotified } from '../notifications/notifications.test.helper.ts'
import { useReceiver } from '../outbound/receiver.test.helper.ts'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const MINUTE = 60_000
const receiver = useReceiver()
const told: Notification[] = []
const notified = useNotified(() => ({
  outbound: { allow: [receiver.origin] },
  publicUrl: 'https://example.com',
  channels: [{ name: 'desk', events: ['proposal.escalated'], send: async (one) => void told.push(one) }],
}))

const run = () => notified.test.governor.jobs.run('escalate-proposals', { workspace: 'default' })
async function stepsOf(subject: string): Promise<readonly unknown[]> {
  const { items } = await notified.test.admin.journal.list({ subject, kind: 'proposal.escalated' })
  return items.map(({ body: { loop, step, to } }) => [loop, step, to]).reverse()
}

const ROLE = { role: 'supervisor' } as const
const USER = { user: 'ben' } as const

describe('an escalation', () => {
  it('takes one step after the other, each once, and begins again as often as it says [NOTE-12]', async () => {
    const { escalations } = notified.test.admin
    const steps = [
      { afterMs: 5 * MINUTE, notify: ROLE },
      { afterMs: 10 * MINUTE, notify: USER },
    ]
    await escalations.create({ name: 'Refunds', match: { risks: ['high'], action: 'refund.create' }, steps, repeat: 1 })
    const asked = await notified.ask()
    await run()
    expect(await stepsOf(asked.id)).toEqual([])
    const waits = [5, 10, 5, 10, 5, 10, 60]
    for (const minutes of waits) {
      notified.clock.advance(minutes * MINUTE)
      await run()
      await run()
    }
    expect(await stepsOf(asked.id)).toEqual([
      [1, 1, ROLE],
      [1, 2, USER],
      [2, 1, ROLE],
      [2, 2, USER],
    ])
    expect(await notified.test.admin.proposals.get(asked.id)).toMatchObject({ state: 'pending', decidedBy: [] })
  })

  it('tells the people of a step, and the webhook that it names [NOTE-12, NOTE-5]', async () => {
    const { escalations, webhooks } = notified.test.admin
    const { webhook } = await notified.webhook(receiver.origin, ['proposal.expired'])
    await escalations.create({
      name: 'On call',
      steps: [
        { afterMs: 0, notify: ROLE },
        { afterMs: 0, notify: { webhook: webhook.id } },
        { afterMs: 0, notify: USER },
      ],
    })
    await expect(webhooks.remove(webhook.id)).rejects.toMatchObject({ code: 'CONFLICT' })
    const asked = await notified.ask()
    await run()
    await run()
    await run()
    await notified.sendAll()
    const about = told.filter(({ subject }) => subject === asked.id)
    expect(about.map(({ data }) => [data.step, data.recipients, data.link])).toEqual([
      [1, ['user:ana'], `https://example.com/inbox/${asked.id}`],
      [2, [], expect.any(String)],
      [3, ['user:ben'], expect.any(String)],
    ])
    const posted = receiver.received.map(({ body }) => JSON.parse(body)).filter(({ subject }) => subject === asked.id)
    expect(posted).toMatchObject([{ type: 'proposal.escalated', data: { step: 2, to: { webhook: webhook.id } } }])
  })

  it('does not tell who may not see the proposal any more [NOTE-12, I-36]', async () => {
    const { escalations, members } = notified.test.admin
    await members.put('gone', { displayName: 'Gone', roles: [] })
    await escalations.create({ name: 'Old', steps: [{ afterMs: 0, notify: { user: 'gone' } }] })
    const asked = await notified.ask()
    await run()
    await notified.sendAll()
    const about = told.filter(({ subject }) => subject === asked.id)
    expect(about.map(({ data }) => data.recipients)).toEqual([[]])
  })

  it('does not tell everybody at once after a long silence, and stops when somebody decides [NOTE-12, I-6]', async () => {
    const steps = [1, 2, 3].map(() => ({ afterMs: MINUTE, notify: ROLE }))
    await notified.test.admin.escalations.create({ name: 'Slow', steps })
    const asked = await notified.ask()
    notified.clock.advance(60 * MINUTE)
    await run()
    await run()
    expect(await stepsOf(asked.id)).toHaveLength(1)
    await notified.ana.proposals.approve(asked.id, shown(asked))
    notified.clock.advance(60 * MINUTE)
    await run()
    expect(await stepsOf(asked.id)).toHaveLength(1)
  })

  it('stops when somebody says to look at it, and waits as long as it is to wait [NOTE-12]', async () => {
    const steps = [MINUTE, MINUTE, MINUTE].map((afterMs) => ({ afterMs, notify: ROLE }))
    await notified.test.admin.escalations.create({ name: 'Watched', steps })
    const [looked, snoozed] = [await notified.ask(), await notified.ask()]
    notified.clock.advance(MINUTE)
    await run()
    await notified.ana.proposals.acknowledge(looked.id)
    const until = new Date(notified.clock.now() + 30 * MINUTE).toISOString()
    await notified.ana.proposals.snooze(snoozed.id, until)
    notified.clock.advance(29 * MINUTE)
    await run()
    expect([await stepsOf(looked.id), await stepsOf(snoozed.id)].map(({ length }) => length)).toEqual([1, 1])
    notified.clock.advance(2 * MINUTE)
    await run()
    expect([await stepsOf(looked.id), await stepsOf(snoozed.id)].map(({ length }) => length)).toEqual([1, 2])
  })

  it('is for what it matches only [NOTE-12]', async () => {
    const { escalations } = notified.test.admin
    const steps = [{ afterMs: 0, notify: ROLE }]
    await escalations.create({ name: 'a', match: { risks: ['critical'] }, steps })
    await escalations.create({ name: 'b', match: { action: 'refund.retry' }, steps })
    await escalations.create({ name: 'c', match: { agent: 'somebody' }, steps })
    const asked = await notified.ask()
    await run()
    expect(await stepsOf(asked.id)).toEqual([])
    const { id } = await escalations.create({ name: 'd', match: { agent: 'bot', risks: ['high', 'medium'] }, steps })
    await run()
    expect(await stepsOf(asked.id)).toHaveLength(1)
    await escalations.remove(id)
    await expect(escalations.remove(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it.each([
    ['no step', []],
    ['eleven steps', Array.from({ length: 11 }, () => ({ afterMs: 1, notify: ROLE }))],
    ['a step that tells nobody', [{ afterMs: 1, notify: {} as typeof ROLE }]],
    ['a step that tells two', [{ afterMs: 1, notify: { ...ROLE, ...USER } }]],
    ['a step back in time', [{ afterMs: -1, notify: ROLE }]],
    ['a webhook that is not there', [{ afterMs: 1, notify: { webhook: 'whk_none' } }]],
  ])('is refused with %s [NOTE-12]', async (_, steps) => {
    const creating = notified.test.admin.escalations.create({ name: 'x', steps })
    await expect(creating).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})

describeWithPostgres('an escalation that several processes look at', () => {
  const database = useTestDatabase()
  const clock = createTestClock()
  const opened: TestGovernor[] = []
  afterAll(() => Promise.all(opened.map((test) => test.close())))

  it('takes each step once [NOTE-12, NOTE-11]', async () => {
    for (let index = 0; index < 3; index += 1) {
      opened.push(await createTestGovernor({ database: database.url, clock }))
    }
    const [first] = opened
    if (first === undefined) throw new Error('There are three.')
    await first.register('bot', 'intern')
    const steps = [0, 0, 0].map((afterMs) => ({ afterMs, notify: ROLE }))
    await first.admin.escalations.create({ name: 'All', steps })
    for (let index = 0; index < 10; index += 1) {
      await first.agent('bot').decide({ agent: 'bot', action: 'refund.create', args: { index } })
    }
    const job = ({ governor }: TestGovernor) => governor.jobs.run('escalate-proposals', {})
    for (let round = 0; round < 4; round += 1) await Promise.all([...opened, ...opened].map(job))
    const { items } = await first.admin.journal.list({ kind: 'proposal.escalated', limit: 100 })
    const taken = items.map(({ subjectId, body }) => `${subjectId} ${body.loop} ${body.step}`)
    expect(taken).toHaveLength(30)
    expect(new Set(taken).size).toBe(30)
  })
})
