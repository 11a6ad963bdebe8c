import type { Maturity } from '@preceptor/client'
import { type GovernanceEnv, type GovernanceOptions, governance, governed, identify } from '@preceptor/hono-middleware'
import { type Context, Hono } from 'hono'
import { type Answer, type Harness, readAnswer } from './support.ts'

/** The two forms in which a route is governed. */
export const SHAPES = ['governance', 'governed'] as const

/** One of the two forms. */
export type Shape = (typeof SHAPES)[number]

/** A handler behind the gate. */
export type GovernedHandler = (c: Context<GovernanceEnv>) => Response | Promise<Response>

let names = 0

/** A name that no other test of the file uses. */
export function uniqueName(noun = 'order'): string {
  names += 1
  return `${noun}-${names}`
}

/** The handler of most of these tests. */
export const refund: GovernedHandler = (c) => c.json({ refunded: c.var.governance.args.body })

/** What sets a governed app apart from the usual one. */
export interface AppOptions extends Partial<GovernanceOptions> {
  readonly path?: string
}

/** An app of a host with an error handler and a middleware of its own, and one governed route in either form. */
export function createHostApp(
  harness: Harness,
  route: { readonly shape: Shape; readonly handler: GovernedHandler } & AppOptions,
): { readonly app: Hono<GovernanceEnv>; readonly action: string } {
  const { shape, handler, path = '/refunds/:id', ...rest } = route
  const options = { action: `${uniqueName()}.refund`, ...rest }
  const app = new Hono<GovernanceEnv>()
  app.onError((error, c) => c.text(`host: ${error.message}`, 418))
  app.use('*', identify(harness.governor))
  app.use('*', async (c, next) => {
    c.header('x-host', 'yes')
    await next()
  })
  if (shape === 'governance') app.on(['GET', 'POST'], path, governance(options), handler)
  else app.on(['GET', 'POST'], path, governed(harness.governor, options, handler))
  return { app, action: options.action }
}

/** What a request to a governed route may carry. */
export interface Sent {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly path?: string
  readonly method?: string
}

/** Sends a request with a credential to a governed route. */
export async function send(app: Hono<GovernanceEnv>, key: string, sent: Sent = {}): Promise<Answer> {
  return readAnswer(await sendRaw(app, key, sent))
}

/** The same, for an answer that is no text. */
export async function sendRaw(
  app: Hono<GovernanceEnv>,
  key: string,
  { body = { cents: 5 }, headers, path, method = 'POST' }: Sent = {},
): Promise<Response> {
  return app.request(path ?? '/refunds/7', {
    method,
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
  })
}

/** An agent of that maturity with a credential of its own. */
export async function createAgent(
  harness: Harness,
  maturity: Maturity,
): Promise<{ readonly id: string; readonly key: string }> {
  const id = await harness.agent(uniqueName(maturity), maturity)
  const created = await harness.admin.keys.create({ displayName: id, principalKind: 'agent', principalId: id })
  return { id, key: created.secret }
}
