import type { StoredOutcome } from '../port/guard.ts'
import type { JsonObject, JsonValue } from '../port/json.ts'
import type { RemoteAnswer, RemoteCall, RemoteClaim } from '../port/remote-guard.ts'
import type { Trigger } from '../port/trigger.ts'
import { parseDecision, parseWithheld } from './parse-decision.ts'
import { answerInvalid, isJsonObject } from './read-answer.ts'

/**
 * Reads what beginning a guarded run answers.
 *
 * @throws GovernanceError `GOVERNOR_ANSWER_INVALID`
 */
export function parseRemoteAnswer(value: JsonValue, trigger: Trigger): RemoteAnswer {
  if (!isJsonObject(value)) throw answerInvalid('it is no object')
  switch (value.status) {
    case 'permitted': {
      const decision = parseDecision(value.decision, trigger)
      if (decision.route !== 'execution' && decision.route !== 'supervision')
        throw answerInvalid('it lets run what waits')
      const call = parseCall(value.call)
      if (call.claim === null && decision.risk !== 'safe') throw answerInvalid('it lets run what nobody claimed')
      return { status: 'permitted', decision, call }
    }
    case 'waiting': {
      const decision = parseDecision(value.decision, trigger)
      const { attachWithinMs } = value
      if (decision.route !== 'supervision') throw answerInvalid('it waits for nobody')
      if (!isNumber(attachWithinMs)) throw answerInvalid('it does not say how long to wait')
      return { status: 'waiting', decision, attachWithinMs }
    }
    case 'replayed':
      return {
        status: 'replayed',
        decision: parseDecision(value.decision, trigger),
        outcome: parseOutcome(value.outcome),
      }
    case 'withheld':
      return { status: 'withheld', decision: parseWithheld(value.decision, trigger) }
    default:
      throw answerInvalid('it has no known status')
  }
}

function parseCall(value: JsonValue | undefined): RemoteCall {
  if (!isJsonObject(value)) throw answerInvalid('it says nothing of the run')
  const { args, attempt, idempotencyKey } = value
  if (args !== null && !isJsonObject(args)) throw answerInvalid('its args are no object')
  if (!isNumber(attempt) || typeof idempotencyKey !== 'string') throw answerInvalid('it does not name the attempt')
  const claim = value.claim === null ? null : parseClaim(value.claim)
  const { guidance, watchedMs } = parseWatch(value)
  return { args, attempt, idempotencyKey, claim, guidance, watchedMs, ...parseTrace(value.trace) }
}

/** Whatever is no trace is none: a run does not depend on it. */
function parseTrace(value: JsonValue | undefined): Pick<RemoteCall, 'trace'> {
  if (!isJsonObject(value) || typeof value.decision !== 'string') return {}
  const { decision, asked } = value
  return { trace: { decision, ...(typeof asked === 'string' && { asked }) } }
}

/** What supervisors said, and for how long somebody watches; an older gate says neither. */
export function parseWatch({ guidance, watchedMs }: JsonObject): Pick<RemoteCall, 'guidance' | 'watchedMs'> {
  return {
    guidance: Array.isArray(guidance) ? guidance.filter((said) => typeof said === 'string') : [],
    watchedMs: isNumber(watchedMs) ? watchedMs : null,
  }
}

function parseClaim(value: JsonValue | undefined): RemoteClaim {
  if (!isJsonObject(value)) throw answerInvalid('it has no claim')
  const { fence, leaseMs, epochs } = value
  if (!isNumber(fence) || !isNumber(leaseMs) || leaseMs <= 0 || !Array.isArray(epochs)) {
    throw answerInvalid('its claim is not whole')
  }
  return { fence, leaseMs, epochs: epochs.map(parseEpoch) }
}

function parseEpoch(value: JsonValue): RemoteClaim['epochs'][number] {
  if (isJsonObject(value) && typeof value.agent === 'string' && isNumber(value.epoch)) {
    return { agent: value.agent, epoch: value.epoch }
  }
  throw answerInvalid('its claim rests on nobody')
}

function parseOutcome(value: JsonValue | undefined): StoredOutcome {
  if (isJsonObject(value)) {
    const { status, stored, message, infrastructure, value: kept = null } = value
    if (status === 'succeeded' && typeof stored === 'boolean') return { status, stored, value: kept }
    if (status === 'failed' && typeof message === 'string') {
      return { status, message, ...(infrastructure === true && { infrastructure }) }
    }
  }
  throw answerInvalid('it holds no outcome')
}

function isNumber(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
