import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { createTestClock, createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { dashboard } from '@preceptor/dashboard'
import { governanceApi } from '@preceptor/hono-middleware'
import { freePort } from '@preceptor/test-setup'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { doctor, listening as listenUntil, useSetups } from './doctor.test.helper.ts'

const { closing } = useSetups()
const listening = (app: Hono): Promise<string> => listenUntil(closing, app)

/** A Slack that knows one token; `posted` has what was said in its channel. */
async function startSlack() {
  const posted: unknown[] = []
  const app = new Hono()
  app.use(async (c, next) => {
    if (c.req.header('authorization') !== 'Bearer xoxb-good') return c.json({ ok: false, error: 'invalid_auth' })
    return next()
  })
  app.post('/auth.test', (c) => c.json({ ok: true, team: 'Desk', team_id: 'T0123456789', user: 'preceptor' }))
  app.post('/chat.postMessage', async (c) => {
    const body = await c.req.json()
    if (body.channel !== 'C0123456789') return c.json({ ok: false, error: 'channel_not_found' })
    posted.push(body.text)
    return c.json({ ok: true, ts: '1.1' })
  })
  return { url: `${await listening(app)}/`, posted }
}

/** A mail server that does not know `nobody@example.com`; `taken` has for whom it took mail. */
async function startMail() {
  const taken: string[] = []
  const server = createServer((socket) => {
    let to = ''
    let isData = false
    const answerTo = (line: string): string | undefined => {
      const word = isData ? line : line.slice(0, 4).toUpperCase()
      if (isData && word !== '.') return undefined
      if (isData) taken.push(to)
      isData = word === 'DATA'
      if (word === 'RCPT') to = /<(.*)>/.exec(line)?.[1] ?? ''
      if (word === 'RCPT' && to.startsWith('nobody')) return '550 no such mailbox'
      return isData ? '354 go on' : '250 ok'
    }
    socket.on('error', () => undefined)
    let rest = ''
    socket.on('data', (chunk) => {
      const lines = `${rest}${chunk}`.split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const answer = answerTo(line)
        if (answer !== undefined) socket.write(`${answer}\r\n`)
      }
    })
    socket.write('220 mail\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}?tls=off`, taken }
}

const SLACK = { SLACK_BOT_TOKEN: 'xoxb-good', SLACK_SIGNING_SECRET: '0123456789abcdef', SLACK_CHANNEL: 'C0123456789' }
const MAIL = {
  SMTP_FROM: 'gate@example.com',
  PRECEPTOR_PUBLIC_URL: 'https://127.0.0.1:1/dashboard',
  PRECEPTOR_EMAIL_RECIPIENTS: 'ana=ana@example.com,ben=ben@example.com',
}

describe('a channel that is set up wrongly is told so by the doctor [OPS-10]', () => {
  it('Slack: it sends nothing unasked, and one message when it is asked to', async () => {
    const { url, posted } = await startSlack()
    const env = { ...SLACK, SLACK_API_URL: url }
    expect((await doctor(env)).found('slack')).toMatchObject({ state: 'ok', message: expect.stringContaining('Desk') })
    expect(posted).toEqual([])
    expect((await doctor(env, '--send')).found('slack')?.state).toBe('ok')
    expect(posted).toEqual([expect.stringContaining('test')])
  })

  it.each([
    ['another token', { SLACK_BOT_TOKEN: 'xoxb-secret-word' }, [], /invalid_auth/],
    ['another team', { SLACK_TEAM: 'T9999999999' }, [], /T0123456789/],
    ['a channel that it is not in', { SLACK_CHANNEL: 'C9999999999' }, ['--send'], /channel_not_found/],
    ['nobody there', { SLACK_API_URL: 'http://127.0.0.1:1/' }, [], /not reached/],
    ['a part of it missing', { SLACK_SIGNING_SECRET: '' }, [], /SLACK_BOT_TOKEN/],
  ])('Slack with %s', async (_, wrong, flags, message) => {
    const { url } = await startSlack()
    const { code, found, printed } = await doctor({ ...SLACK, SLACK_API_URL: url, ...wrong }, ...flags)
    expect([code, found('slack')]).toMatchObject([1, { state: 'failed', message: expect.stringMatching(message) }])
    expect(printed).not.toContain('secret-word')
  })

  it('e-mail: it sends nothing unasked, and to those only who were named', async () => {
    const { url, taken } = await startMail()
    const env = { ...MAIL, SMTP_URL: url }
    expect((await doctor(env)).found('email')).toMatchObject({ state: 'ok', message: expect.stringContaining('2') })
    expect(taken).toEqual([])
    expect((await doctor(env, '--send', '--to', 'ben')).found('email')?.state).toBe('ok')
    expect(taken).toEqual(['ben@example.com'])
    expect((await doctor(env, '--send')).found('email')?.state).toBe('ok')
    expect(taken.toSorted()).toEqual(['ana@example.com', 'ben@example.com', 'ben@example.com'])
  })

  it('e-mail to a mailbox that is not there, to nobody, and through nobody', async () => {
    const { url } = await startMail()
    const env = { ...MAIL, SMTP_URL: url, PRECEPTOR_EMAIL_RECIPIENTS: 'ana=ana@example.com,zoe=nobody@example.com' }
    const refused = (await doctor(env, '--send')).found('email')
    expect(refused).toMatchObject({ state: 'failed', message: expect.stringMatching(/^zoe: .*550/) })
    expect((await doctor(env, '--send', '--to', 'none')).found('email')?.state).toBe('failed')
    const away = await doctor({ ...env, SMTP_URL: `smtp://ana:secret-word@127.0.0.1:${await freePort()}?tls=off` })
    expect([away.found('email')?.state, away.printed.includes('secret-word')]).toEqual(['failed', false])
  })

  it('takes no addressees where nothing is sent', async () => {
    await expect(doctor({}, '--to', 'ana').then(({ code }) => code)).resolves.toBe(2)
  })
})

describe('what others keep is looked at by the doctor [OPS-11]', () => {
  const traces = (status: 200 | 404, seen: (string | undefined)[] = []) =>
    listening(
      new Hono().post('/v1/traces', async (c) => {
        seen.push(c.req.header('x-key'), await c.req.text())
        return c.body(null, status)
      }),
    )

  it('an exporter takes an export without a span, by its headers', async () => {
    const seen: (string | undefined)[] = []
    const url = await traces(200, seen)
    const { found } = await doctor({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
    })
    expect([found('telemetry')?.state, seen]).toEqual(['ok', ['a b', '']])
    const grpc = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }
    expect((await doctor(grpc)).found('telemetry')?.state).toBe('ok')
  })

  it('an exporter is away, refuses, or is none', async () => {
    const gone = `http://127.0.0.1:${await freePort()}`
    for (const env of [
      { OTEL_EXPORTER_OTLP_ENDPOINT: gone },
      { OTEL_EXPORTER_OTLP_ENDPOINT: gone, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: await traces(404) },
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' },
    ]) {
      const { code, found } = await doctor(env)
      expect([env, code, found('telemetry')?.state]).toEqual([env, 1, 'failed'])
    }
  })

  it('a provider of sign-in is away, or another one', async () => {
    const app = new Hono()
    const issuer = await listening(app)
    let stated = issuer
    app.get('/.well-known/openid-configuration', (c) => c.json({ issuer: stated }))
    const env = (PRECEPTOR_OIDC_ISSUER: string) => ({
      PRECEPTOR_OIDC_ISSUER,
      PRECEPTOR_OIDC_CLIENT_ID: 'desk',
      PRECEPTOR_PUBLIC_URL: 'http://127.0.0.1:1/dashboard',
    })
    expect((await doctor(env(issuer))).found('sign-in')?.state).toBe('ok')
    stated = 'https://elsewhere.example'
    expect((await doctor(env(issuer))).found('sign-in')).toMatchObject({ message: expect.stringContaining('another') })
    const gone = await doctor(env(`http://127.0.0.1:${await freePort()}`))
    expect([gone.code, gone.found('sign-in')?.state]).toEqual([1, 'failed'])
    expect((await doctor({ PRECEPTOR_OIDC_ISSUER: issuer })).found('sign-in')?.code).toBe('OPTION_INVALID')
  })
})

describe('what people and others are told by a server is looked at by the doctor [OPS-11]', () => {
  const clock = createTestClock({ at: Date.now() })
  let test: TestGovernor
  let receiver = { url: '', status: 204 as 204 | 500, got: [] as string[] }
  const keys: Record<string, string> = {}

  beforeAll(async () => {
    const port = await freePort()
    receiver = { ...receiver, url: `http://127.0.0.1:${port}` }
    test = await createTestGovernor({ clock, settings: { deadlineMs: 20_000 }, outbound: { allow: [receiver.url] } })
    for (const [id, role] of [
      ['ada', 'admin'],
      ['sam', 'supervisor'],
    ] as const) {
      await test.admin.members.put(id, { displayName: id, roles: [role] })
      const asked = { displayName: id, principalKind: 'user', principalId: id, roles: [role] } as const
      keys[id] = (await test.admin.keys.create(asked)).secret
    }
  }, 120_000)
  afterAll(() => test.close())

  const planeOf = async (who = 'ada') => ({
    PRECEPTOR_URL: `${await listening(new Hono().route('/api', governanceApi(test.governor)))}/api`,
    PRECEPTOR_TOKEN: keys[who] ?? '',
  })

  it('the dashboard, as people reach it', async () => {
    const desk = new Hono().route('/dashboard', dashboard(test.governor))
    const found = async (app: Hono, path = '/dashboard') =>
      (await doctor({ PRECEPTOR_PUBLIC_URL: `${await listening(app)}${path}` })).found('dashboard')
    expect(await found(desk)).toMatchObject({ state: 'ok' })
    expect(await found(new Hono())).toMatchObject({ state: 'failed', message: expect.stringContaining('404') })
    const bare = new Hono().use(async (c, next) => {
      await next()
      c.res.headers.delete('content-security-policy')
    })
    expect(await found(bare.route('/', desk))).toMatchObject({ message: expect.stringContaining('Policy') })
    const cut = new Hono().get('/desk', (c) => desk.request('/dashboard', c.req.raw))
    expect(await found(cut, '/desk')).toMatchObject({ state: 'failed', message: expect.stringContaining('loads') })
    const gone = `http://127.0.0.1:${await freePort()}/dashboard`
    expect((await doctor({ PRECEPTOR_PUBLIC_URL: gone })).found('dashboard')?.state).toBe('warning')
  }, 60_000)

  it('webhooks: a test goes to each when it is asked for, and the path of none is shown [OPS-10]', async () => {
    const { webhook } = await test.admin.webhooks.create({
      url: `${receiver.url}/secret-path`,
      events: ['alert.raised'],
    })
    const plane = await planeOf()
    expect((await doctor(plane)).found('webhooks')?.state).toBe('ok')
    const away = await doctor(plane, '--send')
    expect([away.code, away.found('webhooks')]).toMatchObject([
      1,
      { state: 'failed', message: expect.stringContaining('ECONNREFUSED') },
    ])
    expect(away.printed).not.toContain('secret-path')
    expect((await doctor(await planeOf('sam'), '--send')).found('webhooks')?.state).toBe('skipped')
    await test.admin.webhooks.remove(webhook.id)
  })

  it('alerts that are open', async () => {
    const plane = await planeOf()
    expect((await doctor(plane)).found('alerts')?.state).toBe('ok')
    await test.register('bot', 'intern')
    const { id } = await test.admin.bypasses.set({ target: 'agent', agent: 'bot', reason: 'a test' })
    await test.governor.jobs.run('check-alerts', { workspace: 'default' })
    expect((await test.admin.alerts.list({ state: 'open' })).items).toMatchObject([{ code: 'BYPASS_ACTIVE' }])
    // It is to be known, and nothing to be called for.
    expect((await doctor(plane)).found('alerts')?.state).toBe('ok')
    await test.admin.bypasses.lift(id, 'a test')
    // What is critical needs two, and one is left.
    await test.admin.members.remove('sam')
    const asked = await test.agent('bot').decide({ agent: 'bot', action: 'ledger.close', args: {} })
    expect(asked.route).toBe('proposal')
    clock.advance(60_000)
    await test.governor.jobs.run('check-alerts', { workspace: 'default' })
    expect((await doctor(plane)).found('alerts')).toMatchObject({
      state: 'warning',
      message: expect.stringContaining('NO_APPROVER'),
    })
  })
})
