import { resolve } from 'node:path'
import { GovernanceError } from '@preceptor/client'
import { type Command, type CommandCall, textOf } from '../command.ts'
import { CLIENTS, type ClientConfig, type ClientName, configOf, FOLDER_FLAG, machineOf } from '../mcp/client-configs.ts'
import { startCommand } from '../mcp/start-command.ts'
import { changeConfig, type ServerEntry, writeConfig } from '../mcp/write-config.ts'
import { DATA_FOLDER } from '../place.ts'

const TOKEN = 'PRECEPTOR_TOKEN'
const NAME = 'preceptor'

/** `preceptor mcp install`: tells an assistant how to start the governance tools. */
export const mcpInstall: Command = {
  name: 'mcp install',
  words: [],
  summary: 'Put the governance tools into the configuration of an assistant; what else is in it stays',
  flags: {
    client: { value: '<name>', summary: 'the assistant', required: true, choices: CLIENTS },
    ...FOLDER_FLAG,
    url: { value: '<address>', summary: 'address of the API; without it that of a running "preceptor dev" is found' },
    'data-folder': { value: '<folder>', summary: `folder of that "preceptor dev"; default ${DATA_FOLDER}` },
    'dry-run': { summary: 'print what would be written, and write nothing' },
  },
  async run(call) {
    const client = (textOf(call, 'client') ?? 'claude-code') as ClientName
    const config = configOf(client, machineOf(call))
    const { entry, secrets } = entryFor(call, config)
    const change = await changeConfig(config, { [NAME]: entry }, secrets)
    const isDry = call.flags['dry-run'] === true
    if (!isDry) await writeConfig(change)
    const { file, text: after, outcome } = change
    const written = !isDry && outcome !== 'unchanged'
    await call.print({
      text: isDry ? `${file}:\n${after}` : `${outcome} ${file}`,
      json: { file, outcome, written, servers: { [NAME]: entry } },
    })
    return 0
  },
}

function entryFor(
  call: CommandCall,
  config: ClientConfig,
): { readonly entry: ServerEntry; readonly secrets: readonly string[] } {
  const program = { platform: process.platform, node: process.execPath, script: process.argv[1] ?? '' }
  const url = textOf(call, 'url')
  if (url === undefined) {
    // A development server keeps its key in its folder, for this user alone.
    const folder = resolve(textOf(call, 'folder') ?? '.', textOf(call, 'data-folder') ?? DATA_FOLDER)
    return { entry: startCommand(program, ['mcp', '--data-folder', folder]), secrets: [] }
  }
  if (config.secret === null) {
    throw new GovernanceError('OPTION_INVALID', {
      message: 'This assistant can take no key from its environment, and a key is not written into its file.',
      hint: `Start it with ${TOKEN} and PRECEPTOR_URL set, or write them there yourself.`,
    })
  }
  const env = { PRECEPTOR_URL: url, [TOKEN]: config.secret(TOKEN) }
  return { entry: { ...startCommand(program, ['mcp']), env }, secrets: [TOKEN] }
}
