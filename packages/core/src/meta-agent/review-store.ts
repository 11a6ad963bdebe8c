import type { JsonObject, ProposalState } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'
import type { StoredArgs } from '../proposals/hidden-args.ts'

/** An earlier proposal with the args of the one that is looked at, as it was decided. */
export interface SameCall {
  readonly proposalId: string
  readonly state: ProposalState
  readonly isEdited: boolean
  /** What it came to: the args of its last version. */
  readonly last: StoredArgs
}

const KEPT = 20

/** Lists what was decided on the same args before, at most 20, the newest first. */
export async function listSameCalls(
  tx: Tx,
  call: { readonly id: string; readonly agent: string; readonly action: string; readonly argsHash: string },
): Promise<readonly SameCall[]> {
  const rows = await rowsOf<{
    readonly id: string
    readonly state: ProposalState
    readonly edited: boolean
    readonly args: JsonObject
    readonly sensitive: readonly SensitivePath[]
  }>(
    tx,
    sql`select p.id, p.state, v.args, v.sensitive, exists (
            select from proposal_reviews r where r.proposal_id = p.id and r.verdict = 'edit') as edited
        from proposals p join proposal_versions v on v.proposal_id = p.id and v.version = p.version
        where p.workspace_id = ${tx.workspace} and p.agent_id = ${call.agent} and p.action = ${call.action}
          and p.id <> ${call.id} and p.requested_hash = ${call.argsHash} and p.decided_at is not null
          and p.state not in ('pending', 'expired', 'cancelled')
        order by p.decided_at desc, p.id desc limit ${KEPT}`,
  )
  return rows.map(({ id, state, edited, args, sensitive }) => ({
    proposalId: id,
    state,
    isEdited: edited,
    last: { args, sensitive },
  }))
}
