import type { Trigger } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { principalNamed } from '../access/principal-named.ts'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { inWorkspace } from '../database/transaction.ts'
import { hiddenValues, hideValues } from '../journal/hide-values.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Gate } from '../routing/gate.ts'
import { guard, type Runner } from '../routing/guard.ts'
import { type BoundProposal, listClaimable } from './approval-store.ts'

/** What running approved proposals stands on. */
export interface ExecutorDependencies {
  readonly gate: Gate
  readonly runner: Runner
}

/**
 * Runs the approved proposals that nobody comes back for and that this process has an executor of, at most `limit` at
 * once; gives how many it ran. The claim of each decides which of several processes runs it.
 *
 * @throws GovernanceError the code of a fault.
 */
export async function runRegistered(dependencies: ExecutorDependencies, limit: number): Promise<number> {
  const { registry, context } = dependencies.gate
  let total = 0
  for (const [workspace, actions] of registry.executable()) {
    const digests = actions.map(({ digest }) => digest)
    const at = isoTime(context.clock.now())
    const due = await inWorkspace(context.database, { workspace, named: true }, (tx) =>
      listClaimable(tx, { digests, at, limit }),
    )
    const ran = await Promise.all(
      due.map((proposal) => {
        const action = actions.find(({ name, digest }) => name === proposal.action && digest === proposal.digest)
        return action === undefined ? false : runOne(dependencies, { workspace, proposal, action })
      }),
    )
    total += ran.filter(Boolean).length
  }
  return total
}

async function runOne(
  { gate, runner }: ExecutorDependencies,
  {
    workspace,
    proposal,
    action,
  }: { readonly workspace: string; readonly proposal: BoundProposal; readonly action: ActionSpecification },
): Promise<boolean> {
  const { execute } = action
  if (execute === null) return false
  const actor: Actor = { workspace, principal: principalNamed(proposal.proposedBy), source: proposal.source }
  try {
    const result = await guard(gate, runner, actor, { trigger: triggerOf(proposal), run: execute, options: {} })
    return result.status === 'executed'
  } catch (error) {
    // What it threw is on record as its outcome; the next one must not wait for it.
    const message = `The executor of ${action.name} failed for ${proposal.id}: ${hideValues(String(error), hiddenValues(proposal))}`
    gate.context.report({ level: 'warn', code: 'NOTICE', message })
    return true
  }
}

/** The attempt that was proposed, by its own key, with the args that were approved. */
function triggerOf(proposal: BoundProposal): Trigger {
  const { agent, action, digest, args, type, resource, delegation, id } = proposal
  return {
    agent,
    action,
    digest,
    args,
    permit: id,
    ...(type === null ? {} : { type }),
    ...(resource === null ? {} : { resource }),
    ...(delegation.length === 0 ? {} : { delegation }),
  }
}
