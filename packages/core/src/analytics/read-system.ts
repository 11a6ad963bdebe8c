import type { AnalyticsQuery, AnalyticsSystem } from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { agentFilter, authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { presenceMoment } from '../presence/presence-moment.ts'
import { countOnline } from '../presence/presence-store.ts'
import { countDeliveries, countOpen, countUnsealed } from './system-store.ts'

const input = z.strictObject({ agent: z.string().min(1).max(128).optional() })

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readSystem(
  context: GovernorContext,
  actor: Actor,
  query: Pick<AnalyticsQuery, 'agent'>,
): Promise<AnalyticsSystem> {
  const { agent = null } = parseInput(input, query, 'query')
  authorize(actor, 'analytics.system', agent === null ? {} : { agent })
  const moment = presenceMoment(context)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const deliveries = { pending: 0, sending: 0, delivered: 0, failed: 0, cancelled: 0 }
    for (const { state, count } of await countDeliveries(tx)) deliveries[state] = count
    return {
      at: moment.at,
      open: await countOpen(tx, { agent, only: agentFilter(actor) }),
      journal: await countUnsealed(tx),
      deliveries,
      supervisorsOnline: await countOnline(tx, moment),
    }
  })
}
