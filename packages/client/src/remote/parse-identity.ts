import type { JsonValue } from '../port/json.ts'
import type { Identity, Principal, PrincipalKind, Role } from '../port/principal.ts'
import { answerInvalid, isJsonObject } from './read-answer.ts'

const KINDS: readonly PrincipalKind[] = ['user', 'agent', 'service', 'system']
const ROLES: readonly Role[] = ['admin', 'supervisor', 'viewer']

/**
 * Reads who a credential belongs to.
 *
 * @throws GovernanceError `GOVERNOR_ANSWER_INVALID`
 */
export function parseIdentity(value: JsonValue): Identity {
  if (!isJsonObject(value) || !isJsonObject(value.principal)) throw answerInvalid('it names nobody')
  const { workspace, source, principal } = value
  const kind = KINDS.find((known) => known === principal.kind)
  if (typeof workspace !== 'string' || typeof source !== 'string' || kind === undefined) {
    throw answerInvalid('it does not say who the credential belongs to')
  }
  return Object.freeze({ workspace, source, principal: parsePrincipal(kind, principal) })
}

function parsePrincipal(kind: PrincipalKind, value: Readonly<Record<string, JsonValue>>): Principal {
  const { id, roles, scopes, agents, credential } = value
  if (typeof id !== 'string' || id === '') throw answerInvalid('its principal has no id')
  return Object.freeze({
    kind,
    id,
    roles: ROLES.filter((role) => Array.isArray(roles) && roles.includes(role)),
    ...(Array.isArray(scopes) ? { scopes: scopes.filter((scope) => typeof scope === 'string') } : {}),
    ...(Array.isArray(agents) ? { agents: agents.filter((agent) => typeof agent === 'string') } : {}),
    ...(typeof credential === 'string' ? { credential } : {}),
  })
}
