import type { GuardCall, JsonValue } from '@preceptor/client'
import { type AccessContext, hideValues, REDACTED } from '@preceptor/core/plugin'
import { boundedOutput } from '../executors/bounded-output.ts'
import { faultOfStatus, faultWithoutAnswer } from '../faults/request-fault.ts'
import { lastingFault } from '../faults/step-fault.ts'
import type { ApiCallArgs } from './api-call-args.ts'
import { readAnswer } from './read-answer.ts'
import type { SecretKeeper } from './secrets.ts'

/** What calls stand on. */
export interface ApiCallPorts extends Pick<AccessContext, 'outbound' | 'clock'> {
  readonly secrets: SecretKeeper
  /** Milliseconds that one call may take. */
  readonly timeoutMs: number
}

const MOST_BYTES = 1_048_576
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD'])
const NOT_REPEATABLE: ReadonlySet<string> = new Set(['POST', 'PATCH'])
const LONGEST_NAME = 300

/**
 * Sends a call, and gives what was answered.
 *
 * @throws StepFault where nothing was sent, nobody answered, or the answer is 400 and above or too large. GovernanceError
 * `SECRET_UNKNOWN`.
 */
export async function sendApiCall(ports: ApiCallPorts, call: GuardCall, asked: ApiCallArgs): Promise<JsonValue> {
  const { outbound, secrets, clock, timeoutMs } = ports
  const { signal } = call
  const { method, url, body } = asked
  const { origin, pathname } = new URL(url)
  const { headers, hidden } = await secrets.fill(asked.headers ?? {}, { origin, signal })
  const request = {
    what: `${method} ${origin}${pathname}`.slice(0, LONGEST_NAME),
    isRepeatable: !NOT_REPEATABLE.has(method),
  }
  const result = await outbound.request({
    method,
    url,
    headers: { ...ownHeaders(call, asked), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
    timeoutMs,
    mostBytes: MOST_BYTES,
  })
  if (signal.aborted) throw signal.reason
  if (result.outcome !== 'answered') throw faultWithoutAnswer(result, request)
  const { status } = result
  if (status >= 400) throw faultOfStatus(result, request, { said: hideValues(asWritten(result.body), hidden), clock })
  const { what } = request
  if (result.isTruncated) throw lastingFault(`${what} was answered ${status}, with more than the 1 MB that is read.`)
  return boundedOutput(
    `${what}, answered ${status},`,
    readAnswer(result, { what, hide: (text) => without(text, hidden) }),
  )
}

function ownHeaders(call: GuardCall, { method, body }: ApiCallArgs): Readonly<Record<string, string>> {
  return {
    accept: 'application/json',
    'user-agent': 'Preceptor-Workflows',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    // Letters of other scripts do not fit into a header.
    ...(!SAFE.has(method) && { 'idempotency-key': encodeURI(call.idempotencyKey) }),
  }
}

/** JSON in the one way of writing it, so that no character of a text hides behind an escape. */
function asWritten(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body))
  } catch {
    return body
  }
}

/** Data for the steps that follow: only what was sent as a secret is taken out. */
function without(text: string, hidden: readonly string[]): string {
  return hidden.reduce((rest, value) => rest.replaceAll(value, REDACTED), text)
}
