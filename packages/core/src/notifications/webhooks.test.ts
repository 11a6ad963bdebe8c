import { Webhook as Verifier } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { type ReceivedRequest, useReceiver } from '../outbound/receiver.test.helper.ts'
import { shown, useNotified } from './notifications.test.helper.ts'

const receiver = useReceiver()
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const notified = useNotified(() => ({
  outbound: { allow: [receiver.origin] },
  publicUrl: 'https://example.com/preceptor/',
}))

const bodyOf = ({ body }: ReceivedRequest) => JSON.parse(body)
const idOf = ({ headers }: ReceivedRequest) => headers['webhook-id']
const kinds = (): string[] => receiver.received.map((request) => bodyOf(request).type)

async function deliveriesOf(webhook: string) {
  return (await notified.test.admin.webhooks.deliveries(webhook)).items
}

describe('a webhook', () => {
  it('is sent a test on request: signed, at once, on record, and no delivery of it [OPS-10]', async () => {
    const { webhook, secret } = await notified.webhook(`${receiver.origin}/hook`, ['alert.raised'])
    const { webhooks, journal } = notified.test.admin
    expect(await webhooks.test(webhook.id)).toMatchObject({ outcome: 'delivered', status: 204, error: null })
    const [request] = receiver.received
    expect(receiver.received).toHaveLength(1)
    expect(
      new Verifier(secret).verify(request?.body ?? '', { ...request?.headers } as Record<string, string>),
    ).toMatchObject({
      type: 'webhook.test',
      subject: webhook.id,
      data: {},
    })
    expect(await deliveriesOf(webhook.id)).toEqual([])
    await notified.sealed()
    expect((await journal.list({ kind: 'webhook.tested' })).items).toMatchObject([
      { subjectId: webhook.id, body: { actor: 'user:root' } },
    ])
    receiver.answer = (_, response) => void response.writeHead(500).end()
    expect(await webhooks.test(webhook.id)).toMatchObject({ outcome: 'failed', status: 500, error: 'status_500' })
    expect((await notified.test.admin.alerts.list({ state: 'open' })).items).toEqual([])
    await expect(notified.ana.webhooks.test(webhook.id)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(webhooks.test('whk_none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is told of exactly what it subscribed to, signed as Standard Webhooks has it [NOTE-1, NOTE-4]', async () => {
    const { webhook, secret } = await notified.webhook(`${receiver.origin}/hook`, [
      'proposal.created',
      'proposal.rejected',
    ])
    const first = await notified.ask()
    await notified.ana.proposals.approve(first.id, shown(first))
    const second = await notified.ask()
    await notified.ana.proposals.reject(second.id, { ...shown(second), category: 'other', reason: 'No.' })
    expect(await notified.sendAll()).toBe(3)
    const told = receiver.received.map((request) => [bodyOf(request).type, bodyOf(request).subject])
    expect(told.sort()).toEqual(
      [
        ['proposal.created', first.id],
        ['proposal.created', second.id],
        ['proposal.rejected', second.id],
      ].sort(),
    )
    const verifier = new Verifier(secret)
    for (const { body, headers } of receiver.received) {
      expect(verifier.verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body))
      expect(() => verifier.verify(`${body} `, headers as Record<string, string>)).toThrow()
    }
    const [asked] = receiver.received.filter((request) => bodyOf(request).subject === first.id)
    expect(asked && bodyOf(asked)).toEqual({
      type: 'proposal.created',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      workspace: 'default',
      sequence: expect.any(Number),
      subject: first.id,
      agent: 'bot',
      data: expect.objectContaining({
        action: 'refund.create',
        actionHash: first.actionHash,
        approvers: ['user:ana', 'user:ben'],
        link: `https://example.com/preceptor/inbox/${first.id}`,
      }),
    })
    expect(await notified.sendAll()).toBe(0)
    const { lastDelivery } = await notified.test.admin.webhooks.get(webhook.id)
    expect(lastDelivery).toMatchObject({ state: 'delivered', attempt: 1, status: 204, error: null, dueAt: null })
  })

  it('is not told of what happened before it was there [NOTE-4]', async () => {
    await notified.ask()
    await notified.sealed()
    const { webhook } = await notified.webhook(`${receiver.origin}/a`, ['proposal.created'])
    const asked = await notified.ask()
    await notified.sendAll()
    await notified.test.admin.webhooks.remove(webhook.id)
    await notified.ask()
    await notified.sealed()
    await notified.webhook(`${receiver.origin}/b`, ['proposal.created'])
    await notified.sendAll()
    expect(receiver.received.map((request) => [request.path, bodyOf(request).subject])).toEqual([['/a', asked.id]])
  })

  it('names the approvers without who asked, who owns the agent or who has had it [NOTE-5]', async () => {
    await notified.webhook(receiver.origin, ['proposal.created'])
    await notified.test.register('owned-bot', 'intern')
    await notified.test.admin.agents.change('owned-bot', { ownerId: 'ana' })
    await notified.test.admin.agents.change('owned-bot', { ownerId: 'system' })
    await notified.ask({ agent: 'owned-bot' })
    await notified.sendAll()
    expect(receiver.received.map((request) => bodyOf(request).data.approvers)).toEqual([['user:ben']])
  })

  it('is told again on the schedule until it answers, under the same id with the same body [NOTE-6]', async () => {
    const { webhook } = await notified.webhook(receiver.origin, ['proposal.created'])
    await notified.ask()
    const answers = [500, 404, 302]
    receiver.answer = (_, response) =>
      void response.writeHead(answers.shift() ?? 200, { location: `${receiver.origin}/elsewhere` }).end()
    expect(await notified.sendAll()).toBe(1)
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ state: 'pending', attempt: 1, error: 'status_500' }])
    notified.clock.advance(4_900)
    expect(await notified.sendAll()).toBe(0)
    notified.clock.advance(700)
    expect(await notified.sendAll()).toBe(1)
    notified.clock.advance(5.5 * MINUTE)
    expect(await notified.sendAll()).toBe(1)
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ state: 'pending', attempt: 3, error: 'redirect_refused' }])
    notified.clock.advance(33 * MINUTE)
    expect(await notified.sendAll()).toBe(1)
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ state: 'delivered', attempt: 4, status: 200 }])
    expect(receiver.received).toHaveLength(4)
    expect(new Set(receiver.received.map(idOf)).size).toBe(1)
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    expect(new Set(receiver.received.map(({ path }) => path))).toEqual(new Set(['/']))
  })

  it('that never answers raises one alert after ten attempts, which the next success clears [NOTE-6, NOTE-9]', async () => {
    const { webhook } = await notified.webhook(receiver.origin, ['proposal.created'])
    const asked = await notified.ask()
    receiver.answer = (_, response) => void response.destroy()
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      expect([attempt, await notified.sendAll()]).toEqual([attempt, 1])
      notified.clock.advance(27 * HOUR)
    }
    expect(await notified.sendAll()).toBe(0)
    const [failed] = await deliveriesOf(webhook.id)
    expect(failed).toMatchObject({ state: 'failed', attempt: 10, error: 'ECONNRESET', subjectId: asked.id })
    const alerts = async () =>
      (await notified.test.admin.alerts.list()).items.filter(({ subjectId }) => subjectId === webhook.id)
    expect(await alerts()).toMatchObject([{ code: 'DELIVERY_FAILED', subjectId: webhook.id, clearedAt: null }])
    receiver.answer = (_, response) => void response.writeHead(200).end()
    await notified.test.admin.webhooks.replay(webhook.id, failed?.id ?? '')
    expect(await notified.sendAll()).toBe(1)
    expect(await alerts()).toMatchObject([{ code: 'DELIVERY_FAILED', clearedAt: expect.any(String) }])
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ state: 'delivered', attempt: 1 }])
    expect(new Set(receiver.received.map(idOf))).toEqual(new Set([failed?.id]))
    const [alert] = await alerts()
    const { items } = await notified.test.admin.journal.list({ subject: alert?.id ?? '' })
    expect(items.map(({ kind }) => kind)).toEqual(['alert.cleared', 'alert.raised'])
  })

  it('hears of one subject in order: what comes later waits, other subjects do not [NOTE-7, I-21]', async () => {
    await notified.webhook(receiver.origin, ['proposal.created', 'proposal.cancelled'])
    const first = await notified.ask()
    await notified.test.admin.proposals.cancel(first.id, 'No more.')
    let failures = 1
    receiver.answer = (request, response) => {
      const isFailing = bodyOf(request).subject === first.id && failures > 0
      if (isFailing) failures -= 1
      response.writeHead(isFailing ? 503 : 200).end()
    }
    const second = await notified.ask()
    await notified.sendAll()
    const told = () => receiver.received.map((request) => `${bodyOf(request).type} ${bodyOf(request).subject}`)
    expect(told().sort()).toEqual([`proposal.created ${first.id}`, `proposal.created ${second.id}`].sort())
    receiver.received.length = 0
    notified.clock.advance(6_000)
    await notified.sendAll()
    expect(told()).toEqual([`proposal.created ${first.id}`, `proposal.cancelled ${first.id}`])
  })

  it('that says it is gone is disabled, and told nothing more [NOTE-8]', async () => {
    const { webhook } = await notified.webhook(receiver.origin, ['proposal.created'])
    receiver.answer = (_, response) => void response.writeHead(410).end()
    await notified.ask()
    await notified.sendAll()
    await notified.ask()
    expect(await notified.sendAll()).toBe(0)
    expect(await notified.test.admin.webhooks.get(webhook.id)).toMatchObject({
      state: 'disabled',
      lastDelivery: { status: 410 },
    })
    const [delivery] = await deliveriesOf(webhook.id)
    await expect(notified.test.admin.webhooks.replay(webhook.id, delivery?.id ?? '')).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    const { items } = await notified.test.admin.journal.list({ kind: 'webhook.disabled' })
    expect(items.map(({ subjectId }) => subjectId)).toEqual([webhook.id])
  })

  it('is sent again on request, unless it is on its way [NOTE-6]', async () => {
    const { webhook } = await notified.webhook(receiver.origin, ['proposal.created'])
    await notified.ask()
    await notified.sendAll()
    const [delivery] = await deliveriesOf(webhook.id)
    const replay = () => notified.test.admin.webhooks.replay(webhook.id, delivery?.id ?? '')
    expect(await replay()).toMatchObject({ id: delivery?.id, state: 'pending', attempt: 0 })
    await expect(replay()).rejects.toMatchObject({ code: 'CONFLICT' })
    await notified.sendAll()
    const [first, second] = receiver.received
    expect(first && second && [idOf(first), first.body]).toEqual(first && second && [idOf(second), second.body])
    await expect(notified.test.admin.webhooks.replay(webhook.id, 'dlv_none')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('shows its secret once: no list, payload, delivery or row of the journal holds it [NOTE-2, I-33]', async () => {
    const { webhook, secret } = await notified.webhook(`${receiver.origin}/?key=canary-in-the-address`, [
      'webhook.created',
      'proposal.created',
    ])
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    await notified.ask()
    await notified.sendAll()
    const { admin } = notified.test
    const seen = [
      await admin.webhooks.list(),
      await admin.webhooks.get(webhook.id),
      await admin.webhooks.deliveries(webhook.id),
      await admin.journal.list({ limit: 100 }),
      receiver.received,
      notified.test.reports,
    ].map((each) => JSON.stringify(each))
    expect(seen.filter((text) => text.includes(secret.slice(6)))).toEqual([])
    expect(seen[3]).not.toContain('canary-in-the-address')
    expect(kinds()).toContain('proposal.created')
  })

  it.each([
    ['a private address', 'https://127.0.0.1/hook'],
    ['http', 'http://example.com/hook'],
    ['a password in the address', 'https://ana:secret@example.com/'],
    ['another port of an allowed host', 'http://127.0.0.1:1/'],
    ['no address', 'hook'],
  ])('is refused for %s [NOTE-3]', async (_, url) => {
    await expect(notified.webhook(url, ['proposal.created'])).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('is refused for kinds of events that there are not, and told nothing where its name leads inside [NOTE-3, NOTE-4]', async () => {
    for (const events of [[], ['proposal.made'], ['constructor'], ['*']]) {
      await expect(notified.webhook(receiver.origin, events)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
    const { webhook } = await notified.webhook(`https://localhost:${new URL(receiver.origin).port}/`, [
      'proposal.created',
    ])
    await notified.ask()
    await notified.sendAll()
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ state: 'pending', error: 'address_refused' }])
    expect(receiver.received).toEqual([])
  })
})
