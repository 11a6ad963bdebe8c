import {
  type Assessment,
  type Decision,
  ERROR_CODES,
  type ErrorCode,
  GovernanceError,
  type Scope,
} from '@preceptor/client'
import { z } from 'zod'
import { toProblem } from '../problem.ts'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { agentId, id } from './common-schemas.ts'
import { completeTrigger } from './complete-trigger.ts'
import {
  assessment,
  type BatchItem,
  batchItem,
  decideBody,
  decision,
  type TriggerBody,
  triggerBody,
} from './decision-schemas.ts'
import { decisionRecord } from './record-schemas.ts'

const MOST_TRIGGERS = 100
const ABOUT_CALLER: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'PERMISSION_DENIED',
  'AGENT_MISMATCH',
  'SOURCE_MISMATCH',
  'WORKSPACE_UNKNOWN',
  'WORKSPACE_MISMATCH',
])
const params = z.strictObject({ id })

/** Attempts: deciding, checking, explaining, reporting. */
export const triggerRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/triggers',
    operation: 'triggers.decide',
    summary: 'Decide on a trigger, and make what follows from it durable',
    body: decideBody,
    response: decision,
    // Once people have decided, the same request runs under their approval.
    isPending: ({ route }) => route === 'proposal',
    handle: async ({ scope, body: { claim = false, ...trigger }, idempotencyKey }) =>
      settled(await scope.decide(completeTrigger(scope, { ...keyOf(idempotencyKey), ...trigger }), { claim })),
  }),
  declareRoute({
    method: 'post',
    path: '/triggers/batch',
    operation: 'triggers.decide',
    summary: 'Decide on up to 100 triggers in their order, each for itself',
    body: z.strictObject({ triggers: z.array(triggerBody).min(1).max(MOST_TRIGGERS) }),
    response: z.strictObject({ items: z.array(batchItem) }),
    handle: async ({ scope, body, traceId }) => {
      const items: BatchItem[] = []
      for (const trigger of body.triggers) items.push(await decideItem(scope, trigger, traceId))
      return { items }
    },
  }),
  declareRoute({
    method: 'post',
    path: '/triggers/check',
    operation: 'triggers.check',
    summary: 'Say how a trigger would be decided now, without any effect',
    body: triggerBody,
    response: assessment,
    handle: async ({ scope, body }) => settled(await scope.check(completeTrigger(scope, body))),
  }),
  declareRoute({
    method: 'get',
    path: '/decisions/{id}',
    operation: 'decisions.get',
    summary: 'Explain a decision, with the outcome of the run where there was one',
    params,
    response: decisionRecord,
    handle: (call) => call.scope.decisions.get(call.params.id),
  }),
  declareRoute({
    method: 'post',
    path: '/runs/{id}/finish',
    operation: 'runs.finish',
    summary: 'End the supervision session of a run',
    params,
    body: z.strictObject({ agent: agentId, status: z.enum(['completed', 'failed']) }),
    response: z.strictObject({ finished: z.literal(true) }),
    handle: async (call) => {
      await call.scope.finish(call.params.id, call.body)
      return { finished: true as const }
    },
  }),
]

function keyOf(idempotencyKey: string | undefined): { readonly idempotencyKey?: string } {
  return idempotencyKey === undefined ? {} : { idempotencyKey }
}

/**
 * A denial that is about the caller, about a fault or about this moment is an error; every other decision is an answer
 * to keep.
 */
function settled<Answer extends Decision | Assessment>(answer: Answer): Answer {
  if (answer.route !== 'denied' || answer.code === null) return answer
  const { status, retryable } = ERROR_CODES[answer.code]
  if (status < 500 && !retryable && !ABOUT_CALLER.has(answer.code)) return answer
  throw new GovernanceError(answer.code, { message: answer.reason })
}

async function decideItem(scope: Scope, trigger: TriggerBody, traceId: string): Promise<BatchItem> {
  try {
    return { status: 'decided', decision: settled(await scope.decide(completeTrigger(scope, trigger))) }
  } catch (error) {
    const fault = GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL', { cause: error })
    return { status: 'failed', problem: toProblem(fault, traceId) }
  }
}
