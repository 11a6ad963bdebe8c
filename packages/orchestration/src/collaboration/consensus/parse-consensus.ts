import { GovernanceError } from '@preceptor/client'
import { parseInput } from '@preceptor/core/plugin'
import { z } from 'zod'
import {
  CONSENSUS_STATES,
  type Consensus,
  type ConsensusQuery,
  type ConsensusRequest,
  type ConsensusRule,
  type VoteRequest,
} from '../../client/consensus.ts'
import type { ConsensusDraft } from '../stored-collaboration.ts'
import { option, parseJsonObject, storedId, task, voteReason } from '../texts.ts'

const DEFAULT_OPTIONS = ['yes', 'no']
const DEFAULT_THRESHOLD = 6_700
const DAY_SECONDS = 86_400
const WHOLE = 10_000
const HALF = 5_000

/** Basis points of a share that people write, such as 0.67; undefined for what four decimals cannot say. */
function toBasisPoints(share: number): number | undefined {
  const points = Math.round(share * WHOLE)
  return points / WHOLE === share ? points : undefined
}

const threshold = z.number().transform((share, check) => {
  const points = toBasisPoints(share)
  if (points !== undefined && points > HALF && points <= WHOLE) return points
  check.addIssue({ code: 'custom', message: 'must be above 0.5 and at most 1, with at most four decimals' })
  return z.NEVER
})

const ruleShape = {
  options: z
    .array(option)
    .min(2)
    .max(20)
    .refine((options) => new Set(options).size === options.length, 'names an option twice')
    .optional(),
  threshold: threshold.optional(),
  quorum: z.int().min(1).max(50).optional(),
  deadlineSeconds: z.int().min(1).max(2_592_000).optional(),
  data: z.unknown().optional(),
}
const rule = z.strictObject({ ...ruleShape, topic: task.optional() })
const request = z.strictObject({ ...ruleShape, topic: task, collaboration: storedId })

/** Reads how a vote is decided. @throws GovernanceError `INPUT_INVALID` */
export function parseRule(value: ConsensusRule & { readonly topic?: string }, topic: string): ConsensusDraft {
  const { topic: own, ...asked } = parseInput(rule, value, 'consensus')
  return toDraft(asked, own ?? topic)
}

/** @throws GovernanceError `INPUT_INVALID` */
export function parseConsensus(value: ConsensusRequest): {
  readonly collaboration: string
  readonly draft: ConsensusDraft
} {
  const { collaboration, topic, ...asked } = parseInput(request, value, 'consensus')
  return { collaboration, draft: toDraft(asked, topic) }
}

function toDraft(asked: Omit<z.output<typeof rule>, 'topic'>, topic: string): ConsensusDraft {
  return {
    topic,
    options: asked.options ?? DEFAULT_OPTIONS,
    threshold: asked.threshold ?? DEFAULT_THRESHOLD,
    quorum: asked.quorum ?? null,
    deadlineSeconds: asked.deadlineSeconds ?? DAY_SECONDS,
    data: parseJsonObject(asked.data ?? {}, 'consensus.data'),
  }
}

const vote = z.union([
  z.strictObject({ option, reason: voteReason.optional() }),
  z.strictObject({ abstain: z.literal(true), reason: voteReason.optional() }),
])

/** A vote, found valid. */
export interface ParsedVote {
  /** Null for an abstention. */
  readonly option: string | null
  readonly reason: string | null
}

/** Reads a vote on some options. @throws GovernanceError `INPUT_INVALID` */
export function parseVote(value: VoteRequest | unknown, options: readonly string[]): ParsedVote {
  const said = parseInput(vote, value, 'vote')
  const reason = said.reason ?? null
  if ('abstain' in said) return { option: null, reason }
  if (options.includes(said.option)) return { option: said.option, reason }
  throw new GovernanceError('INPUT_INVALID', {
    message: `vote.option: ${JSON.stringify(said.option)} is none of ${options.map((one) => JSON.stringify(one)).join(', ')}.`,
  })
}

const query = z.strictObject({
  limit: z.unknown().optional(),
  cursor: z.unknown().optional(),
  collaboration: storedId.optional(),
  state: z.enum(CONSENSUS_STATES).optional(),
})

/** @throws GovernanceError `INPUT_INVALID` */
export function parseConsensusQuery(value: ConsensusQuery): {
  readonly collaboration: string | null
  readonly state: Consensus['state'] | null
} {
  const { collaboration = null, state = null } = parseInput(query, value, 'query')
  return { collaboration, state }
}
