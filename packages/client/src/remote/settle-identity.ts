import { GovernanceError } from '../errors/governance-error.ts'
import type { Identity, PrincipalKind } from '../port/principal.ts'

const WORKSPACE = /^[a-z0-9][a-z0-9_-]{0,62}$/
const DEFAULT_SOURCES: Readonly<Record<PrincipalKind, string>> = {
  user: 'manual',
  agent: 'ai_coordinator',
  service: 'ai_coordinator',
  system: 'workflow_engine',
}

/**
 * Settles who acts, as the gate does in process. What it says is what the host means; what is done is what the
 * credential may do.
 *
 * @throws GovernanceError `INPUT_INVALID`, or `SOURCE_MISMATCH` when a principal that is no user claims `manual`.
 */
export function settleIdentity({ workspace, principal, source }: Identity): Required<Identity> {
  if (!WORKSPACE.test(workspace)) {
    throw invalid(`${JSON.stringify(workspace)} cannot be the name of a workspace.`)
  }
  if (!Object.hasOwn(DEFAULT_SOURCES, principal.kind)) {
    throw invalid(`${JSON.stringify(principal.kind)} is no kind of principal.`)
  }
  if (typeof principal.id !== 'string' || principal.id.length === 0 || principal.id.length > 200) {
    throw invalid('The id of a principal must have 1 to 200 characters.')
  }
  if (source === 'manual' && principal.kind !== 'user') {
    throw new GovernanceError('SOURCE_MISMATCH', {
      message: `Only a user acts by hand; ${principal.kind}:${principal.id} is none.`,
    })
  }
  const settled = Object.freeze({ ...principal, roles: Object.freeze([...principal.roles]) })
  return Object.freeze({ workspace, principal: settled, source: source ?? DEFAULT_SOURCES[principal.kind] })
}

function invalid(message: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', { message })
}
