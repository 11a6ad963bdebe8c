import {
  type ActionDefinition,
  GovernanceError,
  type Governor,
  type GuardCall,
  type GuardResult,
  type Identity,
  type JsonObject,
  type JsonValue,
  type Scope,
  type Trigger,
  type TriggerType,
  type WithheldResult,
} from '@preceptor/client'
import type { Context, Handler, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { GovernanceEnv } from './environment.ts'
import { argsSchema, type RequestSchema, readHttpArgs } from './http-args.ts'
import { assertClaims, authenticateRequest } from './identify.ts'
import { inTraceOf } from './in-trace-of.ts'
import { errorResponse, problemResponse, toProblem } from './problem.ts'
import { traceIdOf } from './requests/trace-id.ts'
import { repeatSnapshot, takeSnapshot } from './response-snapshot.ts'

/** What a governed route attempts, and how. */
export interface GovernanceOptions extends Omit<ActionDefinition, 'args'> {
  /** Name of the action, such as `refund.create`; it is registered with the options beside it, at risk `high` unless stated. */
  readonly action: string
  /** The agent that acts on this route; default: that of the credential, else the `Preceptor-Agent` header. */
  readonly agent?: string | ((c: Context) => string | undefined)
  /** Schemas of params, query and body; what they make of the request is what is decided on and what the handler gets. */
  readonly schema?: RequestSchema
  /** What the action is about, such as an order id. */
  readonly resource?: (c: Context) => string | undefined
  /** What reviewers see beside the args. */
  readonly context?: (c: Context) => JsonObject | undefined
  /** Given where the request starts a run of the agent. */
  readonly type?: TriggerType
  /** Where `governanceApi` is mounted, for the `Location` of what waits; default `/api`. */
  readonly apiPath?: string
}

/** Milliseconds that a request waits for a supervisor: clients and proxies do not wait much longer. */
const ATTACH_WITHIN_MS = 10_000
const LOOK_AGAIN_SECONDS = 30
/** The host declares its own routes, whoever calls them first. */
const HOST = { kind: 'system', id: 'hono-middleware', roles: [] } as const

/**
 * Governs the routes behind it. Execution and supervision run the handler; proposal and queue answer 202 with
 * `Location` and `Retry-After`; training and denied answer with a problem; the same `Idempotency-Key` again answers as
 * the first time. Needs `identify` before it.
 *
 * @example
 * ```ts
 * import { type GovernanceEnv, governance, identify } from '@preceptor/hono-middleware'
 * import type { Governor } from '@preceptor/client'
 * import { Hono } from 'hono'
 *
 * export function createApp(governor: Governor): Hono<GovernanceEnv> {
 *   const app = new Hono<GovernanceEnv>()
 *   app.use('*', identify(governor))
 *   app.post('/refunds', governance({ action: 'refund.create' }), (c) => c.json(c.var.governance.args.body))
 *   return app
 * }
 * ```
 */
export function governance(options: GovernanceOptions): MiddlewareHandler<GovernanceEnv> {
  const enforce = createEnforcement(options)
  return createMiddleware<GovernanceEnv>(async (c, next) => {
    const { governor } = c.var
    if (governor === undefined) return errorResponse(c, new GovernanceError('PRINCIPAL_REQUIRED'))
    const run = async (): Promise<Response> => {
      await next()
      // Hono has handed it to the error handler of the host by now; the attempt failed all the same.
      if (c.error !== undefined) throw c.error
      return c.res
    }
    try {
      const response = await enforce(c, governor, run)
      return response === c.res ? undefined : response
    } catch (error) {
      if (c.error === undefined || c.error !== error) throw error
      return undefined
    }
  })
}

/**
 * Governs one handler: the same as `governance` in front of it, for hot routes. Reads the credential itself where
 * `identify` did not.
 *
 * @example
 * ```ts
 * import { governed } from '@preceptor/hono-middleware'
 * import type { Governor } from '@preceptor/client'
 * import { Hono } from 'hono'
 *
 * export function createApp(governor: Governor): Hono {
 *   return new Hono().get('/orders/:id', governed(governor, { action: 'order.read', risk: 'safe' }, (c) => c.json({ ok: true })))
 * }
 * ```
 */
export function governed(
  governor: Governor,
  options: GovernanceOptions,
  handler: (c: Context<GovernanceEnv>) => Response | Promise<Response>,
): Handler<GovernanceEnv> {
  const enforce = createEnforcement(options)
  return (c) => enforce(c, governor, async () => handler(c))
}

type Enforce = (c: Context<GovernanceEnv>, governor: Governor, run: () => Promise<Response>) => Promise<Response>

interface Captured {
  readonly response: Response
  readonly snapshot: JsonValue
}

function createEnforcement(options: GovernanceOptions): Enforce {
  const bind = createBinding(options)
  return async (c, governor, run) => {
    let thrown: unknown
    const capture = async (call: GuardCall): Promise<Captured> => {
      c.set('governance', call)
      try {
        const response = await run()
        // Safe actions leave no outcome to repeat.
        return { response, snapshot: call.decision.risk === 'safe' ? null : await takeSnapshot(response, callerOf(c)) }
      } catch (error) {
        thrown = error
        throw error
      }
    }
    try {
      const identity = c.var.identity ?? (await authenticateRequest(c, governor))
      c.set('identity', identity)
      await governor.admit?.({ identity })
      const { scope, digest } = await bind(governor, identity)
      assertClaims(c, scope)
      const trigger = { ...(await readTrigger(c, options, identity)), digest }
      await governor.admit?.({ identity, agent: trigger.agent })
      const waiting = { signal: () => c.req.raw.signal, attachWithinMs: ATTACH_WITHIN_MS, encode }
      const guarded = await inTraceOf(c, governor, () => scope.guard(trigger, capture, waiting))
      return answer(c, guarded, options.apiPath)
    } catch (error) {
      // What the handler threw belongs to the host; what the gate threw is answered here.
      if (error !== thrown && GovernanceError.isInstance(error)) return errorResponse(c, error)
      throw error
    }
  }
}

/** Who asked on which route: a stored response is repeated to nobody else, and nowhere else. */
const callerOf = ({ req, var: { identity } }: Context<GovernanceEnv>): string =>
  JSON.stringify([identity.principal.kind, identity.principal.id, req.method, req.path])

const encode = (value: unknown): JsonValue => (value as Captured).snapshot

interface Binding {
  readonly governor: Governor
  readonly scope: Scope
  readonly digest: string
}

/** Registers the action and makes a scope, once for each identity that the governor hands out. */
function createBinding(options: GovernanceOptions): (governor: Governor, identity: Identity) => Promise<Binding> {
  const { action, agent: _, schema, resource: __, context: ___, type: ____, apiPath: _____, ...definition } = options
  const actions = { [action]: schema === undefined ? definition : { ...definition, args: argsSchema(schema) } }
  const bindings = new WeakMap<Identity, Binding>()
  return async (governor, identity) => {
    const known = bindings.get(identity)
    if (known?.governor === governor) return known
    const { workspace } = identity
    const [registered] = await governor.as({ workspace, principal: HOST }).registerActions(actions)
    const binding = { governor, scope: governor.as(identity), digest: registered?.digest ?? '' }
    bindings.set(identity, binding)
    return binding
  }
}

// One by one, as most requests have none of them.
const OPTIONAL = ['type', 'resource', 'context', 'run', 'permit', 'idempotencyKey'] as const

async function readTrigger(c: Context, options: GovernanceOptions, { principal }: Identity): Promise<Trigger> {
  const claimed = c.req.header('preceptor-agent')
  const stated = (typeof options.agent === 'function' ? options.agent(c) : options.agent) ?? claimed
  const agent = stated ?? (principal.kind === 'agent' ? principal.id : undefined)
  if (agent === undefined) {
    throw new GovernanceError('INPUT_INVALID', { message: 'Name the agent that acts in the Preceptor-Agent header.' })
  }
  if (claimed !== undefined && claimed !== agent) throw new GovernanceError('AGENT_MISMATCH')
  const declared = { type: options.type, resource: options.resource?.(c), context: options.context?.(c) }
  const sent = { run: c.req.header('preceptor-run'), permit: c.req.header('preceptor-permit') }
  const optional = { ...declared, ...sent, idempotencyKey: c.req.header('idempotency-key') }
  const trigger: Trigger = { agent, action: options.action, args: await readHttpArgs(c), fixedArgs: true }
  for (const name of OPTIONAL) if (optional[name] !== undefined) Reflect.set(trigger, name, optional[name])
  return trigger
}

function answer(c: Context<GovernanceEnv>, result: GuardResult<Captured>, apiPath = '/api'): Response {
  if (result.status === 'executed') return result.value.response
  if (result.status === 'withheld') return withhold(c, result.decision, apiPath)
  if (result.answer !== undefined) return c.json(result.answer)
  const { outcome } = result
  const repeated = outcome.status === 'succeeded' ? repeatSnapshot(outcome.value, callerOf(c)) : undefined
  const message = `The same attempt ran before${outcome.status === 'failed' ? ' and failed' : ''}.`
  return repeated ?? errorResponse(c, new GovernanceError('ALREADY_EXECUTED', { message }))
}

function withhold(c: Context, decision: WithheldResult['decision'], apiPath: string): Response {
  const code = 'code' in decision ? decision.code : 'SUPERVISOR_REQUIRED'
  const problem = toProblem(new GovernanceError(code, { message: decision.reason }), traceIdOf(c))
  const body = { ...problem, decision: problem.status >= 500 ? { id: decision.id } : decision }
  const waits = whereItWaits(decision)
  if (waits === undefined) return problemResponse(body)
  // What is approved and has to wait may run at a known time.
  const runnableAt = decision.route === 'proposal' ? decision.proposal.runnableAt : undefined
  const seconds = runnableAt ? (Date.parse(runnableAt) - Date.parse(decision.decidedAt)) / 1_000 : LOOK_AGAIN_SECONDS
  return problemResponse(body, { location: `${apiPath}/${waits}`, 'retry-after': String(Math.ceil(seconds)) })
}

function whereItWaits(decision: WithheldResult['decision']): string | undefined {
  if (decision.route === 'proposal') return `maturity/proposals/${decision.proposal.id}`
  if (decision.route === 'queue') return `supervised-queue/${decision.queueEntry.id}`
  return decision.route === 'supervision' ? `supervision/sessions/${decision.session.id}` : undefined
}
