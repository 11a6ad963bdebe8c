import type { GrantUse } from '@preceptor/client'
import { actorName, userOf } from '../access/actor.ts'
import { isAnyRevoked, rolesOf } from '../access/store.ts'
import { compareFingerprints } from '../agents/fingerprint.ts'
import { hasHadHandIn } from '../agents/store.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { GrantSearch, RuledAttempt } from '../routing/consequences.ts'
import { matchesAttempt } from './matcher.ts'
import { holdGrant, type LiveGrant, listLiveGrants } from './store.ts'

/**
 * The grant under which an attempt may run, of several the one that expires first. It holds only for the agent, the
 * build, the definition of the action and the policy that it was made for.
 */
export async function findUsableGrant(
  context: Pick<GovernorContext, 'clock'>,
  tx: Tx,
  { ruled, hold }: GrantSearch,
): Promise<GrantUse | undefined> {
  const { attempt, action, args, policy } = ruled
  // As it is now: what was ruled on may be the agent of before its build was noted.
  const agent = ruled.agents.find(({ id }) => id === attempt.trigger.agent)
  if (agent === undefined || agent.fingerprintCapped) return undefined
  const at = isoTime(context.clock.now())
  const { name, digest } = action
  const binding = { agent: agent.id, action: name, digest, epoch: agent.epoch, policyVersion: policy.version, at }
  const resource = attempt.trigger.resource ?? null
  for (const grant of await listLiveGrants(tx, binding)) {
    if (!matchesAttempt(grant.matcher, { args, resource }) || !isOfThisBuild(grant, ruled)) continue
    if (!(await isInForce(tx, grant, ruled))) continue
    if (!hold || (await holdGrant(tx, grant.id, at))) return { id: grant.id, usesLeft: grant.usesLeft }
  }
  return undefined
}

function isOfThisBuild({ fingerprint }: LiveGrant, { attempt }: RuledAttempt): boolean {
  return compareFingerprints(fingerprint, attempt.trigger.fingerprint).result !== 'changed'
}

/** Whether who made it may still approve: not for itself, not with a hand in the agent, and not without a role or by a revoked key. */
async function isInForce(
  tx: Tx,
  { createdBy, credential }: LiveGrant,
  { attempt, policy, agent }: RuledAttempt,
): Promise<boolean> {
  if (policy.separationOfDuties) {
    const user = userOf(createdBy)
    if (createdBy === actorName(attempt.actor)) return false
    if (user !== undefined && (await hasHadHandIn(tx, agent.id, user))) return false
  }
  if (credential !== null && (await isAnyRevoked(tx, [credential]))) return false
  const held = (await rolesOf(tx, [createdBy.slice(createdBy.indexOf(':') + 1)])).values().next().value
  // Who never was a member was let in by a verified token.
  return held === undefined || held.includes('supervisor') || held.includes('admin')
}
