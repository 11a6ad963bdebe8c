import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, authorize, getAgent, inWorkspace, parseInput, type Tx } from '@preceptor/core/plugin'
import { z } from 'zod'
import { agentTypeOf } from '../agent-type.ts'
import type { TrainingRequest, TrainingRun } from '../client/training.ts'
import { listTeachable } from '../examples/training-store.ts'
import type { DeploymentPlan, TrainingPorts } from '../ports/training-ports.ts'
import { beginRun, type RunDraft } from './begin-run.ts'
import { versionInUse } from './version-in-use.ts'

const target = z.string().min(1).max(200)
const input = z
  .strictObject({
    deploy: z.boolean().default(false),
    tier: z.enum(['system', 'user', 'project']).default('system'),
    target: target.optional(),
    share: z.number().gt(0).max(1).default(1),
  })
  .refine(({ tier, target: named }) => (tier === 'system') === (named === undefined), {
    path: ['target'],
    message: 'name the user or the project, and none at the tier system',
  })

/**
 * Trains the type of an agent on the examples that no training used; a worker does it.
 *
 * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND`, `CONFLICT` while a run of that type has not ended or when there is no
 * example, `PERMISSION_DENIED`.
 */
export async function trainAgent(
  ports: TrainingPorts,
  actor: Actor,
  { agent: id, request }: { readonly agent: string; readonly request: TrainingRequest },
): Promise<TrainingRun> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'learning.training.train', { agent: id })
  const { deploy, ...plan } = parseInput(input, request, 'training')
  // It changes what agents do: whoever asks for that must be allowed to deploy by hand.
  if (deploy) authorize(actor, 'playbooks.deploy')
  const run = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const agentType = agentTypeOf(await getAgent(tx, id))
    const draft = { agentType, cause: 'asked', deploy: deploy ? planOf(plan) : null, actor: actorName(actor) } as const
    if (!(await hasLessons(tx, draft))) {
      throw new GovernanceError('CONFLICT', {
        message: `There is no correction of ${agentType} that the version in use does not know.`,
      })
    }
    const begun = await beginRun(ports, tx, draft)
    if (begun !== undefined) return begun
    throw new GovernanceError('CONFLICT', { message: `A training of ${agentType} has not ended.` })
  })
  await ports.enqueue('train', { workspace: actor.workspace, id: run.id, key: 'first' })
  return run
}

async function hasLessons(tx: Tx, { agentType, deploy }: Pick<RunDraft, 'agentType' | 'deploy'>): Promise<boolean> {
  const before = await versionInUse(tx, { agentType, deploy })
  const above = before?.version ?? 0
  return (await listTeachable(tx, { agentType, above, ofPeopleOnly: false, limit: 1 })).length > 0
}

function planOf({
  tier,
  target: named,
  share,
}: Pick<z.output<typeof input>, 'tier' | 'target' | 'share'>): DeploymentPlan {
  return { tier, share, ...(named === undefined ? {} : { target: named }) }
}
