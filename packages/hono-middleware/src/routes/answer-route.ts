import { GovernanceError, type HostPlane, type Identity, type JsonObject, type StoredAnswer } from '@preceptor/client'
import type { Context } from 'hono'
import { z } from 'zod'
import type { GovernanceEnv } from '../environment.ts'
import { readQuery } from '../http-args.ts'
import { assertClaims, authenticateRequest } from '../identify.ts'
import { type RequestBody, readBody } from '../read-body.ts'
import { traceIdOf } from '../requests/trace-id.ts'
import { admitAttempts } from './admit-attempt.ts'
import type { ApiRoute } from './api-route.ts'
import { surfaceOf } from './surface.ts'

const NOTHING = z.strictObject({})
const WORKSPACE_CLAIMS = ['workspace', 'workspaceId', 'workspace_id']
const SOURCE_CLAIMS = ['source', 'triggerSource', 'trigger_source']

/**
 * Answers a request by a row of the table: credential, then claims, then form, then the operation, which checks the
 * permission.
 *
 * @throws GovernanceError whatever stands in the way.
 */
export async function answerRoute(c: Context, governor: HostPlane, route: ApiRoute): Promise<Response> {
  // Set by `identify` where the host uses it.
  const identity = (c as Context<GovernanceEnv>).var.identity ?? (await authenticateRequest(c, governor))
  const scope = governor.as(identity, surfaceOf(c))
  assertClaims(c, scope)
  await governor.admit?.({ identity })
  const body = await readBody(c)
  await admitAttempts(governor, route, { identity, body: body.value })
  assertNoForeignClaim(body.value, identity, scope.source)
  const idempotencyKey = route.method === 'post' ? c.req.header('idempotency-key') : undefined
  const call = {
    governor,
    scope,
    params: route.params === undefined ? undefined : parseForm(route.params, ownParams(c, route), 'path'),
    query: parseForm(route.query ?? NOTHING, readQuery(c.req.url), 'query'),
    body: route.body === undefined ? withoutBody(body) : parseForm(route.body, body.value, 'body'),
    idempotencyKey,
    traceId: traceIdOf(c),
    signal: c.req.raw.signal,
  }
  let isRepeat = true
  const work = async (): Promise<StoredAnswer> => {
    isRepeat = false
    // Answers are resources, which are plain data.
    const answer = (await route.handle(call)) as JsonObject
    return { status: route.status ?? 200, body: answer, ...(route.secret === true ? { secret: true } : {}) }
  }
  if (idempotencyKey === undefined) return respond(await work())
  const requestHash = await hashRequest(c, body)
  const operation = `${route.operation} ${route.path}`
  const answer = await governor.once({ identity, operation, key: idempotencyKey, requestHash }, work)
  return respond(isRepeat && route.isPending?.(answer.body) === true ? await work() : answer)
}

function respond({ status, body }: StoredAnswer): Response {
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  return new Response(JSON.stringify(body), { status, headers })
}

/** The host may mount the API below a path that has parameters too. */
export function ownParams(c: Context, { path }: Pick<ApiRoute, 'path'>): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, c.req.param(name)]))
}

/** The same of the body as of the headers. */
function assertNoForeignClaim(body: unknown, identity: Identity, source: string): void {
  if (typeof body !== 'object' || body === null) return
  const claims = (names: readonly string[]): readonly unknown[] =>
    names.filter((name) => Object.hasOwn(body, name)).map((name) => Reflect.get(body, name))
  if (claims(WORKSPACE_CLAIMS).some((claim) => claim !== identity.workspace)) {
    throw new GovernanceError('WORKSPACE_MISMATCH')
  }
  if (Object.hasOwn(body, 'action') && claims(SOURCE_CLAIMS).some((claim) => claim !== source)) {
    throw new GovernanceError('SOURCE_MISMATCH')
  }
}

function withoutBody({ bytes }: RequestBody): undefined {
  if (bytes.length > 0) throw new GovernanceError('INPUT_INVALID', { message: 'body: this route takes none.' })
}

/**
 * Parses a part of a request. The message names the fields that are wrong, never their values: they may be secrets.
 *
 * @throws GovernanceError `INPUT_INVALID`
 */
export function parseForm(schema: z.ZodType, value: unknown, name: string): unknown {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.slice(0, 10).map((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 5).map((key) => key.slice(0, 40)) : []
    const where = [name, ...issue.path.map((key) => String(key).slice(0, 40))].join('.')
    return keys.length > 0 ? `${where}: unknown ${JSON.stringify(keys)}.` : `${where}: ${issue.message}.`
  })
  throw new GovernanceError('INPUT_INVALID', { message: problems.join(' ') })
}

async function hashRequest(c: Context, { bytes }: RequestBody): Promise<string> {
  const { search } = new URL(c.req.url)
  const head = new TextEncoder().encode(`${c.req.method}\n${c.req.path}${search}\n`)
  const request = new Uint8Array(head.length + bytes.length)
  request.set(head)
  request.set(bytes, head.length)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', request))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
