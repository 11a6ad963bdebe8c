import { GovernanceError } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import { type Command, type CommandCall, textOf } from '../command.ts'
import { demoFolderOf, demoStateOf } from '../demo/demo-folder.ts'
import { devFileOf, removeDevFile, writeDevFile } from '../dev-file.ts'
import { DEVELOPER, issueKey } from '../kept-user.ts'
import { openGovernor } from '../open-governor.ts'
import { DATA_FOLDER, describePlace } from '../place.ts'
import { DASHBOARD, listenPlaceOf, SERVE_FLAGS, serveGovernor } from '../serve-governor.ts'
import { MCP } from '../serve-mcp.ts'

/** `preceptor dev`: the embedded plane, which the other commands of this folder find by themselves. */
export const dev: Command = {
  name: 'dev',
  words: [],
  summary: 'Serve the embedded control plane for development; the other commands find it by themselves',
  flags: {
    'data-folder': { value: '<folder>', summary: `folder of the embedded database; default ${DATA_FOLDER}` },
    demo: { summary: 'serve a small world to look at, in a database of its own beside yours' },
    ...SERVE_FLAGS,
  },
  endsItself: true,
  async run(call) {
    const place = listenPlaceOf(call)
    const { governor, dataFolder } = await open(call)
    try {
      const onReady = (address: string) => announce(call, governor, { address, dataFolder })
      await serveGovernor(call, { governor, place, onReady })
    } finally {
      await governor.close()
    }
    return 0
  },
}

async function open(call: CommandCall): Promise<{ readonly governor: EmbeddedGovernor; readonly dataFolder: string }> {
  const own = textOf(call, 'data-folder') ?? DATA_FOLDER
  if (call.flags.demo !== true) return { governor: await openGovernor(call, { dataFolder: own }), dataFolder: own }
  const { openDemo } = await import('../demo/open-demo.ts')
  const dataFolder = demoFolderOf(own)
  if ((await demoStateOf(dataFolder)) !== 'ready') call.host.note('the demo is written, once; it takes some seconds')
  return { governor: (await openDemo(call, dataFolder)).governor, dataFolder }
}

async function announce(
  call: CommandCall,
  governor: EmbeddedGovernor,
  { address, dataFolder }: { readonly address: string; readonly dataFolder: string },
): Promise<() => Promise<void>> {
  const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'cli', roles: [] } })
  // A key that a killed server left behind is revoked here.
  const created = await issueKey(system, DEVELOPER, { first: true, renew: true })
  if (created === undefined) throw new GovernanceError('INTERNAL')
  const server = { url: `${address}/api`, token: created.secret, pid: process.pid }
  const path = devFileOf(dataFolder)
  const withdraw = async (): Promise<void> => {
    await removeDevFile(path, server)
    await system.keys.revoke(created.key.id)
  }
  await writeDevFile(path, server).catch(async (error: unknown) => {
    await withdraw()
    throw error
  })
  const lines = [
    `Dashboard  ${address}${DASHBOARD}`,
    `API        ${server.url}`,
    ...(call.flags['no-mcp'] === true ? [] : [`MCP        ${address}${MCP}`]),
    `Database   ${describePlace({ dataFolder })}`,
    `Key        in ${path}, until this ends; the other commands take it from there`,
    ...(call.flags.demo === true
      ? ['Demo       agents of four levels, and what waits for you; "preceptor demo remove" takes it all away']
      : ['Next       npx -y @preceptor/cli agents register refund-bot   (in this folder)']),
  ]
  await call.print({ text: lines.join('\n'), json: { url: server.url, file: path, pid: server.pid } })
  call.host.note('the embedded database is for development: a power loss may lose data')
  return withdraw
}
