import type { JsonValue } from '@preceptor/client'
import {
  id,
  jsonObject,
  jsonValue,
  nullableText,
  nullableTime,
  pageQuery,
  reason,
  time,
} from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import {
  CONSENSUS_STATES,
  type Consensus,
  type ConsensusDetail,
  type ConsensusQuery,
  type ConsensusRequest,
  type VoteRequest,
} from '../client/consensus.ts'
import {
  DELEGATION_STATES,
  type Delegation,
  type DelegationQuery,
  type DelegationRequest,
} from '../client/delegations.ts'
import type { MemberName } from '../client/member-name.ts'
import { failure, memberName, ruleFields, seconds, task } from './collaboration-schemas.ts'

const priority = z.int().min(1).max(10).meta({ description: 'The highest is begun first' })

export const delegationRequest: z.ZodType<DelegationRequest> = z.strictObject({
  collaboration: id,
  to: memberName,
  task,
  priority: priority.exactOptional(),
  deadlineSeconds: seconds.exactOptional(),
})

export const delegation: z.ZodType<Delegation> = z.strictObject({
  id: z.string(),
  collaboration: z.string(),
  from: z.string(),
  to: memberName,
  task: z.string(),
  priority,
  deadline: nullableTime,
  state: z.enum(DELEGATION_STATES),
  output: jsonValue,
  failure: z.nullable(failure),
  reassigned: z.int(),
  createdAt: time,
  endedAt: nullableTime,
})

export const delegationQuery: z.ZodType<DelegationQuery> = pageQuery.extend({
  collaboration: id.exactOptional(),
  to: memberName.exactOptional(),
  state: z.enum(DELEGATION_STATES).exactOptional(),
})

export const completeBody: z.ZodType<{ readonly output?: JsonValue }> = z.strictObject({
  output: jsonValue.exactOptional(),
})

export const reassignBody: z.ZodType<{ readonly to: MemberName; readonly reason: string }> = z.strictObject({
  to: memberName,
  reason,
})

export const consensusRequest: z.ZodType<ConsensusRequest> = z.strictObject({
  ...ruleFields,
  collaboration: id,
  topic: task,
})

const count = z.int()
const weight = z.int().meta({ description: 'Basis points' })

const consensusFields = {
  id: z.string(),
  collaboration: z.string(),
  topic: z.string(),
  options: z.array(z.string()),
  threshold: z.number(),
  quorum: count,
  deadline: time,
  data: jsonObject,
  state: z.enum(CONSENSUS_STATES),
  option: nullableText,
  tally: z.strictObject({
    options: z.array(z.strictObject({ option: z.string(), votes: count, weight })),
    abstained: count,
    castWeight: weight,
  }),
  openedBy: z.string(),
  createdAt: time,
  endedAt: nullableTime,
}

export const consensus: z.ZodType<Consensus> = z.strictObject(consensusFields)

export const consensusDetail: z.ZodType<ConsensusDetail> = z.strictObject({
  ...consensusFields,
  electors: z.array(z.strictObject({ member: memberName, weight, state: z.enum(['open', 'voted', 'silent']) })),
  votes: z.array(
    z.strictObject({ member: memberName, option: nullableText, weight, reason: nullableText, createdAt: time }),
  ),
})

export const consensusQuery: z.ZodType<ConsensusQuery> = pageQuery.extend({
  collaboration: id.exactOptional(),
  state: z.enum(CONSENSUS_STATES).exactOptional(),
})

export const voteBody: z.ZodType<VoteRequest> = z.union([
  z.strictObject({ option: z.string().min(1).max(100), reason: reason.exactOptional() }),
  z.strictObject({ abstain: z.literal(true), reason: reason.exactOptional() }),
])
