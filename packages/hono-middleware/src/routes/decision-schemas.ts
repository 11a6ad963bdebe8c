import {
  type Assessment,
  type BypassUse,
  type Decision,
  type DecisionFacts,
  ERROR_CODES,
  type ErrorCode,
  type ExecutionDecision,
  isErrorCode,
  type SupervisionDecision,
} from '@preceptor/client'
import { z } from 'zod'
import type { Problem } from '../problem.ts'
import { fingerprint } from './agent-schemas.ts'
import { agentId, id, jsonObject, maturity, risk, route, time } from './common-schemas.ts'
import { grantUse } from './grant-schemas.ts'

export const errorCode: z.ZodType<ErrorCode> = z.enum(Object.keys(ERROR_CODES).filter(isErrorCode))
const nullable = <T>(schema: z.ZodType<T>): z.ZodType<T | null> => z.nullable(schema)

const facts = {
  id: z.string(),
  agent: z.string(),
  action: z.string(),
  source: z.string(),
  maturity: nullable(maturity),
  risk: nullable(risk),
  reason: z.string(),
  warnings: z.array(z.string()),
  policyVersion: z.int(),
  argsHash: z.nullable(z.string()),
  decidedAt: time,
} satisfies Record<keyof DecisionFacts, z.ZodType>

const heldBack: z.ZodType<'supervision' | 'queue' | 'proposal' | 'training' | 'denied'> = z.enum([
  'supervision',
  'queue',
  'proposal',
  'training',
  'denied',
])

const bypassUse: z.ZodType<BypassUse> = z.strictObject({
  id,
  route: z.enum(['supervision', 'proposal', 'training']),
  expiresAt: time,
})

const execution = z.strictObject({
  ...facts,
  route: z.literal('execution'),
  shadow: z.strictObject({ route: heldBack, code: nullable(errorCode) }).exactOptional(),
  bypass: bypassUse.exactOptional(),
  approval: z
    .strictObject({
      proposal: id,
      version: z.int(),
      decidedBy: z.array(z.string()),
      edited: jsonObject.exactOptional(),
    })
    .exactOptional(),
  grant: grantUse.exactOptional(),
})
const supervision = z.strictObject({
  ...facts,
  route: z.literal('supervision'),
  session: z.strictObject({ id }),
  edited: jsonObject.exactOptional(),
})
const queue = z.strictObject({
  ...facts,
  route: z.literal('queue'),
  code: z.literal('SUPERVISOR_REQUIRED'),
  queueEntry: z.strictObject({ id, expiresAt: time }),
})
const proposal = z.strictObject({
  ...facts,
  route: z.literal('proposal'),
  code: z.literal('APPROVAL_REQUIRED'),
  proposal: z.strictObject({
    id,
    version: z.int(),
    actionHash: z.string(),
    requiredApprovals: z.int(),
    expiresAt: time,
    runnableAt: time.exactOptional(),
  }),
})
const training = z.strictObject({
  ...facts,
  route: z.literal('training'),
  code: z.literal('TRAINING_REQUIRED'),
  blockedTrigger: z.strictObject({ id }),
  trainingProposal: z.strictObject({ id, repeats: z.int() }),
})
const denied = z.strictObject({ ...facts, route: z.literal('denied'), code: errorCode })

export const decision: z.ZodType<Decision> = z.discriminatedUnion('route', [
  execution,
  supervision,
  queue,
  proposal,
  training,
  denied,
])

export const supervisionDecision: z.ZodType<SupervisionDecision> = supervision
/** A decision by which a run goes on. */
export const permittedDecision: z.ZodType<ExecutionDecision | SupervisionDecision> = z.discriminatedUnion('route', [
  execution,
  supervision,
])
/** A decision by which nothing runs now. */
export const withheldDecision: z.ZodType<Exclude<Decision, ExecutionDecision>> = z.discriminatedUnion('route', [
  supervision,
  queue,
  proposal,
  training,
  denied,
])

const { id: _, ...assessed } = facts
export const assessment: z.ZodType<Assessment> = z.strictObject({
  ...assessed,
  route,
  code: nullable(errorCode),
  grant: grantUse.exactOptional(),
  bypass: bypassUse.exactOptional(),
})

export const problem: z.ZodType<Problem> = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: errorCode,
  hint: z.string(),
  docs: z.string(),
  traceId: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).exactOptional(),
  decision: z.record(z.string(), z.unknown()).exactOptional(),
})

/** A trigger as a client sends it: agent, source and workspace follow from the credential. */
export interface TriggerBody {
  readonly agent?: string
  readonly action: string
  readonly args: z.output<typeof jsonObject>
  readonly resource?: string
  readonly type?: string
  readonly context?: z.output<typeof jsonObject>
  readonly idempotencyKey?: string
  readonly delegation?: readonly string[]
  readonly fingerprint?: z.output<typeof fingerprint>
  readonly run?: string
  readonly permit?: string
  readonly fixedArgs?: boolean
  readonly digest?: string
  readonly argsProblems?: readonly string[]
}

const trigger = {
  agent: agentId.exactOptional(),
  action: z.string().min(1).max(128),
  args: jsonObject,
  resource: z.string().min(1).max(500).exactOptional(),
  type: z.string().min(1).max(128).exactOptional(),
  context: jsonObject.exactOptional(),
  idempotencyKey: id.exactOptional(),
  delegation: z.array(agentId).max(64).exactOptional(),
  fingerprint: fingerprint.exactOptional(),
  run: id.exactOptional(),
  permit: z.string().min(1).max(64).exactOptional(),
  fixedArgs: z.boolean().exactOptional(),
  digest: z.string().length(64).exactOptional(),
  argsProblems: z
    .array(z.string().min(1).max(500))
    .min(1)
    .max(8)
    .meta({ description: 'What a schema of the caller found wrong with the args: the attempt is denied' })
    .exactOptional(),
}

export const triggerBody: z.ZodType<TriggerBody> = z.strictObject(trigger)

/** A trigger to decide on, and whether the caller takes the claim to run it. */
export const decideBody: z.ZodType<TriggerBody & { readonly claim?: boolean }> = z.strictObject({
  ...trigger,
  claim: z.boolean().exactOptional(),
})

/** What a batch answers for one trigger. */
export type BatchItem =
  | { readonly status: 'decided'; readonly decision: Decision }
  | { readonly status: 'failed'; readonly problem: Problem }

export const batchItem: z.ZodType<BatchItem> = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('decided'), decision }),
  z.strictObject({ status: z.literal('failed'), problem }),
])
