import type { PlaybookDeployment, PlaybookDeploymentState, PlaybookTier } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'

interface DeploymentRow {
  readonly id: string
  readonly playbook_id: string
  readonly agent_type: string
  readonly version: number
  readonly tier: PlaybookTier
  readonly target: string | null
  readonly share: number
  readonly state: PlaybookDeploymentState
  readonly untested: boolean
  readonly replaces: string | null
  readonly restores: string | null
  readonly reason: string
  readonly deployed_by: string
  readonly deployed_at: string
  readonly ended_by: string | null
  readonly ended_at: string | null
  readonly end_reason: string | null
}

/** A deployment to be made. */
export type NewDeployment = Omit<PlaybookDeployment, 'agentType' | 'state' | 'endedBy' | 'endedAt' | 'endReason'>

/** Where a deployment stands. */
export type DeploymentPlace = Pick<PlaybookDeployment, 'playbook' | 'tier' | 'target'>

const SELECT: SQL = sql`select d.*, p.agent_type from playbook_deployments d
  join playbooks p on p.workspace_id = d.workspace_id and p.id = d.playbook_id`

/** Writes a deployment, which is active. */
export async function insertDeployment(tx: Tx, deployment: NewDeployment): Promise<void> {
  const { id, playbook, version, tier, target, share, untested, replaces, restores } = deployment
  await countOf(
    tx,
    sql`insert into playbook_deployments (id, workspace_id, playbook_id, version, tier, target, share, state, untested,
          replaces, restores, reason, deployed_by, deployed_at)
        values (${id}, ${tx.workspace}, ${playbook}, ${version}, ${tier}, ${target}, ${share}, 'active', ${untested},
          ${replaces}, ${restores}, ${deployment.reason}, ${deployment.deployedBy}, ${deployment.deployedAt})`,
  )
}

/** Ends an active deployment; false when it is not active any more. */
export async function endDeployment(
  tx: Tx,
  id: string,
  end: {
    readonly state: Exclude<PlaybookDeploymentState, 'active'>
    readonly by: string
    readonly at: string
    readonly reason: string
  },
): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update playbook_deployments set state = ${end.state}, ended_by = ${end.by}, ended_at = ${end.at},
          end_reason = ${end.reason}
        where workspace_id = ${tx.workspace} and id = ${id} and state = 'active'`,
  )
  return changed === 1
}

/** Finds a deployment. */
export async function findDeployment(tx: Tx, id: string): Promise<PlaybookDeployment | undefined> {
  const row = await rowOf<DeploymentRow>(tx, sql`${SELECT} where d.workspace_id = ${tx.workspace} and d.id = ${id}`)
  return row && toDeployment(row)
}

/** What is active at one place: one for everybody, one canary, both or none. */
export async function listActiveAt(
  tx: Tx,
  { playbook, tier, target }: DeploymentPlace,
): Promise<readonly PlaybookDeployment[]> {
  const rows = await rowsOf<DeploymentRow>(
    tx,
    sql`${SELECT} where d.workspace_id = ${tx.workspace} and d.playbook_id = ${playbook} and d.tier = ${tier}
          and d.target is not distinct from ${target}::text and d.state = 'active'`,
  )
  return rows.map(toDeployment)
}

/** What is active for a type of agents where it works for this user and in this project. */
export async function listActiveFor(
  tx: Tx,
  {
    agentType,
    user,
    project,
  }: { readonly agentType: string; readonly user: string | null; readonly project: string | null },
): Promise<readonly PlaybookDeployment[]> {
  const rows = await rowsOf<DeploymentRow>(
    tx,
    sql`${SELECT} where d.workspace_id = ${tx.workspace} and p.agent_type = ${agentType} and d.state = 'active'
          and (d.tier = 'system' or d.tier = 'user' and d.target = ${user}::text
            or d.tier = 'project' and d.target = ${project}::text)`,
  )
  return rows.map(toDeployment)
}

/** Reads a page of the history of a playbook, newest first, one more than the limit. */
export async function listDeployments(
  tx: Tx,
  query: {
    readonly playbook: string
    readonly tier: string | null
    readonly target: string | null
    readonly state: string | null
    readonly before: TimePlace | null
    readonly limit: number
  },
): Promise<readonly PlaybookDeployment[]> {
  const { playbook, tier, target, state, before, limit } = query
  const rows = await rowsOf<DeploymentRow>(
    tx,
    sql`${SELECT} where d.workspace_id = ${tx.workspace} and d.playbook_id = ${playbook}
          and (${tier}::text is null or d.tier = ${tier}) and (${target}::text is null or d.target = ${target})
          and (${state}::text is null or d.state = ${state})
          and (${before?.at ?? null}::timestamptz is null
            or (d.deployed_at, d.id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}))
        order by d.deployed_at desc, d.id desc limit ${limit + 1}`,
  )
  return rows.map(toDeployment)
}

function toDeployment(row: DeploymentRow): PlaybookDeployment {
  return {
    id: row.id,
    playbook: row.playbook_id,
    agentType: row.agent_type,
    version: row.version,
    tier: row.tier,
    target: row.target,
    share: row.share,
    state: row.state,
    untested: row.untested,
    replaces: row.replaces,
    restores: row.restores,
    reason: row.reason,
    deployedBy: row.deployed_by,
    deployedAt: isoOf(row.deployed_at),
    endedBy: row.ended_by,
    endedAt: isoOf(row.ended_at),
    endReason: row.end_reason,
  }
}
