import { createTestClock, createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { governanceApi } from './governance-api.ts'
import { notificationRoutes } from './notification-routes.ts'

// Nobody listens there.
const NOBODY = 'http://127.0.0.1:9'
const clock = createTestClock()
let test: TestGovernor
let key = ''

beforeAll(async () => {
  test = await createTestGovernor({ clock, outbound: { allow: [NOBODY] } })
  await test.admin.members.put('root', { displayName: 'Root', roles: ['admin'] })
  const request = { displayName: 'k', principalKind: 'user', principalId: 'root', roles: ['admin'] } as const
  key = (await test.admin.keys.create(request)).secret
})
afterAll(() => test.close())

// What an answer holds is what each test is about.
type Body = ReturnType<typeof JSON.parse>

const asked = new Set<string>()
const nameOf = ({ method, path }: (typeof notificationRoutes)[number]): string => `${method} ${path}`

/** Asks a route, whose answer must fit the schema that it declares. */
async function ask(name: string, id: string, parts: { body?: object; headers?: Record<string, string> } = {}) {
  const [method = '', path = ''] = name.split(' ')
  const route = notificationRoutes.find((candidate) => nameOf(candidate) === name)
  if (route === undefined) throw new Error(`There is no route ${name}.`)
  asked.add(name)
  const response = await governanceApi(test.governor).request(path.replace(/\{\w+\}/, id), {
    method: method.toUpperCase(),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...parts.headers },
    ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
  })
  const body = (await response.json()) as Body
  if (response.ok) expect([name, route.response.safeParse(body).error?.issues]).toEqual([name, undefined])
  return { status: response.status, body }
}

describe('the API', () => {
  it('answers what was sent, and replays it, without the secret [HTTP-4, NOTE-2, NOTE-6]', async () => {
    const body = { url: `${NOBODY}/hook`, events: ['agent.registered'] }
    const headers = { 'idempotency-key': 'one' }
    const created = await ask('post /webhooks', '', { body, headers })
    expect([created.status, created.body.secret]).toEqual([201, expect.stringMatching(/^whsec_/)])
    const again = await ask('post /webhooks', '', { body, headers })
    expect([again.status, again.body.code]).toEqual([409, 'IDEMPOTENCY_SECRET'])
    const { id } = created.body.webhook
    await test.register('heard-of', 'student')
    await expect.poll(async () => (await test.admin.journal.verify()).unsealed).toBe(0)
    await test.governor.jobs.notify(10)
    const listed = await ask('get /webhooks/{id}/deliveries', id)
    expect(listed.body.items).toMatchObject([{ state: 'pending', attempt: 1, error: 'ECONNREFUSED' }])
    const delivery = listed.body.items[0].id
    const early = await ask('post /webhooks/{id}/replay', id, { body: { delivery } })
    expect([early.status, early.body.code]).toEqual([409, 'CONFLICT'])
    for (let attempt = 1; attempt < 10; attempt += 1) {
      clock.advance(27 * 3_600_000)
      await test.governor.jobs.notify(10)
    }
    expect((await ask('post /webhooks/{id}/replay', id, { body: { delivery } })).body).toMatchObject({
      state: 'pending',
    })
    const tried = await ask('post /webhooks/{id}/test', id, { body: {} })
    expect([tried.status, tried.body.outcome, tried.body.error]).toEqual([200, 'failed', 'ECONNREFUSED'])
    const shown = await ask('get /webhooks/{id}', id)
    expect((await ask('get /webhooks', '')).body.items).toHaveLength(1)
    const removed = await ask('delete /webhooks/{id}', id)
    expect([shown.status, removed.status, (await ask('get /webhooks/{id}', id)).status]).toEqual([200, 200, 404])
    expect(JSON.stringify([listed, shown, removed])).not.toContain(created.body.secret.slice(6))
  })

  it('answers what is wrong, and takes note of who looks at it [HTTP-4, NOTE-9]', async () => {
    const { items } = (await ask('get /alerts', '')).body
    expect(items).toMatchObject([{ code: 'DELIVERY_FAILED', clearedAt: null }])
    const [{ id }] = items
    const acknowledged = await ask('post /alerts/{id}/acknowledge', id, { body: {} })
    expect(acknowledged.body).toMatchObject({ acknowledgedBy: 'user:root' })
    const until = new Date(clock.now() + 600_000).toISOString()
    expect((await ask('post /alerts/{id}/mute', id, { body: { until } })).body).toMatchObject({ mutedUntil: until })
    expect((await ask('post /alerts/{id}/mute', id, { body: {} })).status).toBe(400)
  })

  it('answers the rules of alerts, and changes them within their bounds [HTTP-4, ALERT-1, ALERT-2]', async () => {
    const { rules, audiences } = (await ask('get /alerts/settings', '')).body
    expect(rules).toContainEqual(expect.objectContaining({ code: 'AGENT_STUCK', isOn: true, revision: 0 }))
    expect(audiences).toEqual([])
    const change = { thresholds: { days: 7 }, basedOn: 0, reason: 'A week is long enough.' }
    const changed = await ask('put /alerts/rules/{code}', 'AGENT_STUCK', { body: change })
    expect(changed.body).toMatchObject({ revision: 1, changedBy: 'user:root', thresholds: [{ value: 7, default: 14 }] })
    expect((await ask('put /alerts/rules/{code}', 'AGENT_STUCK', { body: change })).body.code).toBe('CONFLICT')
    const wild = { ...change, thresholds: { days: 1 } }
    const refused = await ask('put /alerts/rules/{code}', 'AGENT_STUCK', { body: wild })
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining('from 3 to 90 (days)')])
    const preview = await ask('post /alerts/rules/{code}/preview', 'AGENT_STUCK', { body: { thresholds: { days: 3 } } })
    expect(preview.body).toEqual({ code: 'AGENT_STUCK', count: 0, causes: [] })
    expect((await ask('put /alerts/audiences/{target}', 'nobody', { body: { from: 'critical' } })).status).toBe(404)
    const { webhook } = await test.admin.webhooks.create({ url: `${NOBODY}/later`, events: ['alert.raised'] })
    const told = await ask('put /alerts/audiences/{target}', webhook.id, { body: { from: 'critical' } })
    expect(told.body).toMatchObject({ target: webhook.id, from: 'critical', changedBy: 'user:root' })
    expect((await ask('get /alerts/settings', '')).body.audiences).toEqual([told.body])
  })

  it('answers whom an escalation tells, and when [HTTP-4, NOTE-12]', async () => {
    const body = {
      name: 'Refunds',
      match: { risks: ['high'], agent: 'teller' },
      steps: [
        { afterMs: 60_000, notify: { role: 'supervisor' } },
        { afterMs: 0, notify: { user: 'ana' } },
      ],
      repeat: 1,
    }
    const created = await ask('post /escalations', '', { body })
    expect([created.status, created.body]).toMatchObject([201, body])
    expect((await ask('get /escalations', '')).body.items).toEqual([created.body])
    const { id } = created.body
    expect((await ask('delete /escalations/{id}', id)).body).toEqual(created.body)
    expect((await ask('delete /escalations/{id}', id)).status).toBe(404)
    const confused = { ...body, steps: [{ afterMs: 0, notify: { role: 'supervisor', user: 'ana' } }] }
    expect((await ask('post /escalations', '', { body: confused })).status).toBe(400)
  })

  it('answers every route about notifications [HTTP-4]', () => {
    expect(notificationRoutes.map(nameOf).filter((name) => !asked.has(name))).toEqual([])
  })
})
