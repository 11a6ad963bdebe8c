import { type Bypass, type BypassRequest, GovernanceError } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { parseReason } from '../access/parse-reason.ts'
import { getAgent } from '../agents/get-agent.ts'
import { hasHadHandIn } from '../agents/store.ts'
import { raiseAlert } from '../alerts/raise-alert.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { insertBypass, type NewBypass } from './bypass-store.ts'
import { coverOf } from './cover-of.ts'
import { getBypass } from './read-bypasses.ts'

const DEFAULT_MS = 3_600_000
const LONGEST_MS = 86_400_000

const name = z.string().min(1).max(128)
const narrowed = {
  capability: name.optional(),
  action: name.optional(),
  durationMs: z.int().min(1_000).max(LONGEST_MS).default(DEFAULT_MS),
  reason: z.string(),
}
const input = z
  .discriminatedUnion('target', [
    z.strictObject({ target: z.literal('agent'), agent: name, ...narrowed }),
    z.strictObject({ target: z.literal('workspace'), ...narrowed }),
  ])
  .refine(({ capability, action }) => capability === undefined || action === undefined, {
    message: 'give a capability or an action, not both',
  })

/**
 * Sets a bypass, by an administrator in person. Under separation of duties nobody sets one for an agent that is, or was,
 * in their own hands.
 *
 * @throws GovernanceError `BYPASS_REFUSED`, `INPUT_INVALID`, `NOT_FOUND` for an unknown agent, `PERMISSION_DENIED`, or the
 * code of a fault.
 */
export async function setBypass(context: GovernorContext, actor: Actor, request: BypassRequest): Promise<Bypass> {
  authorize(actor, 'bypasses.set')
  const parsed = parseInput(input, request, 'bypass')
  const reason = parseReason(parsed.reason)
  const { target, capability = null, action = null, durationMs } = parsed
  const agent = parsed.target === 'agent' ? parsed.agent : null
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    if (agent !== null) await assertMaySet(tx, actor, agent)
    const now = context.clock.now()
    const times = { setAt: isoTime(now), expiresAt: isoTime(now + durationMs) }
    const cover = { target, agent, capability, action }
    const bypass = { id: context.ids.next('byp'), ...cover, reason, userId: actor.principal.id, ...times }
    await insertBypass(tx, bypass)
    await announce(context, tx, actor, bypass)
    return getBypass(context, tx, bypass.id)
  })
}

async function assertMaySet(tx: Tx, { principal }: Actor, agent: string): Promise<void> {
  await getAgent(tx, agent)
  const { separationOfDuties = true } = await newestPolicyDocument(tx)
  if (separationOfDuties && (await hasHadHandIn(tx, agent, principal.id))) {
    throw new GovernanceError('BYPASS_REFUSED', {
      message: `Who owns, owned or handed over the agent "${agent}" may not set a bypass for it.`,
    })
  }
}

async function announce(context: GovernorContext, tx: Tx, actor: Actor, bypass: NewBypass): Promise<void> {
  const { id, target, agent, capability, action, expiresAt } = bypass
  const reason = redactText(bypass.reason)
  await context.journal.append(tx, {
    kind: 'bypass.set',
    subject: id,
    ...(agent === null ? {} : { agent }),
    body: { actor: actorName(actor), target, capability, action, expiresAt, reason },
  })
  const message = `${actorName(actor)} lets ${coverOf(bypass)} run unearned until ${expiresAt}: ${reason}`
  await raiseAlert(context, tx, { code: 'BYPASS_ACTIVE', subject: id, agent, message })
}
