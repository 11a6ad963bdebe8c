import { type Grant, visibleJson } from '@preceptor/client'
import { type Command, type CommandCall, type ExitCode, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { listing } from '../table.ts'
import { PAGE_FLAGS, printPage, recordQueryOf } from './paging.ts'

const list: Command = {
  name: 'grants list',
  words: [],
  summary: 'List the grants, newest first',
  flags: { ...CONNECTION_FLAGS, ...PAGE_FLAGS, agent: { value: '<id>', summary: 'only of this agent' } },
  async run(call) {
    const query = recordQueryOf(call)
    const { scope } = await connect(call)
    await printPage(call, await scope.grants.list(query), {
      noun: 'grants',
      headings: ['GRANT', 'AGENT', 'ACTION', 'STATE', 'USED', 'EXPIRES', 'BY', 'MATCHES'],
      row: (grant) => [
        grant.id,
        grant.agent,
        grant.action,
        stateOf(grant),
        `${grant.used} of ${grant.uses}`,
        grant.expiresAt,
        grant.createdBy,
        visibleJson(grant.matcher),
      ],
    })
    return 0
  },
}

const show: Command = {
  name: 'grants show',
  words: ['ID'],
  summary: 'Show a grant',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const { scope } = await connect(call)
    return print(call, await scope.grants.get(call.words[0] ?? ''))
  },
}

const revoke: Command = {
  name: 'grants revoke',
  words: ['ID'],
  summary: 'End a grant for good',
  flags: {
    ...CONNECTION_FLAGS,
    reason: { value: '<text>', summary: 'why; it is kept in the journal', required: true },
  },
  async run(call) {
    const { scope } = await connect(call)
    return print(call, await scope.grants.revoke(call.words[0] ?? '', textOf(call, 'reason') ?? ''))
  },
}

/** `preceptor grants …`. */
export const grantCommands: readonly Command[] = [list, show, revoke]

async function print(call: CommandCall, grant: Grant): Promise<ExitCode> {
  const text = listing([
    ['Grant', grant.id],
    ['Agent', grant.agent],
    ['Action', grant.action],
    ['Matches', visibleJson(grant.matcher)],
    ['State', stateOf(grant)],
    ['Used', `${grant.used} of ${grant.uses}`],
    ['Expires', grant.expiresAt],
    ['Made', `by ${grant.createdBy}, ${grant.createdAt}: ${grant.reason}`],
    ...(grant.revokedAt === null
      ? []
      : [['Revoked', `by ${grant.revokedBy}, ${grant.revokedAt}: ${grant.revokeReason}`] as const]),
  ])
  await call.print({ text, json: grant })
  return 0
}

function stateOf({ state, lapsed }: Grant): string {
  return lapsed === null ? state : `${state}, ${lapsed}`
}
