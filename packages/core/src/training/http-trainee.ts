import { GovernanceError, type JsonValue, type Trainee } from '@preceptor/client'
import { createOutboundClient } from '../outbound/outbound-client.ts'

/** Where an agent answers scenarios over HTTP. */
export interface TraineeEndpoint {
  /** Gets a POST with the question as JSON, and answers 200 with `{ "answer": … }`. */
  readonly url: string
  /** Such as its `authorization`. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Who answers for an agent: a function of this process, or an endpoint. */
export type TraineeOption = Trainee | TraineeEndpoint

/** What bounds the calls. */
export interface TraineeOptions {
  /** Origins that may be called whatever they are. */
  readonly allow: readonly string[]
  /** Milliseconds that an answer may take. */
  readonly answerWithinMs: number
}

/**
 * Makes trainees of what the host gave.
 *
 * @throws GovernanceError `INPUT_INVALID` for an address that is never called.
 */
export function readTrainees(
  runners: Readonly<Record<string, TraineeOption>>,
  options: TraineeOptions,
): Readonly<Record<string, Trainee>> {
  const entries = Object.entries(runners).map(
    ([agent, runner]) => [agent, typeof runner === 'function' ? runner : httpTrainee(runner, options)] as const,
  )
  return Object.fromEntries(entries)
}

function httpTrainee({ url, headers = {} }: TraineeEndpoint, { allow, answerWithinMs }: TraineeOptions): Trainee {
  const client = createOutboundClient({ allow, timeoutMs: answerWithinMs })
  client.assertAllowed(url)
  return async ({ signal, ...question }) => {
    const result = await client.post({
      url,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(question),
      signal,
    })
    if (result.outcome !== 'answered') throw noAnswer(result.reason)
    if (result.status !== 200) throw noAnswer(`status ${result.status}`)
    return answerIn(result.body)
  }
}

function answerIn(body: string): JsonValue {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    throw noAnswer('no JSON')
  }
  if (typeof parsed !== 'object' || parsed === null || !('answer' in parsed)) throw noAnswer('no "answer"')
  // It was parsed from JSON just now; what is recorded of it is checked once more.
  return parsed.answer as JsonValue
}

function noAnswer(reason: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', { message: `The endpoint of the agent gave no answer: ${reason}.` })
}
