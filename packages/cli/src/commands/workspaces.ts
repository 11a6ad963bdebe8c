import type { ControlScope } from '@preceptor/client'
import type { Command, CommandCall } from '../command.ts'
import { ADMINISTRATOR, issueKey } from '../kept-user.ts'
import { openGovernor } from '../open-governor.ts'
import { PLACE_FLAGS, placeOf } from '../place.ts'
import { listing } from '../table.ts'
import { PAGE_FLAGS, pageQueryOf, printPage } from './paging.ts'

const list: Command = {
  name: 'workspaces list',
  words: [],
  summary: 'List the workspaces of the database, by id',
  flags: { ...PLACE_FLAGS, ...PAGE_FLAGS },
  run: (call) =>
    asSystem(call, async (scopeOf) => {
      await printPage(call, await scopeOf('default').workspaces.list(pageQueryOf(call)), {
        noun: 'workspaces',
        headings: ['WORKSPACE', 'CREATED', 'NAME'],
        row: ({ id, createdAt, displayName }) => [id, createdAt, displayName],
      })
    }),
}

const create: Command = {
  name: 'workspaces create',
  words: ['ID'],
  summary: 'Create a workspace in the database, with an administrator whose key is shown this once',
  flags: { ...PLACE_FLAGS, name: { value: '<text>', summary: 'what people call it; default the id' } },
  run: (call) =>
    asSystem(call, async (scopeOf) => {
      const { name } = call.flags
      const id = call.words[0] ?? ''
      const workspace = await scopeOf('default').workspaces.create({
        id,
        ...(typeof name === 'string' ? { displayName: name } : {}),
      })
      const created = await issueKey(scopeOf(id), ADMINISTRATOR, { first: true, renew: false })
      const text = listing([
        ['Workspace', workspace.id],
        ['Name', workspace.displayName],
        ['Administrator key', `${created?.secret ?? 'none'}  (shown this once)`],
      ])
      await call.print({ text, json: { workspace, administratorKey: created?.secret ?? null } })
    }),
}

/** `preceptor workspaces …`: on the database itself, because no key of a workspace reaches beyond it. */
export const workspaceCommands: readonly Command[] = [list, create]

async function asSystem(
  call: CommandCall,
  work: (scopeOf: (workspace: string) => ControlScope) => Promise<void>,
): Promise<0> {
  const governor = await openGovernor(call, placeOf(call))
  try {
    await work((workspace) => governor.as({ workspace, principal: { kind: 'system', id: 'cli', roles: [] } }))
    return 0
  } finally {
    await governor.close()
  }
}
