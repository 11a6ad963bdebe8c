import { isoOf } from '@preceptor/core/plugin'
import type { AboutKind, Example } from '../client/feedback.ts'

/** An example as the database holds it. */
export interface ExampleRow {
  readonly id: string
  readonly agent_id: string | null
  readonly agent_type: string
  readonly input: string
  readonly output: string | null
  readonly correction: string
  readonly tags: readonly string[]
  readonly about_kind: AboutKind
  readonly about_id: string
  readonly about_task: string | null
  readonly origin: Example['origin']
  readonly content_hash: string
  readonly is_held_out: boolean
  readonly applied_by: string | null
  readonly occurrences: number
  readonly actor: string
  readonly created_at: string
}

/** The columns of such a row. */
export const EXAMPLE_COLUMNS = `id, agent_id, agent_type, input, output, correction, tags, about_kind, about_id, about_task,
  origin, content_hash, is_held_out, applied_by, occurrences, actor, created_at`

/** The example of a row. */
export function toExample(row: ExampleRow): Example {
  return {
    id: row.id,
    agent: row.agent_id,
    agentType: row.agent_type,
    input: row.input,
    output: row.output,
    correction: row.correction,
    tags: row.tags,
    about: { kind: row.about_kind, id: row.about_id, ...(row.about_task === null ? {} : { task: row.about_task }) },
    origin: row.origin,
    contentHash: row.content_hash,
    isHeldOut: row.is_held_out,
    appliedBy: row.applied_by,
    occurrences: row.occurrences,
    actor: row.actor,
    createdAt: isoOf(row.created_at),
  }
}
