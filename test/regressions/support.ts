import type {
  ActionDefinitions,
  ControlScope,
  GuardResult,
  JsonObject,
  Proposal,
  Scope,
  Trigger,
} from '@preceptor/client'
import {
  createFailpoints,
  createTestClock,
  createTestGovernor,
  type Failpoints,
  type TestGovernor,
} from '@preceptor/core/testing'
import { governanceApi } from '@preceptor/hono-middleware'
import { createTestDatabase, type TestDatabase } from '@preceptor/test-setup'
import { Hono } from 'hono'
import { afterAll, beforeAll } from 'vitest'

/** A proposal, and the attempt that it came from. */
export interface Asked {
  readonly trigger: Trigger
  readonly proposal: Proposal
}

/** An answer over HTTP. */
export interface HttpAnswer {
  readonly status: number
  readonly body: { readonly code?: string; readonly state?: string; readonly decidedBy?: readonly string[] }
}

/** A governor with a REST API, and what these tests keep asking for. */
export interface Bench {
  readonly test: TestGovernor
  readonly failpoints: Failpoints
  readonly bot: Scope & ControlScope
  /** What ran, in order: the args of each. */
  readonly ran: JsonObject[]
  pass(milliseconds: number): void
  ask(extra?: Partial<Trigger>): Promise<Asked>
  run(trigger: Trigger): Promise<GuardResult<string>>
  now(proposal: Proposal): Promise<Proposal>
  count(): Promise<number>
  keyOf(principalId: string, principalKind: 'agent' | 'user' | 'service'): Promise<string>
  http(key: string, path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>
}

/** What a reviewer was shown. */
export const shown = ({ version, actionHash }: Proposal): Pick<Proposal, 'version' | 'actionHash'> => ({
  version,
  actionHash,
})

const SETTINGS = { deadlineMs: 20_000 }
const PEOPLE = { ana: 'supervisor', ben: 'supervisor', vic: 'viewer' } as const

/** Embedded and in memory where there is no server. */
async function placeOf(): Promise<TestDatabase | undefined> {
  return process.env.DATABASE_URL === undefined ? undefined : await createTestDatabase()
}

function actionsOf(ran: JsonObject[]): ActionDefinitions {
  const execute = ({ args }: { readonly args: JsonObject }): null => {
    ran.push(args)
    return null
  }
  return {
    'refund.create': { risk: 'high' },
    'ledger.close': { risk: 'critical' },
    'mail.post': { risk: 'high', execute },
  }
}

/** Opens a governor for the tests of a file. */
export function useBench(): Bench {
  let test: TestGovernor | undefined
  let app: Hono | undefined
  let database: TestDatabase | undefined
  let attempts = 0
  const clock = createTestClock()
  const failpoints = createFailpoints()
  const ran: JsonObject[] = []
  const open = (): TestGovernor => {
    if (test === undefined) throw new Error('The governor is there only inside tests and hooks.')
    return test
  }
  beforeAll(async () => {
    database = await placeOf()
    const place = database === undefined ? {} : { database: database.url }
    test = await createTestGovernor({
      ...place,
      clock,
      actions: actionsOf(ran),
      testing: failpoints,
      settings: SETTINGS,
    })
    app = new Hono().route('/api', governanceApi(test.governor))
    await test.register('bot', 'intern')
    for (const [id, role] of Object.entries(PEOPLE))
      await test.admin.members.put(id, { displayName: id, roles: [role] })
  })
  afterAll(async () => {
    await test?.close()
    await database?.drop()
  })
  const scopeOf = (agent: string): Bench['bot'] => open().agent(agent) as Bench['bot']
  return {
    failpoints,
    ran,
    get test() {
      return open()
    },
    get bot() {
      return scopeOf('bot')
    },
    pass: clock.advance,
    async ask(extra = {}) {
      attempts += 1
      const trigger = {
        agent: 'bot',
        action: 'refund.create',
        args: { n: attempts },
        idempotencyKey: `a-${attempts}`,
        ...extra,
      }
      const decision = await scopeOf(trigger.agent).decide(trigger)
      if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
      return { trigger, proposal: await open().admin.proposals.get(decision.proposal.id) }
    },
    run: (trigger) =>
      scopeOf(trigger.agent).guard(trigger, ({ args }) => {
        ran.push(args)
        return 'ran'
      }),
    now: ({ id }) => open().admin.proposals.get(id),
    count: async () => (await open().admin.proposals.list({ limit: 100 })).items.length,
    async keyOf(principalId, principalKind) {
      const role = Object.entries(PEOPLE).find(([id]) => id === principalId)?.[1]
      const rights =
        principalKind === 'service' ? { scopes: ['triggers.decide'], agents: ['bot'] } : { roles: role ? [role] : [] }
      return (await open().admin.keys.create({ displayName: 'test', principalId, principalKind, ...rights })).secret
    },
    http: (key, path, body, headers = {}) => post(app, { key, path, body, headers }),
  }
}

async function post(
  app: Hono | undefined,
  request: {
    readonly key: string
    readonly path: string
    readonly body: object
    readonly headers: Readonly<Record<string, string>>
  },
): Promise<HttpAnswer> {
  if (app === undefined) throw new Error('The API is there only inside tests and hooks.')
  const response = await app.request(`/api${request.path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${request.key}`, 'content-type': 'application/json', ...request.headers },
    body: JSON.stringify(request.body),
  })
  return { status: response.status, body: (await response.json()) as HttpAnswer['body'] }
}
