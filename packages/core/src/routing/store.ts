import { GovernanceError } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { holdForDecision } from '../database/hold.ts'
import { rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { anyExceptions } from './exception-store.ts'
import type { OpenStop } from './facts.ts'
import type { AgentFactsRow } from './parse-facts.ts'

/** What the store knows of a workspace at one moment. */
export interface StoredFacts {
  readonly agents: readonly AgentFactsRow[]
  readonly stops: readonly OpenStop[]
  readonly policyVersion: number
  /** False where there is none that could be in force; undefined where it was not asked. */
  readonly anyBypass: boolean | undefined
  readonly anyGrant: boolean | undefined
}

interface FactsRequest {
  readonly agents: readonly string[]
  readonly hold: boolean
  readonly changes?: string | undefined
  /** The time at which somebody wants to know whether there are bypasses and grants; ISO 8601. */
  readonly exceptionsAt?: string | undefined
}

interface SetColumns {
  readonly stops: unknown
  readonly policy_version: unknown
  readonly any_bypass?: boolean
  readonly any_grant?: boolean
}

/** What is set for the workspace of the transaction. */
const whatIsSet = (tx: Tx, { agents, exceptionsAt: at }: FactsRequest): SQL => sql`
  coalesce((select json_agg(json_build_object('id', id, 'target', target, 'agent', agent_id)) from stops
    where lifted_at is null and workspace_id in (${tx.workspace}, '*')), '[]'::json) as stops,
  coalesce((select max(version) from policies where workspace_id = ${tx.workspace}), 0) as policy_version
  ${at === undefined ? sql`` : sql`, ${anyExceptions(tx, agents, at)}`}`

/**
 * Reads the facts about some agents. With `hold`, they and what is set for the workspace cannot change until the
 * transaction ends: a demotion either comes before and is seen, or waits.
 */
export async function readFacts(tx: Tx, request: FactsRequest): Promise<StoredFacts> {
  const held = request.hold ? holdForDecision(tx, request) : undefined
  // A statement of its own behind the hold: what was set while this transaction waited must be seen.
  const reading = rowsOf<AgentFactsRow & SetColumns>(
    tx,
    sql`select a.id, a.owner_id, a.category, a.capabilities, a.lifecycle, a.epoch, m.maturity, m.confidence,
          a.fingerprint, a.fingerprint_capped,
          (select json_agg(json_build_object('capability', c.capability, 'maturity', c.maturity,
              'confidence', c.confidence)) from maturity_records c
            where c.workspace_id = a.workspace_id and c.agent_id = a.id and c.capability <> '*') as earned,
          ${whatIsSet(tx, request)}
        from agents a
        join maturity_records m on m.workspace_id = a.workspace_id and m.agent_id = a.id and m.capability = '*'
        where a.workspace_id = ${tx.workspace} and a.id = any(${sql.param(request.agents)}::text[])
        order by a.id
        ${request.hold ? sql`for share of a, m` : sql``}`,
  )
  const [agents] = await Promise.all([reading, held])
  // Where there is no such agent, no row says what is set.
  const set = agents[0] ?? (await rowOf<SetColumns>(tx, sql`select ${whatIsSet(tx, request)}`))
  const { stops, policy_version: policyVersion, any_bypass: anyBypass, any_grant: anyGrant } = set ?? {}
  if (!Array.isArray(stops) || typeof policyVersion !== 'number') {
    throw new GovernanceError('FACT_INVALID', {
      message: 'The stored stops or the policy version have impossible values.',
    })
  }
  return { agents, stops: stops.map(parseStop), policyVersion, anyBypass, anyGrant }
}

function parseStop(stop: unknown): OpenStop {
  if (typeof stop === 'object' && stop !== null && 'id' in stop && 'target' in stop && 'agent' in stop) {
    const { id, target, agent } = stop
    const known = target === 'agent' || target === 'workspace' || target === 'all'
    if (typeof id === 'string' && known && (agent === null || typeof agent === 'string')) return { id, target, agent }
  }
  throw new GovernanceError('FACT_INVALID', { message: 'A stored stop has impossible values.' })
}
