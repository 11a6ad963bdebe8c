import { isThere, type Tx } from '@preceptor/core/plugin'
import { type SQL, sql } from 'drizzle-orm'
import type { NamedRecord } from '../ports/feedback-ports.ts'

/** Whether a record that core keeps is there and of that agent; undefined for what core does not keep. */
export async function findsCoreRecord(tx: Tx, record: NamedRecord): Promise<boolean | undefined> {
  const query = queryOf(tx, record)
  return query === undefined ? undefined : isThere(tx, query)
}

function queryOf({ workspace }: Tx, { kind, id, agent }: NamedRecord): SQL | undefined {
  const matches = sql`workspace_id = ${workspace} and agent_id = ${agent}`
  switch (kind) {
    case 'decision':
      return sql`select from journal where ${matches} and subject_id = ${id} and kind = 'decision.made'`
    case 'proposal':
      return sql`select from proposals where ${matches} and id = ${id}`
    case 'supervision_session':
      return sql`select from supervision_sessions where ${matches} and id = ${id}`
    case 'training_session':
      return sql`select from training_sessions where ${matches} and id = ${id}`
    case 'learning_session':
    case 'subagent':
    case 'subprocess':
    case 'outside':
      return undefined
    default:
      return kind satisfies never
  }
}
