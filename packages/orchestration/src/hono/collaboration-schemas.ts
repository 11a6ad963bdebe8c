import type { JsonObject } from '@preceptor/client'
import {
  agentId,
  id,
  jsonObject,
  jsonValue,
  nullableText,
  nullableTime,
  pageQuery,
  time,
} from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import {
  COLLABORATION_MODES,
  COLLABORATION_STATES,
  type Collaboration,
  type CollaborationContext,
  type CollaborationDetail,
  type CollaborationFailure,
  type CollaborationMember,
  type CollaborationMemberRequest,
  type CollaborationMessage,
  type CollaborationQuery,
  type CollaborationRequest,
  type CollaborationTurn,
} from '../client/collaboration.ts'
import type { MemberName } from '../client/member-name.ts'

const LONGEST_TASK = 4_000
const LONGEST_MESSAGE = 16_000

/** What is to be done, or what is voted on. */
export const task: z.ZodType<string> = z.string().min(1).max(LONGEST_TASK)
/** Name of a member. */
export const memberName: z.ZodType<MemberName> = z
  .templateLiteral([z.enum(['agent', 'user']), ':', z.string().min(1).max(200)])
  .meta({ description: 'Such as agent:writer or user:ana' })
const mode = z.enum(COLLABORATION_MODES)
const role = z.enum(['lead', 'member'])
const version = z.int().min(1).max(2_147_483_647)
/** Seconds until something is due. */
export const seconds: z.ZodNumber = z.int().min(1).max(2_592_000)

export const byId: z.ZodType<{ id: string }> = z.strictObject({ id })

export const memberRequest: z.ZodType<CollaborationMemberRequest> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('agent'),
    id: agentId,
    action: z.string().min(1).max(128).meta({ description: 'What it performs when it is its turn' }).exactOptional(),
    role: role.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('user'), id }),
])

/** How a vote is decided. */
export const ruleFields: {
  readonly options: z.ZodExactOptional<z.ZodArray<z.ZodString>>
  readonly threshold: z.ZodExactOptional<z.ZodNumber>
  readonly quorum: z.ZodExactOptional<z.ZodNumber>
  readonly deadlineSeconds: z.ZodExactOptional<z.ZodNumber>
  readonly data: z.ZodExactOptional<z.ZodType<JsonObject>>
} = {
  options: z.array(z.string().min(1).max(100)).min(2).max(20).exactOptional(),
  threshold: z.number().gt(0.5).max(1).meta({ description: 'Share of the weight that was cast' }).exactOptional(),
  quorum: z.int().min(1).max(50).exactOptional(),
  deadlineSeconds: seconds.exactOptional(),
  data: jsonObject.exactOptional(),
}

export const collaborationRequest: z.ZodType<CollaborationRequest> = z.strictObject({
  mode,
  task,
  members: z.array(memberRequest).min(1).max(50),
  context: jsonObject.exactOptional(),
  parallel: z
    .strictObject({
      result: z.enum(['collect', 'first', 'majority']).exactOptional(),
      onFailure: z.enum(['fail', 'ignore']).exactOptional(),
    })
    .exactOptional(),
  hierarchical: z.strictObject({ parallel: z.int().min(1).max(20).exactOptional() }).exactOptional(),
  consensus: z.strictObject({ ...ruleFields, topic: task.exactOptional() }).exactOptional(),
})

const member: z.ZodType<CollaborationMember> = z.strictObject({
  name: memberName,
  kind: z.enum(['agent', 'user']),
  id: z.string(),
  role,
  action: nullableText,
})

// The text of a code may be of a newer release.
const code = z.string() as unknown as z.ZodType<CollaborationFailure['code']>

/** What somebody failed by. */
export const failure: z.ZodType<Omit<CollaborationFailure, 'member'>> = z.strictObject({ code, message: z.string() })

const fields = {
  id: z.string(),
  mode,
  task: z.string(),
  state: z.enum(COLLABORATION_STATES),
  members: z.array(member),
  contextVersion: z.int(),
  input: z.nullable(jsonObject),
  output: jsonValue,
  failure: z.nullable(z.strictObject({ member: z.nullable(memberName), code, message: z.string() })),
  createdBy: z.string(),
  startedBy: nullableText,
  createdAt: time,
  startedAt: nullableTime,
  endedAt: nullableTime,
}

export const collaboration: z.ZodType<Collaboration> = z.strictObject(fields)

const turn: z.ZodType<CollaborationTurn> = z.strictObject({
  id: z.string(),
  phase: z.enum(['work', 'plan', 'delegated', 'aggregate', 'vote']),
  member: memberName,
  about: nullableText,
  state: z.enum(['open', 'succeeded', 'failed', 'cancelled']),
  output: jsonValue,
  failure: z.nullable(failure),
  startedAt: time,
  endedAt: nullableTime,
})

export const collaborationDetail: z.ZodType<CollaborationDetail> = z.strictObject({ ...fields, turns: z.array(turn) })

export const collaborationQuery: z.ZodType<CollaborationQuery> = pageQuery.extend({
  mode: mode.exactOptional(),
  state: z.enum(COLLABORATION_STATES).exactOptional(),
})

export const executeBody: z.ZodType<{ readonly input?: JsonObject }> = z.strictObject({
  input: jsonObject.exactOptional(),
})

export const removeBody: z.ZodType<{ readonly member: MemberName }> = z.strictObject({ member: memberName })

export const messageBody: z.ZodType<{ readonly text: string }> = z.strictObject({
  text: z.string().min(1).max(LONGEST_MESSAGE).meta({ description: 'At most 16,000 bytes' }),
})

export const message: z.ZodType<CollaborationMessage> = z.strictObject({
  id: z.string(),
  number: z.int(),
  author: memberName,
  text: z.string(),
  createdAt: time,
})

export const contextQuery: z.ZodType<{ readonly version?: number }> = z.strictObject({
  version: z.coerce.number().int().min(1).max(2_147_483_647).exactOptional(),
})

export const contextBody: z.ZodType<{ readonly base: number; readonly value: JsonObject }> = z.strictObject({
  base: version,
  value: jsonObject,
})

export const context: z.ZodType<CollaborationContext> = z.strictObject({
  version,
  value: jsonObject,
  author: z.string(),
  createdAt: time,
})
