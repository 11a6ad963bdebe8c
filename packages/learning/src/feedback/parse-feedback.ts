import { parseInput } from '@preceptor/core/plugin'
import { z } from 'zod'
import { AGENT_TYPE_FORM } from '../agent-type.ts'
import {
  ABOUT_KINDS,
  type About,
  FEEDBACK_KINDS,
  type FeedbackKind,
  type FeedbackQuery,
  type FeedbackRequest,
} from '../client/feedback.ts'
import { LONGEST_COMMENT, LONGEST_TASK, LONGEST_TEXT, storedText, tags } from './texts.ts'

const id = z.string().min(1).max(200)
const agentId = z.string().min(1).max(128)

const about: z.ZodType<About> = z.strictObject({
  kind: z.enum(ABOUT_KINDS),
  id: storedText(200),
  task: storedText(LONGEST_TASK).exactOptional(),
})

const request = z
  .strictObject({
    agent: agentId,
    kind: z.enum(FEEDBACK_KINDS),
    input: storedText(LONGEST_TEXT),
    output: storedText(LONGEST_TEXT, { least: 0 }),
    correction: storedText(LONGEST_TEXT).exactOptional(),
    comment: storedText(LONGEST_COMMENT).exactOptional(),
    tags: tags.exactOptional(),
    about,
  })
  .refine(({ kind, correction }) => (kind === 'correction') === (correction !== undefined), {
    path: ['correction'],
    message: 'is needed for a correction, and for nothing else',
  })
  .refine(({ output, correction }) => correction === undefined || correction !== output, {
    path: ['correction'],
    message: 'is what was answered: it corrects nothing',
  })

const query = z.strictObject({
  limit: z.unknown().exactOptional(),
  cursor: z.unknown().exactOptional(),
  agent: agentId.exactOptional(),
  agentType: z.string().regex(AGENT_TYPE_FORM).exactOptional(),
  kind: z.enum(FEEDBACK_KINDS).exactOptional(),
  tag: z.string().min(1).max(64).exactOptional(),
})

/** Filters of a list of feedback, found valid. */
export interface FeedbackFilter {
  readonly agent: string | null
  readonly agentType: string | null
  readonly kind: FeedbackKind | null
  readonly tag: string | null
}

/** @throws GovernanceError `INPUT_INVALID` naming the fields. */
export function parseFeedback(value: FeedbackRequest): FeedbackRequest {
  return parseInput(request, value, 'feedback')
}

/** @throws GovernanceError `INPUT_INVALID` naming the fields. */
export function parseFeedbackQuery(value: FeedbackQuery): FeedbackFilter {
  const { agent = null, agentType = null, kind = null, tag = null } = parseInput(query, value, 'query')
  return { agent, agentType, kind, tag }
}

/** @throws GovernanceError `INPUT_INVALID` */
export function parseId(value: string): string {
  return parseInput(id, value, 'id')
}

/** @throws GovernanceError `INPUT_INVALID` */
export function parseAgentId(value: string): string {
  return parseInput(agentId, value, 'agent')
}
