import { GovernanceError } from '@preceptor/client'
import { cursorTimePlace, parseInput, parseLimit, type TimePlace } from '@preceptor/core/plugin'
import { z } from 'zod'
import { AGENT_TYPE_FORM } from '../agent-type.ts'
import type { LearningSession, LearningSessionQuery, LearningSessionRequest, SessionMode } from '../client/trainer.ts'
import { LONGEST_TEXT, storedText } from '../feedback/texts.ts'
import type { TrainerParts } from '../options/open-trainer-parts.ts'

/** A request that was found valid, with its texts redacted. */
export interface SessionDraft {
  readonly agentType: string
  readonly agent: string | null
  readonly original: string
  readonly correction: string | null
  readonly context: string
  readonly format: string
  readonly mode: SessionMode
  readonly template: string | null
}

/** Filters of a list of sessions, found valid. */
export interface SessionListQuery {
  readonly agentType: string | null
  readonly agent: string | null
  readonly state: LearningSession['state'] | null
  readonly before: TimePlace | null
  readonly limit: number
}

const GUIDANCE = 'guidance'
const agentType = z.string().regex(AGENT_TYPE_FORM)
const agent = z.string().min(1).max(128)
const text = storedText(LONGEST_TEXT)

const request = z.strictObject({
  agentType,
  agent: agent.exactOptional(),
  originalResponse: text,
  correction: text.exactOptional(),
  context: text,
  format: z.string().min(1).max(64),
  mode: z.enum(['continuous', 'batch', 'adaptive']).default('continuous'),
  template: z.string().min(1).max(64).exactOptional(),
})

const query = z.strictObject({
  limit: z.unknown().exactOptional(),
  cursor: z.string().exactOptional(),
  agentType: agentType.exactOptional(),
  agent: agent.exactOptional(),
  state: z.enum(['pending', 'running', 'completed', 'failed']).exactOptional(),
})

/** @throws GovernanceError `INPUT_INVALID` naming the fields. */
export function parseSession(
  { formats, templates }: Pick<TrainerParts, 'formats' | 'templates'>,
  value: LearningSessionRequest,
): SessionDraft {
  const { originalResponse, correction, template, ...rest } = parseInput(request, value, 'session')
  if (!formats.names.includes(rest.format)) {
    throw invalid('format', `is none of ${formats.names.join(', ')}`)
  }
  if (template !== undefined) {
    if (!templates.names.includes(template)) throw invalid('template', 'is not registered')
    const needed = templates.variablesOf(template)
    if (needed.some((name) => name !== GUIDANCE) || needed.length === 0) {
      throw invalid('template', `is not one to improve by: it needs the variable ${GUIDANCE}, and no other`)
    }
  }
  return {
    ...rest,
    agent: rest.agent ?? null,
    original: originalResponse,
    correction: correction ?? null,
    template: template ?? null,
  }
}

/** @throws GovernanceError `INPUT_INVALID` naming the fields. */
export function parseSessionQuery(value: LearningSessionQuery): SessionListQuery {
  const asked = parseInput(query, value, 'query')
  return {
    agentType: asked.agentType ?? null,
    agent: asked.agent ?? null,
    state: asked.state ?? null,
    before: cursorTimePlace(asked.cursor),
    limit: parseLimit(asked.limit),
  }
}

/** @throws GovernanceError `INPUT_INVALID` */
export function parseAgentType(value: unknown): string {
  return parseInput(agentType, value, 'agentType')
}

function invalid(field: string, problem: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', { message: `session: ${field}: ${problem}.` })
}
