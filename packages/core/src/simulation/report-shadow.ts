import {
  GovernanceError,
  type ShadowCounts,
  type ShadowedCapability,
  type ShadowQuery,
  type ShadowReport,
} from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { agentFilter, authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { groupBy } from '../kernel/group-by.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { countShadowed, listShadowed, type ShadowCountRow } from './shadow-store.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 7
const MOST_DAYS = 90
const MOST_LATEST = 50
const MOST_NAMED = 100

const input = z.strictObject({ since: z.iso.datetime({ offset: true }).optional() })

/**
 * Says what enforcing would have done to what ran in shadow since a time, by what the decisions have on record: each was
 * ruled on as if it were enforced, with the limits, the maturity and the policy of its moment.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function reportShadow(context: GovernorContext, actor: Actor, query: ShadowQuery): Promise<ShadowReport> {
  authorize(actor, 'policies.shadow')
  const { since } = parseInput(input, query, 'query')
  const now = context.clock.now()
  const begin = since === undefined ? now - DEFAULT_DAYS * DAY_MS : Date.parse(since)
  if (begin > now || now - begin > MOST_DAYS * DAY_MS) {
    throw new GovernanceError('INPUT_INVALID', {
      message: `query.since: it is a time of the last ${MOST_DAYS} days.`,
      details: { fields: ['since'] },
    })
  }
  const past = { from: isoTime(begin), to: isoTime(now), only: agentFilter(actor) }
  // What this process decided a moment ago is part of it.
  await context.journal.flushed()
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const { shadow = [] } = await newestPolicyDocument(tx)
    const rows = await countShadowed(tx, past)
    const latest = await listShadowed(tx, past, MOST_LATEST)
    return { from: past.from, to: past.to, capabilities: capabilitiesOf(rows, shadow), latest }
  })
}

function capabilitiesOf(rows: readonly ShadowCountRow[], shadow: readonly string[]): ShadowReport['capabilities'] {
  const used = groupBy(rows, ({ capability }) => capability)
  const names = [...new Set([...used.keys(), ...shadow])].sort()
  return names.map((capability) => capabilityOf(capability, used.get(capability) ?? [], shadow.includes(capability)))
}

function capabilityOf(capability: string, rows: readonly ShadowCountRow[], isShadowed: boolean): ShadowedCapability {
  const whole = rows.filter(({ agent, action }) => agent === null && action === null)
  return {
    capability,
    isShadowed,
    ...sumOf(whole),
    agents: named(rows, 'agent').map(([agent, counts]) => ({ agent, ...counts })),
    actions: named(rows, 'action').map(([action, counts]) => ({ action, ...counts })),
  }
}

type Sum = Pick<ShadowedCapability, 'ran' | 'would'>

function sumOf(rows: readonly ShadowCountRow[]): Sum {
  const count = (route: ShadowCountRow['would']): number =>
    rows.reduce((sum, row) => sum + (row.would === route ? row.count : 0), 0)
  const would: ShadowCounts = {
    execution: count('execution'),
    supervision: count('supervision'),
    proposal: count('proposal'),
    training: count('training'),
    denied: count('denied'),
  }
  return { ran: rows.reduce((sum, row) => sum + row.count, 0), would }
}

function named(rows: readonly ShadowCountRow[], by: 'agent' | 'action'): readonly (readonly [string, Sum])[] {
  const groups = groupBy(
    rows.filter((row) => row[by] !== null),
    (row) => row[by] ?? '',
  )
  const held = ({ ran, would }: Sum): number => ran - would.execution
  return [...groups]
    .map(([name, of]) => [name, sumOf(of)] as const)
    .sort(([one, a], [other, b]) => held(b) - held(a) || b.ran - a.ran || (one < other ? -1 : 1))
    .slice(0, MOST_NAMED)
}
