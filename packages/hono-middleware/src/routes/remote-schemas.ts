import type {
  ErrorCode,
  Identity,
  RemoteAnswer,
  RemoteCheckpoint,
  RemoteCheckpointed,
  RemoteClaim,
  RemoteClaimRequest,
  StoredOutcome,
} from '@preceptor/client'
import { z } from 'zod'
import { agentId, jsonObject, role } from './common-schemas.ts'
import {
  decision,
  errorCode,
  permittedDecision,
  supervisionDecision,
  type TriggerBody,
  triggerBody,
  withheldDecision,
} from './decision-schemas.ts'

const MOST_DELEGATIONS = 64

const infrastructure = z.boolean().exactOptional().meta({ description: 'Something around the run failed' })

const storedOutcome: z.ZodType<StoredOutcome> = z.discriminatedUnion('status', [
  // What was stored is JSON.
  z.strictObject({
    status: z.literal('succeeded'),
    value: z.unknown() as unknown as z.ZodType<null>,
    stored: z.boolean(),
  }),
  z.strictObject({
    status: z.literal('failed'),
    message: z.string(),
    infrastructure,
    late: (z.unknown() as unknown as z.ZodType<null>).exactOptional(),
  }),
])

const claim: z.ZodType<RemoteClaim> = z.strictObject({
  fence: z.int(),
  epochs: z.array(z.strictObject({ agent: agentId, epoch: z.int() })),
  leaseMs: z.int().meta({ description: 'It lasts so long from when it was asked for, and again from each checkpoint' }),
})

const watchedMs = z
  .nullable(z.number())
  .meta({ description: 'So long somebody is known to watch, from when it was asked for; null where nobody has to' })

/** What a checkpoint answers. */
export const checkpointed: z.ZodType<RemoteCheckpointed> = z.strictObject({
  watched: z.boolean(),
  held: z.boolean().meta({ description: 'Somebody who is there holds the run up' }),
  guidance: z.array(z.string()),
  watchedMs,
})

/** What beginning a guarded run answers. */
export const remoteAnswer: z.ZodType<RemoteAnswer> = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('permitted'),
    decision: permittedDecision,
    call: z.strictObject({
      args: z.nullable(jsonObject).meta({ description: 'As parsed; null when they are those of the trigger' }),
      attempt: z.int(),
      idempotencyKey: z.string(),
      claim: z.nullable(claim),
      guidance: z.array(z.string()).meta({ description: 'What a supervisor said to the run before it' }),
      watchedMs,
      trace: z
        .strictObject({ decision: z.string(), asked: z.string().exactOptional() })
        .exactOptional()
        .meta({ description: 'Spans of the decisions before it, each as a traceparent, where the server traces' }),
    }),
  }),
  z.strictObject({ status: z.literal('waiting'), decision: supervisionDecision, attachWithinMs: z.int() }),
  z.strictObject({ status: z.literal('replayed'), decision, outcome: storedOutcome }),
  z.strictObject({ status: z.literal('withheld'), decision: withheldDecision }),
])

/** Body that waits for a supervisor: the attempt again, as it was decided on. */
export const claimBody: z.ZodType<Omit<RemoteClaimRequest, 'trigger'> & { readonly trigger: TriggerBody }> =
  z.strictObject({
    trigger: triggerBody,
    withinMs: z.int().min(0).max(5_000),
    otherwise: z.enum(['wait', 'queue', 'give_up']),
  })

const heldClaim: z.ZodType<NonNullable<RemoteCheckpoint['claim']>> = z.strictObject({
  fence: z.int().min(1),
  epochs: z.array(z.strictObject({ agent: agentId, epoch: z.int() })).max(MOST_DELEGATIONS),
})

/** Body of a checkpoint. */
export const checkpointBody: z.ZodType<RemoteCheckpoint> = z.strictObject({
  agent: agentId,
  delegation: z.array(agentId).max(MOST_DELEGATIONS).exactOptional(),
  claim: z.nullable(heldClaim),
  watchWithinMs: z.int().min(0).max(5_000).exactOptional(),
})

/** What a guard says of its own run; without a fence it is the outcome of what `decide` claimed. */
const guarded = {
  agent: agentId.exactOptional(),
  fence: z.nullable(z.int().min(1)).exactOptional(),
  session: z.enum(['completed', 'failed']).exactOptional(),
}

interface GuardedBody {
  readonly agent?: string
  readonly fence?: number | null
  readonly session?: 'completed' | 'failed'
}

/** How an execution ended. */
export type OutcomeBody =
  | (GuardedBody & { readonly status: 'succeeded'; readonly value?: unknown; readonly stored?: boolean })
  | (GuardedBody & { readonly status: 'failed'; readonly message: string; readonly infrastructure?: boolean })
  | (GuardedBody & { readonly status: 'released'; readonly refusal?: ErrorCode })

export const outcomeBody: z.ZodType<OutcomeBody> = z.discriminatedUnion('status', [
  z.strictObject({
    ...guarded,
    status: z.literal('succeeded'),
    value: z.unknown(),
    stored: z.boolean().exactOptional().meta({ description: 'False: the value was too large to be kept' }),
  }),
  z.strictObject({ ...guarded, status: z.literal('failed'), message: z.string().max(2_000), infrastructure }),
  z.strictObject({ ...guarded, status: z.literal('released'), refusal: errorCode.exactOptional() }),
])

/** Who a credential belongs to. */
export const identity: z.ZodType<Required<Identity>> = z.strictObject({
  workspace: z.string(),
  principal: z.strictObject({
    kind: z.enum(['user', 'agent', 'service', 'system']),
    id: z.string(),
    roles: z.array(role),
    scopes: z.array(z.string()).exactOptional(),
    agents: z.array(z.string()).exactOptional(),
    credential: z.string().exactOptional(),
  }),
  source: z.string(),
})
