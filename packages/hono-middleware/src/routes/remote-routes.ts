import { GovernanceError, type HostScope, type RemoteAnswer, type StoredOutcome } from '@preceptor/client'
import { z } from 'zod'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { id } from './common-schemas.ts'
import { completeTrigger } from './complete-trigger.ts'
import { triggerBody } from './decision-schemas.ts'
import {
  checkpointBody,
  checkpointed,
  claimBody,
  identity,
  type OutcomeBody,
  outcomeBody,
  remoteAnswer,
} from './remote-schemas.ts'
import { emitBody } from './session-schemas.ts'

const params = z.strictObject({ id })

/** What a guard in another process stands on: it begins, waits for a supervisor, goes on, and ends. */
export const remoteRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/triggers/guard',
    operation: 'triggers.decide',
    summary: 'Decide on a trigger and claim what may run, for a guard that keeps the claim alive',
    body: triggerBody,
    response: remoteAnswer,
    handle: async ({ scope, body, signal }) =>
      handOver(scope, await scope.remote.begin(completeTrigger(scope, body)), signal),
  }),
  declareRoute({
    method: 'post',
    path: '/decisions/{id}/claim',
    operation: 'triggers.decide',
    summary: 'Wait until a supervisor watches the run that was decided on, and claim it under that watch',
    params,
    body: claimBody,
    response: remoteAnswer,
    handle: async ({ scope, params: { id: decisionId }, body: { trigger, ...request }, signal }) => {
      const attempt = { ...request, trigger: completeTrigger(scope, trigger) }
      return handOver(scope, await scope.remote.claim(decisionId, attempt), signal)
    },
  }),
  declareRoute({
    method: 'post',
    path: '/decisions/{id}/checkpoint',
    operation: 'decisions.report',
    summary: 'Renew the claim of a guarded run, and say whether it may go on',
    params,
    body: checkpointBody,
    response: checkpointed,
    handle: ({ scope, params: { id: decisionId }, body }) => scope.remote.checkpoint(decisionId, body),
  }),
  declareRoute({
    method: 'post',
    path: '/decisions/{id}/emit',
    operation: 'decisions.report',
    summary: 'Tell who watches a guarded run what it says',
    params,
    body: emitBody,
    response: z.strictObject({ told: z.literal(true) }),
    handle: async ({ scope, params: { id: decisionId }, body }) => {
      await scope.remote.emit(decisionId, body)
      return { told: true as const }
    },
  }),
  declareRoute({
    method: 'post',
    path: '/decisions/{id}/outcome',
    operation: 'decisions.report',
    summary: 'Report how a claimed execution ended',
    params,
    body: outcomeBody,
    response: z.strictObject({ recorded: z.literal(true) }),
    handle: async ({ scope, params: { id: decisionId }, body }) => {
      await report(scope, decisionId, body)
      return { recorded: true as const }
    },
  }),
]

/** Who the caller is to the gate. */
export const identityRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'get',
    path: '/identity',
    operation: 'identity.read',
    summary: 'Say who the credential belongs to, in which workspace, and what its attempts are set off by',
    response: identity,
    handle: async ({ scope: { workspace, principal, source } }) => ({ workspace, principal, source }),
  }),
]

/**
 * A caller that went away does not run what was claimed for it: the claim is given back, and a repeat of the request
 * begins anew.
 */
async function handOver(scope: HostScope, answer: RemoteAnswer, signal: AbortSignal): Promise<RemoteAnswer> {
  if (!signal.aborted || answer.status !== 'permitted' || answer.call.claim === null) return answer
  const { decision, call } = answer
  const released = { agent: decision.agent, fence: call.claim?.fence ?? null, outcome: { status: 'released' } } as const
  await scope.remote.settle(decision.id, { ...released, session: 'failed' })
  throw new GovernanceError('DEADLINE_EXCEEDED')
}

/** A guard speaks for its own run by the fence; without one it is the outcome of what `decide` claimed. */
async function report(scope: HostScope, decisionId: string, body: OutcomeBody): Promise<void> {
  const { agent, fence, session } = body
  const outcome = outcomeOf(body)
  if (fence === undefined) {
    if (outcome.status !== 'released') return scope.report(decisionId, outcome)
    throw new GovernanceError('INPUT_INVALID', { message: 'body.fence: that of the claim, or null for a safe action.' })
  }
  const acting = agent ?? (scope.principal.kind === 'agent' ? scope.principal.id : undefined)
  if (acting === undefined) {
    throw new GovernanceError('INPUT_INVALID', { message: 'body.agent: name the agent that acts.' })
  }
  const refusal = body.status === 'released' ? body.refusal : undefined
  await scope.remote.settle(decisionId, {
    agent: acting,
    fence,
    outcome,
    ...(session && { session }),
    ...(refusal && { refusal }),
  })
}

function outcomeOf(body: OutcomeBody): StoredOutcome | { readonly status: 'released' } {
  if (body.status === 'released') return { status: 'released' }
  if (body.status === 'failed') {
    const { message, infrastructure } = body
    return { status: 'failed', message, ...(infrastructure === true && { infrastructure }) }
  }
  const { value = null, stored = true } = body
  // The body was parsed from JSON.
  return { status: 'succeeded', value: value as null, stored }
}
