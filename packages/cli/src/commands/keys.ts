import {
  type ApiKey,
  type ApiKeyRequest,
  type CreatedApiKey,
  GovernanceError,
  type PrincipalKind,
  type Role,
} from '@preceptor/client'
import { type Command, type CommandCall, listOf, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { listing } from '../table.ts'
import { PAGE_FLAGS, pageQueryOf, printPage, wholeNumber } from './paging.ts'

const SOON_MS = 14 * 24 * 3_600_000
const KINDS: readonly PrincipalKind[] = ['user', 'agent', 'service', 'system']
/** Hours: 7 days at most. */
const OVERLAP = { from: 0, to: 168 }
const ROLES: readonly Role[] = ['admin', 'supervisor', 'viewer']

const list: Command = {
  name: 'keys list',
  words: [],
  summary: 'List the API keys, newest first, without their secrets',
  flags: { ...CONNECTION_FLAGS, ...PAGE_FLAGS },
  async run(call) {
    const query = pageQueryOf(call)
    const { scope } = await connect(call)
    await printPage(call, await scope.keys.list(query), {
      noun: 'keys',
      headings: ['KEY', 'PREFIX', 'FOR', 'ROLES OR SCOPES', 'STATE', 'EXPIRES', 'LAST USED', 'NAME'],
      row: (key) => [
        key.id,
        key.prefix,
        `${key.principalKind}:${key.principalId}`,
        [...key.roles, ...key.scopes].join(',') || '-',
        stateOf(key),
        key.expiresAt ?? 'never',
        key.lastUsedAt ?? 'never',
        key.displayName,
      ],
    })
    return 0
  },
}

const create: Command = {
  name: 'keys create',
  words: ['PRINCIPAL'],
  summary: 'Create an API key for user:ID, agent:ID, service:ID or system:ID; its secret is shown this once',
  flags: {
    ...CONNECTION_FLAGS,
    name: { value: '<text>', summary: 'what the key is for', required: true },
    roles: { value: '<roles>', summary: 'of a user: admin, supervisor, viewer, with commas between' },
    scopes: { value: '<operations>', summary: 'of a service: such as triggers.decide, with commas between' },
    agents: { value: '<ids>', summary: 'of a service: the agents that it may act for; default all' },
    source: { value: '<source>', summary: 'what sets its attempts off, such as data_sync' },
    expires: { value: '<time>', summary: 'ISO 8601; default 90 days from now' },
  },
  async run(call) {
    const request = requestOf(call)
    const { scope } = await connect(call)
    const created = await scope.keys.create(request)
    await call.print({ text: describeCreated(created), json: created })
    return 0
  },
}

const revoke: Command = {
  name: 'keys revoke',
  words: ['ID'],
  summary: 'Revoke an API key: it is refused within a second, and its streams end',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const { scope } = await connect(call)
    const key = await scope.keys.revoke(call.words[0] ?? '')
    const text = `Key ${key.id} of ${key.principalKind}:${key.principalId} is revoked.`
    await call.print({ text, json: key })
    return 0
  },
}

const rotate: Command = {
  name: 'keys rotate',
  words: ['ID'],
  summary:
    'Rotate an API key: a new secret, shown this once, for the same principal; the old one ends later, or at once',
  flags: {
    ...CONNECTION_FLAGS,
    'overlap-hours': { value: '<number>', summary: 'how long the old key still works: 0 to 168; default 24' },
  },
  async run(call) {
    const hours = textOf(call, 'overlap-hours')
    const overlap = hours === undefined ? {} : { overlapMs: 3_600_000 * wholeNumber('overlap-hours', hours, OVERLAP) }
    const { scope } = await connect(call)
    const created = await scope.keys.rotate(call.words[0] ?? '', overlap)
    await call.print({ text: describeCreated(created), json: created })
    return 0
  },
}

/** `preceptor keys …`. */
export const keyCommands: readonly Command[] = [list, create, rotate, revoke]

function describeCreated({ key, secret }: CreatedApiKey): string {
  return listing([
    ['Key', key.id],
    ['For', `${key.principalKind}:${key.principalId}`],
    ['Expires', key.expiresAt ?? 'never'],
    ['Secret', `${secret}  (shown this once)`],
  ])
}

function requestOf(call: CommandCall): ApiKeyRequest {
  const { kind, id } = principalOf(call.words[0] ?? '')
  const [scopes, agents] = [listOf(call, 'scopes'), listOf(call, 'agents')]
  const [source, expiresAt] = [textOf(call, 'source'), textOf(call, 'expires')]
  return {
    displayName: textOf(call, 'name') ?? '',
    principalKind: kind,
    principalId: id,
    roles: rolesOf(call),
    ...(scopes === undefined ? {} : { scopes }),
    ...(agents === undefined ? {} : { agents }),
    ...(source === undefined ? {} : { source }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

function principalOf(word: string): { readonly kind: PrincipalKind; readonly id: string } {
  const colon = word.indexOf(':')
  const kind = KINDS.find((known) => known === word.slice(0, Math.max(colon, 0)))
  if (kind !== undefined && colon < word.length - 1) return { kind, id: word.slice(colon + 1) }
  throw new GovernanceError('OPTION_INVALID', {
    message: `${JSON.stringify(word.slice(0, 60))} is no principal.`,
    hint: 'Write user:ana, agent:refund-bot, service:sync or system:worker.',
  })
}

function rolesOf(call: CommandCall): readonly Role[] {
  return (listOf(call, 'roles') ?? []).map((name) => {
    const role = ROLES.find((known) => known === name)
    if (role !== undefined) return role
    const message = `Option --roles: ${JSON.stringify(name.slice(0, 40))} is none of ${ROLES.join(', ')}.`
    throw new GovernanceError('OPTION_INVALID', { message })
  })
}

/** A key that expires soon is told from one that does not, so that a list shows what must be rotated. */
function stateOf({ revokedAt, expiresAt, replacedBy }: ApiKey): string {
  if (revokedAt !== null) return 'revoked'
  const leftMs = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - Date.now()
  if (leftMs <= 0) return 'expired'
  if (replacedBy !== null) return 'rotated'
  return leftMs <= SOON_MS ? 'expires soon' : 'live'
}
