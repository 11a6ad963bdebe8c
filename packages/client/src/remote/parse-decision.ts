import { isErrorCode } from '../errors/error-codes.ts'
import type { Assessment, Decision, ExecutionDecision } from '../port/decision.ts'
import type { JsonObject, JsonValue } from '../port/json.ts'
import type { Trigger } from '../port/trigger.ts'
import { ROUTES, type Route } from '../port/vocabulary.ts'
import { answerInvalid, isJsonObject } from './read-answer.ts'

/** What besides the facts each route must bring along. */
const HANDLES: Readonly<Record<Route, readonly string[]>> = {
  execution: [],
  supervision: ['session'],
  queue: ['queueEntry'],
  proposal: ['proposal'],
  training: ['blockedTrigger', 'trainingProposal'],
  denied: [],
}

type Attempt = Pick<Trigger, 'agent' | 'action'>

/**
 * Reads a decision on an attempt; one on another attempt is none.
 *
 * @throws GovernanceError `GOVERNOR_ANSWER_INVALID`
 */
export function parseDecision(value: JsonValue | undefined, attempt: Attempt): Decision {
  const { facts, route } = parseFacts(value, attempt)
  if (typeof facts.id !== 'string' || facts.id === '') throw answerInvalid('its decision has no id')
  for (const handle of HANDLES[route]) {
    const named = facts[handle]
    if (!isJsonObject(named) || typeof named.id !== 'string') throw answerInvalid(`its decision has no ${handle}`)
  }
  if (route !== 'execution' && route !== 'supervision' && !isErrorCode(facts.code)) {
    // A newer gate may know more codes; the attempt is denied all the same.
    if (route !== 'denied') throw answerInvalid('its decision has no code')
    return { ...facts, route, code: 'GOVERNOR_ANSWER_INVALID' } as unknown as Decision
  }
  assertGrant(facts)
  // Each part that code rests on was checked above.
  return facts as unknown as Decision
}

/** Reads a decision by which nothing runs now. */
export function parseWithheld(value: JsonValue | undefined, attempt: Attempt): Exclude<Decision, ExecutionDecision> {
  const decision = parseDecision(value, attempt)
  if (decision.route === 'execution') throw answerInvalid('it withholds what it lets run')
  return decision
}

/**
 * Reads the answer of a check.
 *
 * @throws GovernanceError `GOVERNOR_ANSWER_INVALID`
 */
export function parseAssessment(value: JsonValue, attempt: Attempt): Assessment {
  const { facts } = parseFacts(value, attempt)
  assertGrant(facts)
  const code = facts.code === null || isErrorCode(facts.code) ? facts.code : 'GOVERNOR_ANSWER_INVALID'
  return { ...facts, code } as unknown as Assessment
}

/** Where a grant is named, it is named whole. */
function assertGrant({ grant, route }: JsonObject): void {
  if (grant === undefined) return
  const isWhole = isJsonObject(grant) && typeof grant.id === 'string' && typeof grant.usesLeft === 'number'
  if (!isWhole || route !== 'execution') throw answerInvalid('its grant is not whole')
}

function parseFacts(
  value: JsonValue | undefined,
  { agent, action }: Attempt,
): { readonly facts: JsonObject; readonly route: Route } {
  if (!isJsonObject(value)) throw answerInvalid('it holds no decision')
  const route = ROUTES.find((known) => known === value.route)
  if (route === undefined) throw answerInvalid('its decision has no route')
  if (value.agent !== agent || value.action !== action) throw answerInvalid('it decides on another attempt')
  if (typeof value.reason !== 'string' || !Array.isArray(value.warnings))
    throw answerInvalid('its decision is not whole')
  return { facts: value, route }
}
