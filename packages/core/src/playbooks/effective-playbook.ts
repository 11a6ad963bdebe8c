import type { EffectivePlaybook, PlaybookUse } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { chooseDeployment } from './choose-deployment.ts'
import { listActiveFor } from './deployment-store.ts'
import { getVersion } from './get-version.ts'

/** What a runtime is to use, in the transaction of the caller; null where nothing is deployed for it. */
export async function effectivePlaybook(
  tx: Tx,
  { agentType, agent, user, project, unit = agent }: PlaybookUse,
): Promise<EffectivePlaybook | null> {
  const active = await listActiveFor(tx, { agentType, user: user ?? null, project: project ?? null })
  const choice = { ...(user !== undefined && { user }), ...(project !== undefined && { project }) }
  const chosen = chooseDeployment(active, { ...choice, ...(unit !== undefined && { unit }) })
  if (chosen === undefined) return null
  const { id: deployment, playbook, version, tier, share } = chosen
  const { instructions, examples } = await getVersion(tx, playbook, version)
  return { playbook, agentType, version, instructions, examples, tier, deployment, isCanary: share < 1 }
}
