import type { Advice, ArgChange, PreviewBlock, ProposalCard, ProposalState } from '@preceptor/client'
import { z } from 'zod'
import { agentId, jsonObject, jsonValue, proposalState, risk, time } from './common-schemas.ts'
import { proposal } from './record-schemas.ts'

const texts = z.array(z.string())
const language = z.string().exactOptional()
const label = z.string().exactOptional()

const previewBlock: z.ZodType<PreviewBlock> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('kv'),
    items: z.array(
      z.strictObject({ label: z.string(), value: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
    ),
  }),
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({ kind: z.literal('diff'), before: z.string(), after: z.string(), language }),
  z.strictObject({ kind: z.literal('code'), code: z.string(), language }),
  z.strictObject({ kind: z.literal('table'), columns: texts, rows: z.array(z.array(jsonValue)) }),
  z.strictObject({
    kind: z.literal('money'),
    amount: z.int().meta({ description: 'In minor units' }),
    currency: z.string(),
    label,
  }),
  z.strictObject({ kind: z.literal('recipients'), items: texts }),
  z.strictObject({ kind: z.literal('link'), url: z.string(), label }),
  z.strictObject({ kind: z.literal('warning'), text: z.string() }),
])

/** One difference between two sets of args. */
export const argChange: z.ZodType<ArgChange> = z.strictObject({
  pointer: z.string().meta({ description: 'JSON Pointer (RFC 6901)' }),
  kind: z.enum(['added', 'removed', 'changed']),
  before: jsonValue.exactOptional(),
  after: jsonValue.exactOptional(),
})

const fingerprint = z.strictObject({
  version: z.string().exactOptional(),
  model: z.string().exactOptional(),
  instructions: z.string().exactOptional(),
  tools: z.string().exactOptional(),
})

const settled: z.ZodType<{ proposalId: string; state: ProposalState; decidedAt: string }> = z.strictObject({
  proposalId: z.string(),
  state: proposalState,
  decidedAt: time,
})

export const advice: z.ZodType<Advice> = z.strictObject({
  id: z.string(),
  proposalId: z.string(),
  version: z.int(),
  actionHash: z.string(),
  verdict: z.enum(['approve', 'modify', 'reject', 'escalate']),
  reasons: texts,
  suggestions: z.array(argChange),
  by: z.string().meta({ description: '`rules`, or `model:` and its name' }),
  createdAt: time,
})

export const proposalCard: z.ZodType<ProposalCard> = z.strictObject({
  proposal,
  summary: z.string(),
  risk: z.strictObject({ level: risk, reasons: texts }),
  preview: z.array(previewBlock),
  changes: z.strictObject({
    against: z.nullable(z.strictObject({ proposalId: z.string(), decidedAt: time })),
    entries: z.array(argChange),
  }),
  edits: z.array(argChange),
  masked: texts,
  bound: z.strictObject({
    agent: agentId,
    fingerprint,
    action: z.string(),
    digest: z.string(),
    policyVersion: z.int(),
    expiresAt: time,
    nonce: z.string(),
    version: z.int(),
  }),
  schema: z.nullable(jsonObject),
  approvals: z.strictObject({ required: z.int(), given: texts }),
  mayDecide: z.strictObject({ allowed: z.boolean(), reason: z.nullable(z.string()) }),
  history: z.strictObject({
    decided: z.int(),
    approvedUnchanged: z.int(),
    edited: z.int(),
    rejected: z.int(),
    last: z.array(settled),
  }),
  advice: z.nullable(advice),
  serverTime: time,
})
