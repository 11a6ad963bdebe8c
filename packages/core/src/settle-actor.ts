import { GovernanceError, type Identity, type PrincipalKind, SURFACES, type Surface } from '@preceptor/client'
import type { Actor } from './access/actor.ts'

const WORKSPACE = /^[a-z0-9][a-z0-9_-]{0,62}$/
const DEFAULT_SOURCES: Readonly<Record<PrincipalKind, string>> = {
  user: 'manual',
  agent: 'ai_coordinator',
  service: 'ai_coordinator',
  system: 'workflow_engine',
}

/**
 * Settles who acts: the identity of a verified credential, or what the host states in process.
 *
 * @throws GovernanceError `PRINCIPAL_REQUIRED`, `INPUT_INVALID`, or `SOURCE_MISMATCH` when a principal that is no user claims `manual`.
 */
export function settleActor(identity: Identity, surface: Surface = 'host'): Actor {
  // The type says that they are there; a host in JavaScript may not keep to it.
  const { workspace, principal, source }: Partial<Identity> = identity ?? {}
  if (typeof workspace !== 'string' || typeof principal !== 'object' || principal === null) {
    throw new GovernanceError('PRINCIPAL_REQUIRED')
  }
  if (!WORKSPACE.test(workspace)) {
    throw new GovernanceError('INPUT_INVALID', {
      message: `${JSON.stringify(workspace)} cannot be the name of a workspace.`,
    })
  }
  if (!Object.hasOwn(DEFAULT_SOURCES, principal.kind)) {
    throw new GovernanceError('INPUT_INVALID', {
      message: `${JSON.stringify(principal.kind)} is no kind of principal.`,
    })
  }
  if (typeof principal.id !== 'string' || principal.id.length === 0 || principal.id.length > 200) {
    throw new GovernanceError('INPUT_INVALID', { message: 'The id of a principal must have 1 to 200 characters.' })
  }
  if (!Array.isArray(principal.roles)) {
    throw new GovernanceError('INPUT_INVALID', { message: 'The roles of a principal are a list.' })
  }
  if (source === 'manual' && principal.kind !== 'user') {
    throw new GovernanceError('SOURCE_MISMATCH', {
      message: `Only a user acts by hand; ${principal.kind}:${principal.id} is none.`,
    })
  }
  if (!SURFACES.includes(surface)) {
    throw new GovernanceError('INPUT_INVALID', { message: `${JSON.stringify(surface)} is no surface.` })
  }
  // Copied and frozen: what was settled cannot be changed by whoever handed it in.
  const settled = Object.freeze({ ...principal, roles: Object.freeze([...principal.roles]) })
  const actor = { workspace, principal: settled, source: source ?? DEFAULT_SOURCES[principal.kind] }
  return Object.freeze(surface === 'host' ? actor : { ...actor, surface })
}
