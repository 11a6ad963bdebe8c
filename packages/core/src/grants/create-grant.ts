import { GovernanceError, type Grant, type GrantRequest } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { parseReason } from '../access/parse-reason.ts'
import type { ActionRegistry } from '../actions/action-registry.ts'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { agentNotFound } from '../agents/get-agent.ts'
import { inWorkspace } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { assertNotInvolved } from '../proposals/review-proposal.ts'
import { factsAbout } from '../routing/current-facts.ts'
import type { Gate } from '../routing/gate.ts'
import { assertGrantable } from './assert-grantable.ts'
import { assertNothingHidden } from './assert-nothing-hidden.ts'
import { parseMatcher } from './parse-matcher.ts'
import { redactMatcher } from './redact-matcher.ts'
import { findGrant, insertGrant, type NewGrant } from './store.ts'

const LONGEST_MS = 7 * 86_400_000

const input = z.strictObject({
  agent: z.string().min(1).max(128),
  action: z.string().min(1).max(128),
  digest: z.string().length(64).optional(),
  matcher: z.unknown(),
  uses: z.int().min(1).max(1_000),
  expiresAt: z.iso.datetime({ offset: true }),
  reason: z.unknown(),
})

/**
 * Makes a grant, by a person who may approve what it lets run. It is bound to the agent and its build, to the definition
 * of the action and to the policy, each as it is now.
 *
 * @throws GovernanceError `GRANT_REFUSED`, `ACTION_UNKNOWN`, `ACTION_AMBIGUOUS`, `INPUT_INVALID`, `NOT_FOUND`,
 * `PERMISSION_DENIED`, or the code of a fault.
 */
export async function createGrant(gate: Gate, actor: Actor, request: GrantRequest): Promise<Grant> {
  authorize(actor, 'grants.create')
  const { context } = gate
  const asked = parseInput(input, request, 'grant')
  const reason = parseReason(asked.reason)
  const matcher = parseMatcher(asked.matcher)
  const now = context.clock.now()
  const expiresAt = parseExpiry(asked.expiresAt, now)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const facts = await factsAbout(gate, tx, { agents: [asked.agent] })
    const agent = facts.agents.get(asked.agent)
    if (agent === undefined) throw agentNotFound(asked.agent)
    const action = findAction(gate.registry, actor.workspace, asked)
    const { risk } = assertGrantable({ agent, action, policy: facts.policy })
    assertNothingHidden(matcher, action)
    await assertNotInvolved(tx, actor, { proposal: { risk, proposedBy: null }, agent, facts })
    const grant: NewGrant = {
      id: context.ids.next('grt'),
      agent: agent.id,
      action: action.name,
      digest: action.digest,
      matcher,
      uses: asked.uses,
      epoch: agent.epoch,
      fingerprint: agent.fingerprint,
      policyVersion: facts.policy.version,
      reason,
      createdBy: actorName(actor),
      credential: actor.principal.credential ?? null,
      createdAt: isoTime(now),
      expiresAt,
    }
    await insertGrant(tx, grant)
    const { id, digest, uses, epoch, policyVersion } = grant
    const bound = { action: action.name, digest, epoch, policyVersion }
    const body = { actor: actorName(actor), ...bound, uses, expiresAt, reason: redactText(reason) }
    await context.journal.append(tx, {
      kind: 'grant.created',
      subject: id,
      agent: agent.id,
      body: { ...body, matcher: redactMatcher(matcher, action) },
    })
    const made = await findGrant(tx, id, grant.createdAt)
    if (made === undefined) throw new GovernanceError('FACT_INVALID')
    return made
  })
}

function parseExpiry(text: string, now: number): string {
  const time = Date.parse(text)
  if (time > now && time <= now + LONGEST_MS) return isoTime(time)
  throw new GovernanceError('INPUT_INVALID', {
    message: 'grant.expiresAt: a time from now on and at most 7 days away is needed.',
    details: { fields: ['expiresAt'] },
  })
}

function findAction(
  registry: ActionRegistry,
  workspace: string,
  { action, digest }: { readonly action: string; readonly digest?: string | undefined },
): ActionSpecification {
  const lookup = registry.find(workspace, action, digest)
  if (lookup.found === 'one') return lookup.action
  throw new GovernanceError(lookup.found === 'several' ? 'ACTION_AMBIGUOUS' : 'ACTION_UNKNOWN', {
    message: `The action ${JSON.stringify(action)} is ${lookup.found === 'several' ? 'registered with several definitions; state the digest of one' : 'not registered'}.`,
  })
}
