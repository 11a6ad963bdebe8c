import type { GrantPreview, GrantPreviewRequest } from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { type AskedBefore, listAsked } from './history-store.ts'
import { matchesAttempt } from './matcher.ts'
import { parseMatcher } from './parse-matcher.ts'

const HISTORY = 100
const SAMPLE = 10

const input = z.strictObject({
  agent: z.string().min(1).max(128),
  action: z.string().min(1).max(128),
  matcher: z.unknown(),
})

/**
 * Says which of the last 100 proposals of an agent and action a grant would have let run.
 *
 * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function previewGrant(
  context: GovernorContext,
  actor: Actor,
  request: GrantPreviewRequest,
): Promise<GrantPreview> {
  authorize(actor, 'grants.preview')
  const { agent, action, matcher: asked } = parseInput(input, request, 'preview')
  const matcher = parseMatcher(asked)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getAgent(tx, agent)
    const history = await listAsked(tx, { agent, action, limit: HISTORY })
    const matched = history.filter((one) => isCovered(one) && matchesAttempt(matcher, one))
    const sample = matched
      .slice(0, SAMPLE)
      .map(({ proposalId, args, createdAt, state }) => ({ proposalId, args, createdAt, state }))
    return { matched: matched.length, of: history.length, sample }
  })
}

/** Whether a grant can stand for what was asked for: one approval, of what the agent did by itself. */
export function isCovered({ requiredApprovals, risk, source, delegated }: AskedBefore): boolean {
  return requiredApprovals === 1 && risk !== 'critical' && source !== 'manual' && !delegated
}
