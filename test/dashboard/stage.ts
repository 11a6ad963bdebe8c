import { createServer, request as httpRequest, type Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type {
  ActionDefinitions,
  ControlScope,
  GuardCall,
  JsonObject,
  PreviewBlock,
  Proposal,
  Trigger,
} from '@preceptor/client'
import type { GovernorOptions } from '@preceptor/core'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { dashboard } from '@preceptor/dashboard'
import { createLearning, type LearningOptions } from '@preceptor/learning'
import { learningRoutes } from '@preceptor/learning/hono'
import { createOrchestration } from '@preceptor/orchestration'
import { orchestrationRoutes } from '@preceptor/orchestration/hono'
import { createWorker, type GovernanceWorker } from '@preceptor/worker'
import { Hono } from 'hono'
import { afterAll, beforeAll } from 'vitest'

/** A plane with its dashboard, people who decide, and an agent that asks. */
export interface Stage {
  readonly test: TestGovernor
  /** What was really run, in order: the args that the executor got. */
  readonly effects: readonly JsonObject[]
  /** Keys of the people: ada administers, ana and ben decide, vic only reads. */
  readonly keys: Readonly<Record<'ada' | 'ana' | 'ben' | 'vic', string>>
  readonly ben: ControlScope
  /** Where the dashboard is mounted, by name. */
  readonly mounts: Readonly<Record<'root' | 'deep' | 'proxied', string>>
  ask(extra?: Partial<Trigger>): Promise<Proposal>
  now(proposal: Proposal): Promise<Proposal>
}

/** Schema of the args of a refund. */
const REFUND = {
  type: 'object',
  required: ['amountCents', 'to'],
  additionalProperties: false,
  properties: {
    amountCents: { type: 'integer', minimum: 1, maximum: 500_000 },
    to: { type: 'string' },
    reason: { type: 'string' },
    notify: { type: 'boolean' },
    method: { enum: ['card', 'bank'] },
    items: { type: 'array' },
  },
} as const

const MAIL = {
  type: 'object',
  properties: { body: { type: 'string' }, token: { type: 'string', writeOnly: true } },
} as const

/** One block of every kind, each with what the agent wrote in it. */
function previewOfMail({ body }: JsonObject): readonly PreviewBlock[] {
  const text = String(body)
  return [
    { kind: 'kv', items: [{ label: text, value: text }] },
    { kind: 'text', text },
    { kind: 'diff', before: text, after: `${text}!` },
    { kind: 'code', code: text, language: 'html' },
    { kind: 'table', columns: [text, 'n'], rows: [[text, 1]] },
    { kind: 'money', amount: 124_000, currency: 'EUR', label: text },
    { kind: 'recipients', items: [text, 'b@example.com'] },
    { kind: 'link', url: 'https://example.com/a', label: text },
    { kind: 'warning', text },
  ]
}

/** What a reviewer was shown. */
export const shown = ({ version, actionHash }: Proposal): Pick<Proposal, 'version' | 'actionHash'> => ({
  version,
  actionHash,
})

/** What is other than on any stage. */
export interface StageOptions
  extends Pick<GovernorOptions, 'settings' | 'outbound' | 'reviewers' | 'metaAgent' | 'scenarios'> {
  /** Milliseconds that the plane is behind the present: what happened weeks ago is put in by letting them pass. */
  readonly offsetMs?: () => number
  readonly learning?: LearningOptions
  /** Actions beside those of every stage. */
  readonly actions?: ActionDefinitions
}

/** Opens a stage for the tests of a file; options that are a function are asked for once the hooks before it have run. */
export function useStage(options: StageOptions | (() => StageOptions) = {}): Stage {
  const effects: JsonObject[] = []
  const closing: (() => Promise<unknown>)[] = []
  let opened: Omit<Stage, 'ask' | 'now' | 'effects'> | undefined
  let asked = 0
  const stage = (): Omit<Stage, 'ask' | 'now' | 'effects'> => {
    if (opened === undefined) throw new Error('The stage is there only inside tests and hooks.')
    return opened
  }
  beforeAll(async () => {
    opened = await openStage(effects, closing, typeof options === 'function' ? options() : options)
  })
  afterAll(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  return {
    get test() {
      return stage().test
    },
    get keys() {
      return stage().keys
    },
    get ben() {
      return stage().ben
    },
    get mounts() {
      return stage().mounts
    },
    effects,
    async ask(extra = {}) {
      asked += 1
      const args = { amountCents: 1240, to: `customer-${asked}` }
      const trigger = { agent: 'billing-bot', action: 'refund.create', args, idempotencyKey: `ask-${asked}`, ...extra }
      const decision = await stage().test.agent(trigger.agent).decide(trigger)
      if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
      return stage().test.admin.proposals.get(decision.proposal.id)
    },
    now: ({ id }) => stage().test.admin.proposals.get(id),
  }
}

async function openStage(
  effects: JsonObject[],
  closing: (() => Promise<unknown>)[],
  { offsetMs, learning, actions, ...options }: StageOptions,
): Promise<Omit<Stage, 'ask' | 'now' | 'effects'>> {
  const execute = ({ args }: GuardCall): string => {
    effects.push(args)
    return 'paid'
  }
  const test = await createTestGovernor({
    ...options,
    plugins: [createLearning(learning), createOrchestration()],
    ...(offsetMs && { clock: { now: () => Date.now() + offsetMs(), monotonic: () => performance.now() } }),
    actions: {
      'refund.create': { risk: 'high', args: REFUND, execute, summary: ({ to }) => `Refund to ${String(to)}` },
      'mail.send': { risk: 'medium', args: MAIL, execute, preview: previewOfMail },
      'note.write': { risk: 'medium', execute },
      'ledger.close': { risk: 'critical', execute },
      ...actions,
    },
  })
  closing.push(() => test.close())
  const worker: GovernanceWorker = await createWorker(test.governor, { concurrency: 2 })
  closing.push(() => worker.close())
  await test.register('billing-bot', 'intern')
  const keyOf = async (id: string, role: 'admin' | 'supervisor' | 'viewer'): Promise<string> => {
    await test.admin.members.put(id, { displayName: id, roles: [role] })
    const request = { displayName: id, principalKind: 'user', principalId: id, roles: [role] } as const
    return (await test.admin.keys.create(request)).secret
  }
  const keys = {
    ada: await keyOf('ada', 'admin'),
    ana: await keyOf('ana', 'supervisor'),
    ben: await keyOf('ben', 'supervisor'),
    vic: await keyOf('vic', 'viewer'),
  }
  const routes = [learningRoutes(), orchestrationRoutes()]
  const root = new Hono().route('/', dashboard(test.governor, { routes }))
  const deep = new Hono().route('/admin/governance', dashboard(test.governor, { routes }))
  const rootServer = await listen(createAdaptorServer({ fetch: root.fetch }) as Server)
  const deepServer = await listen(createAdaptorServer({ fetch: deep.fetch }) as Server)
  const proxy = await listen(stripping('/outside', rootServer.port))
  closing.push(rootServer.close, deepServer.close, proxy.close)
  const mounts = {
    root: `http://127.0.0.1:${rootServer.port}`,
    deep: `http://127.0.0.1:${deepServer.port}/admin/governance`,
    proxied: `http://127.0.0.1:${proxy.port}/outside`,
  }
  return { test, keys, ben: test.user('ben', 'supervisor'), mounts }
}

interface Listening {
  readonly port: number
  close(): Promise<unknown>
}

async function listen(server: Server): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server does not listen.')
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}

/** A proxy that takes a prefix off the path and says which one. */
function stripping(prefix: string, port: number): Server {
  return createServer((incoming, response) => {
    const path = (incoming.url ?? '').slice(prefix.length) || '/'
    const headers = { ...incoming.headers, 'x-forwarded-prefix': prefix }
    const onward = httpRequest({ host: '127.0.0.1', port, path, method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
}
