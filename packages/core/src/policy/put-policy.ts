import { GovernanceError, type JsonObject, type PolicyVersion } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { parsePolicy, policyJson } from './parse-policy.ts'
import type { PolicyDocument } from './policy-document.ts'
import { insertPolicy, listInForce, newestPolicy } from './store.ts'

/** A new version of the policy. */
export interface PolicyRequest {
  readonly document: JsonObject
  /** Version that the author read; another one in between is a conflict. */
  readonly basedOn: number
  readonly reason: string
}

/**
 * Writes the next version of the policy.
 *
 * @throws GovernanceError `POLICY_INVALID`, `CONFLICT` when another version came in between, `PERMISSION_DENIED`,
 * `INPUT_INVALID`, or the code of a fault.
 */
export async function putPolicy(
  context: GovernorContext,
  actor: Actor,
  request: PolicyRequest,
): Promise<PolicyVersion> {
  authorize(actor, 'policies.put')
  const parsed = parsePolicy(request.document)
  const document = policyJson(parsed)
  const policy: PolicyVersion = {
    version: request.basedOn + 1,
    document,
    reason: parseReason(request.reason),
    createdBy: actorName(actor),
    createdAt: isoTime(context.clock.now()),
  }
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const stored = await newestPolicy(tx)
    const newest = stored?.version ?? 0
    if (newest !== request.basedOn || !(await insertPolicy(tx, policy))) {
      throw new GovernanceError('CONFLICT', {
        message: `The policy is at version ${newest}, not ${request.basedOn}.`,
        hint: 'Read the present version and apply the change to it.',
        details: { version: newest },
      })
    }
    const inForce = await levelsInForce(tx, stored?.document ?? {}, parsed)
    await context.journal.append(tx, {
      kind: 'policy.changed',
      subject: `policy:${policy.version}`,
      body: { actor: policy.createdBy, version: policy.version, reason: policy.reason, document, ...inForce },
    })
    return policy
  })
}

const MOST_NAMED = 100

/** What a change of trust brings into force, so that nobody counts for more without the journal saying so. */
async function levelsInForce(tx: Tx, before: JsonObject, after: PolicyDocument): Promise<JsonObject> {
  const trust = after.promotion?.trust ?? 'agent'
  if (trust === trustIn(before)) return {}
  const { total, named } = await listInForce(tx, { trust, limit: MOST_NAMED })
  return { inForce: { total, above: named.map((record) => ({ ...record })) } }
}

/** Taken from the document as it is: one that this release cannot read must not keep itself from being replaced. */
function trustIn({ promotion }: JsonObject): unknown {
  return Object(promotion).trust ?? 'agent'
}
