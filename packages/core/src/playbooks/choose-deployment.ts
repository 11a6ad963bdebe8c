import { createHash } from 'node:crypto'
import type { PlaybookDeployment, PlaybookTier, PlaybookUse } from '@preceptor/client'

/** What of an active deployment decides for whom it is. */
export type Candidate = Pick<PlaybookDeployment, 'id' | 'playbook' | 'version' | 'tier' | 'target' | 'share'>

/** For whom one is chosen; the unit is what is in a canary or is not. */
export type ChoiceFor = Pick<PlaybookUse, 'user' | 'project' | 'unit'>

const NARROWEST_FIRST: readonly PlaybookTier[] = ['project', 'user', 'system']
const BITS = 48

/**
 * The deployment that holds: the narrowest tier that has one for this user or project. At each tier a canary reaches its
 * share of the units; every other unit, and whoever names none, gets what stands below it.
 */
export function chooseDeployment<Deployment extends Candidate>(
  active: readonly Deployment[],
  choice: ChoiceFor,
): Deployment | undefined {
  for (const tier of NARROWEST_FIRST) {
    const here = active.filter((deployment) => deployment.tier === tier && isFor(deployment, choice))
    const canary = here.find(({ share }) => share < 1)
    if (canary !== undefined && isInCanary(canary, choice.unit)) return canary
    const whole = here.find(({ share }) => share === 1)
    if (whole !== undefined) return whole
  }
  return undefined
}

/**
 * Whether a canary reaches a unit. The same unit is always answered the same; a larger share of the same version at the
 * same place reaches every unit that the smaller one did.
 */
export function isInCanary(canary: Candidate, unit: string | undefined): boolean {
  if (unit === undefined) return false
  const { playbook, version, tier, target } = canary
  const digest = createHash('sha256')
    .update(JSON.stringify([playbook, version, tier, target, unit]))
    .digest()
  return digest.readUIntBE(0, BITS / 8) / 2 ** BITS < canary.share
}

function isFor({ tier, target }: Candidate, { user, project }: ChoiceFor): boolean {
  switch (tier) {
    case 'system':
      return true
    case 'user':
      return user !== undefined && target === user
    case 'project':
      return project !== undefined && target === project
    default:
      return tier satisfies never
  }
}
