import { GovernanceError, type RecordQuery } from '@preceptor/client'
import { z } from 'zod'
import { cursorTimePlace, parseLimit } from '../kernel/pagination.ts'
import type { RecordListQuery } from '../kernel/record-list-query.ts'
import type { Actor } from './actor.ts'
import { agentFilter } from './authorize.ts'
import { parseInput } from './parse-input.ts'

const text = z.string().min(1).max(128).optional()

/**
 * Turns the query of a caller into what a store reads: its page, its filters, and only what the caller may see.
 *
 * @throws GovernanceError `INPUT_INVALID` naming the field.
 */
export function recordListQuery(actor: Actor, query: RecordQuery): RecordListQuery {
  return {
    agent: parseInput(text, query.agent, 'agent') ?? null,
    only: agentFilter(actor),
    state: parseInput(text, query.state, 'state') ?? null,
    before: cursorTimePlace(query.cursor),
    limit: parseLimit(query.limit),
  }
}

/** The error for a record that does not exist, or that the caller may not see. */
export function recordNotFound(what: string, id: string): GovernanceError {
  return new GovernanceError('NOT_FOUND', {
    message: `There is no ${what} ${JSON.stringify(id.slice(0, 60))} in this workspace.`,
  })
}
