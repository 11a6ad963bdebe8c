import { createServer, type Server } from 'node:http'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import type { Scope } from '../port/governor.ts'
import { connectGovernor } from './connect-governor.ts'

const TOKEN = 'pcp_secret-of-this-test'
const DEADLINE_MS = 1_000
const servers: Server[] = []

/** A scope of a governor that answers everything in the same way. */
async function scopeOn(
  body: unknown,
  { status = 200, type = 'application/json' }: { readonly status?: number; readonly type?: string } = {},
): Promise<Scope> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('It does not listen.')
  return scopeAt(`http://127.0.0.1:${address.port}/api`)
}

function scopeAt(url: string): Scope {
  const governor = connectGovernor({ url, token: TOKEN, deadlineMs: DEADLINE_MS })
  return governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

const TRIGGER = { agent: 'bot', action: 'refund.create', args: { cents: 5 } }

/** Expects that every question is denied with the code, in time, and that nothing runs. */
async function expectDenied(scope: Scope, code: string): Promise<void> {
  const begun = performance.now()
  let runs = 0
  const run = (): void => {
    runs += 1
  }
  const guarded = await scope.guard(TRIGGER, run)
  const denied = { route: 'denied', code, agent: 'bot', action: 'refund.create', source: 'ai_coordinator' }
  expect(guarded).toMatchObject({ status: 'withheld', decision: { ...denied, id: expect.stringMatching(/^dec_/) } })
  expect(await scope.decide(TRIGGER)).toMatchObject(denied)
  expect(await scope.decide(TRIGGER, { claim: true })).toMatchObject(denied)
  expect(await scope.check(TRIGGER)).toMatchObject(denied)
  expect(runs).toBe(0)
  expect(inspect(guarded, { depth: 10 })).not.toContain(TOKEN)
  expect(performance.now() - begun).toBeLessThan(4 * (DEADLINE_MS + 300))
}

const FACTS = {
  id: 'dec_1',
  agent: 'bot',
  action: 'refund.create',
  source: 'ai_coordinator',
  maturity: 'autonomous',
  risk: 'high',
  reason: 'It may.',
  warnings: [],
  policyVersion: 0,
  argsHash: null,
  decidedAt: '2026-01-01T00:00:00.000Z',
}
const EXECUTION = { ...FACTS, route: 'execution' }
const CALL = { args: null, attempt: 1, idempotencyKey: 'k', claim: { fence: 1, epochs: [], leaseMs: 30_000 } }
const PERMITTED = { status: 'permitted', decision: EXECUTION, call: CALL }

describe('a remote governor that answers', () => {
  it.each<[string, unknown, string]>([
    ['nothing that it knows', {}, 'GOVERNOR_ANSWER_INVALID'],
    ['a list', [], 'GOVERNOR_ANSWER_INVALID'],
    ['null', null, 'GOVERNOR_ANSWER_INVALID'],
    ['an empty body', '', 'GOVERNOR_ANSWER_INVALID'],
    ['half of JSON', '{"status":"permi', 'GOVERNOR_ANSWER_INVALID'],
    ['another route', { ...FACTS, route: 'constructor' }, 'GOVERNOR_ANSWER_INVALID'],
    ['health', { status: 'ok' }, 'GOVERNOR_ANSWER_INVALID'],
  ])('%s is understood as a denial', async (_, body, code) => {
    await expectDenied(await scopeOn(body), code)
  })

  it.each([
    ['a page', 200, 'text/html', 'GOVERNOR_ANSWER_INVALID'],
    ['a redirect', 302, 'text/html', 'GOVERNOR_ANSWER_INVALID'],
    ['the page of a proxy', 503, 'text/html', 'GOVERNOR_UNREACHABLE'],
    ['an error without a code', 500, 'application/json', 'GOVERNOR_UNREACHABLE'],
    ['not found', 404, 'application/json', 'GOVERNOR_ANSWER_INVALID'],
  ])('%s is understood as a denial', async (_, status, type, code) => {
    await expectDenied(await scopeOn('{}', { status, type }), code)
  })

  it.each(['STORE_UNAVAILABLE', 'CREDENTIAL_INVALID', 'PERMISSION_DENIED', 'WORKSPACE_MISMATCH', 'RATE_LIMITED'])(
    'the problem %s is a denial with that code',
    async (code) => {
      await expectDenied(
        await scopeOn({ code, detail: 'No.' }, { status: 403, type: 'application/problem+json' }),
        code,
      )
    },
  )

  it('not at all is a denial', async () => {
    await expectDenied(scopeAt('http://127.0.0.1:1/api'), 'GOVERNOR_UNREACHABLE')
  })

  it.each<[string, object]>([
    ['without a claim', { ...PERMITTED, call: { ...CALL, claim: null } }],
    ['without a call', { ...PERMITTED, call: undefined }],
    ['without a decision', { ...PERMITTED, decision: undefined }],
    ['with the decision of another agent', { ...PERMITTED, decision: { ...EXECUTION, agent: 'other' } }],
    ['with the decision of another action', { ...PERMITTED, decision: { ...EXECUTION, action: 'order.read' } }],
    ['with a denial', { ...PERMITTED, decision: { ...FACTS, route: 'denied', code: 'STOPPED' } }],
    ['with a proposal', { ...PERMITTED, decision: { ...FACTS, route: 'proposal', proposal: { id: 'p' } } }],
    ['with args that are no object', { ...PERMITTED, call: { ...CALL, args: [5] } }],
    ['with a claim without a fence', { ...PERMITTED, call: { ...CALL, claim: { ...CALL.claim, fence: '1' } } }],
    ['with a claim without a lease', { ...PERMITTED, call: { ...CALL, claim: { ...CALL.claim, leaseMs: 0 } } }],
    ['with a claim that rests on nobody', { ...PERMITTED, call: { ...CALL, claim: { ...CALL.claim, epochs: [7] } } }],
    ['by a status that is none', { ...PERMITTED, status: 'allowed' }],
    ['as a replay without an outcome', { status: 'replayed', decision: EXECUTION }],
    ['as withheld although it may run', { status: 'withheld', decision: EXECUTION }],
    ['as waiting without a session', { status: 'waiting', decision: { ...FACTS, route: 'supervision' } }],
  ])('a permission %s runs nothing', async (_, body) => {
    let runs = 0
    const scope = await scopeOn(body)
    const result = await scope.guard(TRIGGER, () => {
      runs += 1
    })
    expect(result).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'GOVERNOR_ANSWER_INVALID' } })
    expect(runs).toBe(0)
  })

  it('a whole permission runs it, so that the others say something', async () => {
    const scope = await scopeOn(PERMITTED)
    expect(await scope.guard(TRIGGER, ({ args }) => args)).toMatchObject({ status: 'executed', value: { cents: 5 } })
  })

  it('a denial with a code that it does not know is a denial', async () => {
    const scope = await scopeOn({ ...FACTS, route: 'denied', code: 'NEW_RULE' })
    expect(await scope.decide(TRIGGER)).toMatchObject({ route: 'denied', code: 'GOVERNOR_ANSWER_INVALID' })
    expect(await scope.check(TRIGGER)).toMatchObject({ route: 'denied', code: 'GOVERNOR_ANSWER_INVALID' })
  })

  it('a mistake of the host throws', async () => {
    const problem = { code: 'INPUT_INVALID', detail: 'body.run: too long.' }
    const scope = await scopeOn(problem, { status: 400, type: 'application/problem+json' })
    await expect(scope.decide(TRIGGER)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(scope.guard(TRIGGER, () => 'ran')).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(scope.check(TRIGGER)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('with nobody has no identity', async () => {
    const governor = connectGovernor({ url: 'http://127.0.0.1:1/api', token: TOKEN, deadlineMs: DEADLINE_MS })
    await expect(governor.authenticate(TOKEN)).rejects.toMatchObject({ code: 'GOVERNOR_UNREACHABLE' })
  })
})

describe('a schema of the host', () => {
  const schemaOf = (validate: () => never | Promise<never>): never =>
    ({ '~standard': { version: 1, vendor: 'test', validate } }) as never

  it.each([
    [
      'that throws',
      'INTERNAL',
      () => {
        throw new Error('broken')
      },
    ],
    ['that never answers', 'DEADLINE_EXCEEDED', () => new Promise<never>(() => undefined)],
  ] as const)('%s denies in time', async (_, code, validate) => {
    const scope = await scopeOn({ ...PERMITTED, actions: [{ name: 'refund.create', digest: 'a'.repeat(64) }] })
    await scope.registerActions({ 'refund.create': { args: schemaOf(validate) } })
    await expectDenied(scope, code)
  })
})

it.each([
  [{ url: 'nowhere', token: TOKEN }, 'OPTION_INVALID'],
  [{ url: 'http://127.0.0.1/api', token: '' }, 'CREDENTIAL_INVALID'],
  [{ url: 'http://127.0.0.1/api', token: TOKEN, deadlineMs: 0 }, 'OPTION_INVALID'],
])('is not connected by %j', (options, code) => {
  expect(() => connectGovernor(options)).toThrow(expect.objectContaining({ code }))
})
