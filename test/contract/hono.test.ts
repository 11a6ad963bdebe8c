import type { Governor } from '@preceptor/client'
import type { ContractAttempt, TestGovernor } from '@preceptor/core/testing'
import { type GovernanceEnv, type GovernanceOptions, governance, governed, identify } from '@preceptor/hono-middleware'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { type Adapter, runContract } from './run-contract.ts'

type Mount = (app: Hono<GovernanceEnv>, governor: Governor, options: GovernanceOptions, handle: Handle) => void
type Handle = (c: Context<GovernanceEnv>) => Promise<Response>

const CENTS = { body: z.object({ cents: z.int() }) }

async function adapt(test: TestGovernor, own: Governor, mount: Mount): Promise<Adapter> {
  const keys = new Map<string, string>()
  const keyOf = async (agent: string): Promise<string> => {
    const known = keys.get(agent)
    if (known !== undefined) return known
    const request = { displayName: agent, principalKind: 'agent', principalId: agent } as const
    const { secret } = await test.admin.keys.create(request)
    keys.set(agent, secret)
    return secret
  }
  for (const agent of ['student', 'intern', 'supervised', 'autonomous']) await keyOf(agent)
  return {
    controlFlow: () => new Error('The host steers by this.'),
    attempt: async (attempt) =>
      send(attempt, { governor: attempt.governor ?? own, mount, secret: await keyOf(attempt.agent) }),
  }
}

async function send(
  attempt: ContractAttempt,
  { governor, mount, secret }: { readonly governor: Governor; readonly mount: Mount; readonly secret: string },
): Promise<{ thrown?: unknown }> {
  const { action, args = {}, key, needsCents, risk, signal, tamper, effect } = attempt
  const app = new Hono<GovernanceEnv>()
  let thrown: unknown
  app.onError((error, c) => {
    thrown = error
    return c.text('The host answers for itself.', 500)
  })
  const handle: Handle = async (c) => {
    const call = c.var.governance
    await effect({ args: call.args, signal: call.signal })
    return c.json({ ok: true })
  }
  const tampered = (c: Context): Request => new Request(c.req.raw, { body: JSON.stringify(tamper) })
  app.use('/act', async (c, next) => {
    if (tamper !== undefined) c.req.raw = tampered(c)
    await next()
  })
  mount(app, governor, { action, ...(needsCents && { schema: CENTS }), ...(risk && { risk }) }, handle)
  const headers = {
    authorization: `Bearer ${secret}`,
    'content-type': 'application/json',
    ...(key && { 'idempotency-key': key }),
  }
  await app.request('/act', { method: 'POST', headers, body: JSON.stringify(args), ...(signal && { signal }) })
  return thrown === undefined ? {} : { thrown }
}

runContract('Hono governed()', (test, own) =>
  adapt(test, own, (app, governor, options, handle) => void app.post('/act', governed(governor, options, handle))),
)

runContract('Hono governance()', (test, own) =>
  adapt(
    test,
    own,
    (app, governor, options, handle) => void app.post('/act', identify(governor), governance(options), handle),
  ),
)
