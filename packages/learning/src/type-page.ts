import type { PageQuery } from '@preceptor/client'
import { cursorTimePlace, parseInput, parseLimit, type TimePlace } from '@preceptor/core/plugin'
import { z } from 'zod'
import { AGENT_TYPE_FORM } from './agent-type.ts'

/** A page of what belongs to one agent type, or to any. */
export interface TypePage {
  readonly agentType: string | null
  readonly before: TimePlace | null
  readonly limit: number
}

const agentTypeFilter = z.string().regex(AGENT_TYPE_FORM).nullable()

/** Reads the query of a list that is filtered by agent type. @throws GovernanceError `INPUT_INVALID`. */
export function typePage(query: PageQuery & { readonly agentType?: string }): TypePage {
  return {
    agentType: parseInput(agentTypeFilter, query.agentType ?? null, 'agentType'),
    before: cursorTimePlace(query.cursor),
    limit: parseLimit(query.limit),
  }
}
