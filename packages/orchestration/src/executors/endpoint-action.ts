import { type ActionDefinition, GovernanceError, type GuardCall, type JsonValue } from '@preceptor/client'
import { headerProblem, hiddenValues, hideValues } from '@preceptor/core/plugin'
import { faultOfStatus, faultWithoutAnswer } from '../faults/request-fault.ts'
import { lastingFault } from '../faults/step-fault.ts'
import { boundedOutput } from './bounded-output.ts'
import type { ActionHost, OrchestrationAction } from './orchestration-action.ts'

/** Options of `endpointAction`: what is declared of the action, and where its agent answers. */
export interface EndpointActionOptions extends Omit<ActionDefinition, 'execute'> {
  /** Gets a POST with `{ args, idempotencyKey, attempt }`, and answers 200 with `{ "output": … }`, at most 64 kB. */
  readonly url: string
  /** Such as its `authorization`; the values are shown to nobody. */
  readonly headers?: Readonly<Record<string, string>>
  /** Seconds that one call may take, 1 to 86,400, also where its step may take longer; default 300. */
  readonly timeoutSeconds?: number
}

const TIMEOUT_SECONDS = 300
const MOST_SECONDS = 86_400
// A character of JSON takes several bytes; what is more than can be kept need not be read.
const MOST_BYTES = 524_288

/**
 * Makes an action of an agent behind HTTP. Calls go to public addresses over https only, or to origins that the host
 * allows with `outbound.allow`. The idempotency key goes along in the header `idempotency-key` as well.
 *
 * @throws GovernanceError `OPTION_INVALID`; where the governor is opened, `INPUT_INVALID` for an address that is never called.
 * StepFault in the run, where nobody answered, or not with an output.
 * @example
 * ```ts
 * import { endpointAction } from '@preceptor/orchestration'
 *
 * export const review = endpointAction({
 *   url: 'https://agents.example.com/tax/review',
 *   risk: 'medium',
 *   idempotent: true,
 * })
 * ```
 */
export function endpointAction(options: EndpointActionOptions): Extract<OrchestrationAction, (host: never) => unknown> {
  const { url, headers = {}, timeoutSeconds = TIMEOUT_SECONDS, ...declared } = options
  if (!(timeoutSeconds >= 1 && timeoutSeconds <= MOST_SECONDS)) {
    throw invalid(`timeoutSeconds must be 1 to ${MOST_SECONDS}`)
  }
  for (const [name, value] of Object.entries(headers)) {
    const problem = headerProblem(name, value)
    if (problem !== undefined) throw invalid(problem)
  }
  const hidden = hiddenValues({ args: { headers }, sensitive: [['headers']] })
  const endpoint = { url, headers, timeoutMs: timeoutSeconds * 1_000, hidden, isRepeatable: isRepeatable(declared) }
  return (host) => {
    host.outbound.assertAllowed(url)
    return { ...declared, execute: (call) => callEndpoint(host, endpoint, call) }
  }
}

interface Endpoint {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly hidden: readonly string[]
  readonly isRepeatable: boolean
}

async function callEndpoint(
  { outbound, clock }: ActionHost,
  { url, headers, timeoutMs, hidden, isRepeatable }: Endpoint,
  { args, idempotencyKey, attempt, signal }: GuardCall,
): Promise<JsonValue> {
  const { origin, pathname } = new URL(url)
  const asked = { what: `The agent at ${origin}${pathname}`, isRepeatable }
  const own = { accept: 'application/json', 'idempotency-key': encodeURI(idempotencyKey) }
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const result = await outbound.request({
    method: 'POST',
    url,
    headers: { ...own, ...given, 'content-type': 'application/json' },
    body: JSON.stringify({ args, idempotencyKey, attempt }),
    signal,
    timeoutMs,
    mostBytes: MOST_BYTES,
  })
  if (signal.aborted) throw signal.reason
  if (result.outcome !== 'answered') throw faultWithoutAnswer(result, asked)
  const { status, body } = result
  if (status >= 400) throw faultOfStatus(result, asked, { said: hideValues(body, hidden), clock })
  if (status !== 200) throw lastingFault(`${asked.what} answered ${status}, and not 200.`)
  if (result.isTruncated) throw lastingFault(`${asked.what} answered with more than the 64 kB that are kept.`)
  return boundedOutput(asked.what, outputIn(asked.what, body))
}

function outputIn(what: string, body: string): unknown {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    throw lastingFault(`${what} answered with what is no JSON.`)
  }
  if (typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, 'output')) {
    return Reflect.get(parsed, 'output')
  }
  throw lastingFault(`${what} answered without an "output".`)
}

function isRepeatable({ risk, idempotent }: ActionDefinition): boolean {
  return risk === 'safe' || idempotent === true
}

function invalid(problem: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', { message: `endpointAction: ${problem}.` })
}
