import type { Suggestion } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { suggestionsFor } from './suggestions-for.ts'

/** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readSuggestions(
  context: GovernorContext,
  actor: Actor,
  agent: string,
): Promise<{ readonly items: readonly Suggestion[] }> {
  const access = authorize(actor, 'agents.suggestions', { agent })
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getAgent(tx, agent)
    const items = await suggestionsFor(tx, { agent, now: context.clock.now() })
    // A ready grant holds values of args.
    return { items: access === 'redacted' ? items.map(({ grant: _, ...rest }) => rest) : items }
  })
}
