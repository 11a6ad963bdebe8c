import type {
  EffectivePlaybook,
  Playbook,
  PlaybookDeployment,
  PlaybookDeploymentQuery,
  PlaybookDeploymentRequest,
  PlaybookDeploymentState,
  PlaybookDiff,
  PlaybookDiffLine,
  PlaybookDiffQuery,
  PlaybookExample,
  PlaybookQuery,
  PlaybookRollback,
  PlaybookTest,
  PlaybookTier,
  PlaybookUse,
  PlaybookVersion,
  PlaybookVersionSummary,
  PlaybookWriting,
} from '@preceptor/client'
import { z } from 'zod'
import { agentId, id, nullableText, nullableTime, pageQuery, reason, time } from './common-schemas.ts'

const agentType = z.string().min(1).max(64)
const target = z.string().min(1).max(200)
const number = z.int().min(1)
const tier: z.ZodType<PlaybookTier> = z.enum(['system', 'user', 'project'])
const state: z.ZodType<PlaybookDeploymentState> = z.enum(['active', 'replaced', 'rolled_back'])

const example: z.ZodType<PlaybookExample> = z.strictObject({
  input: z.string().min(1),
  output: z.string().min(1),
  note: z.string().min(1).exactOptional(),
  source: target.exactOptional(),
})

const test: z.ZodType<PlaybookTest> = z.strictObject({
  against: z.nullable(number),
  cases: number,
  before: z.number(),
  after: z.number(),
  improvement: z.number(),
  p: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  method: z.string(),
  testedAt: time,
})

export const playbook: z.ZodType<Playbook> = z.strictObject({
  id: z.string(),
  agentType,
  name: nullableText,
  latest: number,
  createdBy: z.string(),
  createdAt: time,
})

const summary = {
  playbook: z.string(),
  agentType,
  version: number,
  parent: z.nullable(number),
  note: nullableText,
  createdBy: z.string(),
  createdAt: time,
  test: z.nullable(test),
}

export const versionSummary: z.ZodType<PlaybookVersionSummary> = z.strictObject({
  ...summary,
  examples: z.int().min(0),
})

export const version: z.ZodType<PlaybookVersion> = z.strictObject({
  ...summary,
  instructions: z.string(),
  examples: z.array(example),
})

const line: z.ZodType<PlaybookDiffLine> = z.strictObject({
  change: z.enum(['kept', 'added', 'removed']),
  line: z.string(),
})

export const diff: z.ZodType<PlaybookDiff> = z.strictObject({
  playbook: z.string(),
  from: z.nullable(number),
  to: number,
  instructions: z.array(line),
  examples: z.strictObject({
    added: z.array(example),
    removed: z.array(example),
    changed: z.array(z.strictObject({ from: example, to: example })),
  }),
})

export const deployment: z.ZodType<PlaybookDeployment> = z.strictObject({
  id: z.string(),
  playbook: z.string(),
  agentType,
  version: number,
  tier,
  target: nullableText,
  share: z.number().gt(0).max(1),
  state,
  untested: z.boolean(),
  replaces: nullableText,
  restores: nullableText,
  deployedBy: z.string(),
  deployedAt: time,
  reason: z.string(),
  endedBy: nullableText,
  endedAt: nullableTime,
  endReason: nullableText,
})

export const rollback: z.ZodType<PlaybookRollback> = z.strictObject({
  rolledBack: deployment,
  restored: z.nullable(deployment),
})

const effective: z.ZodType<EffectivePlaybook> = z.strictObject({
  playbook: z.string(),
  agentType,
  version: number,
  instructions: z.string(),
  examples: z.array(example),
  tier,
  deployment: z.string(),
  isCanary: z.boolean(),
})

/** Null where nothing is deployed: that is an answer, and no missing record. */
export const effectiveAnswer: z.ZodType<{ readonly effective: EffectivePlaybook | null }> = z.strictObject({
  effective: z.nullable(effective),
})

export const writing: z.ZodType<PlaybookWriting> = z.strictObject({
  agentType,
  name: z.string().min(1).max(128).exactOptional(),
  instructions: z.string().min(1).max(32_000),
  examples: z.array(example).max(100).exactOptional(),
  note: z.string().min(1).max(1_000).exactOptional(),
  parent: number.exactOptional(),
  basedOn: z.int().min(0).exactOptional(),
})

export const deploymentBody: z.ZodType<PlaybookDeploymentRequest> = z.strictObject({
  version: number,
  tier,
  target: target.exactOptional(),
  share: z.number().gt(0).max(1).exactOptional(),
  reason,
  force: z.boolean().exactOptional(),
  basedOn: z.nullable(number).exactOptional(),
})

const inQuery = z.coerce.number().int().min(1)

export const playbookQuery: z.ZodType<PlaybookQuery> = z.strictObject({
  ...pageQuery.shape,
  agentType: agentType.exactOptional(),
})
export const diffQuery: z.ZodType<PlaybookDiffQuery> = z.strictObject({
  from: inQuery.exactOptional(),
  to: inQuery.exactOptional(),
})
export const deploymentQuery: z.ZodType<PlaybookDeploymentQuery> = z.strictObject({
  ...pageQuery.shape,
  tier: tier.exactOptional(),
  target: target.exactOptional(),
  state: state.exactOptional(),
})
export const useQuery: z.ZodType<PlaybookUse> = z.strictObject({
  agentType,
  agent: agentId.exactOptional(),
  user: target.exactOptional(),
  project: target.exactOptional(),
  unit: target.exactOptional(),
})
export const versionParams: z.ZodType<{ id: string; version: number }> = z.strictObject({ id, version: inQuery })
