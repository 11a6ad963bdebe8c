import { GovernanceError, type Principal } from '@preceptor/client'

const SCOPES = ['triggers.decide', 'triggers.check']

/**
 * Who asked, as a record names it: it was let in when it asked, and nothing more is done in its name.
 *
 * @throws GovernanceError `FACT_INVALID` for a name of nobody.
 */
export function principalNamed(name: string): Principal {
  const [kind, ...rest] = name.split(':')
  const id = rest.join(':')
  if (kind === 'agent' || kind === 'system') return { kind, id, roles: [] }
  if (kind === 'service') return { kind, id, roles: [], scopes: SCOPES }
  if (kind === 'user') return { kind, id, roles: ['supervisor'] }
  throw new GovernanceError('FACT_INVALID', { message: `A record is of ${JSON.stringify(name.slice(0, 60))}.` })
}
