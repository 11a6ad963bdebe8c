import { GovernanceError } from '@preceptor/client'
import type { UpstreamTarget } from '@preceptor/mcp-server'
import { type CommandCall, type Flag, textOf } from '../command.ts'
import { machineOf } from './client-configs.ts'
import { expandVariables } from './expand-variables.ts'
import { readJson } from './read-json.ts'

/** The flags that name servers. */
export const UPSTREAM_FLAGS: Readonly<Record<string, Flag>> = {
  name: { value: '<name>', summary: 'name of the one server, with which its actions begin; default: tools' },
  upstream: { value: '<address>', summary: 'address of a server of Streamable HTTP, instead of a command' },
  servers: {
    value: '<file>',
    summary: 'file with "mcpServers", as assistants have it: several servers, under prefixes',
  },
}

/**
 * The servers that a command line names: a command after `--`, an address, or a file as assistants have it.
 *
 * @throws GovernanceError `OPTION_INVALID` for none, or for more than one of these.
 */
export async function upstreamsOf(
  call: Pick<CommandCall, 'words' | 'flags' | 'host'>,
): Promise<Readonly<Record<string, UpstreamTarget>>> {
  const [command, ...args] = call.words
  const [url, file] = [textOf(call, 'upstream'), textOf(call, 'servers')]
  const named = [command, url, file].filter((one) => one !== undefined)
  if (named.length !== 1) {
    throw new GovernanceError('OPTION_INVALID', {
      message: named.length === 0 ? 'No server is named.' : 'Name one: a command, --upstream or --servers.',
      hint: 'For example: preceptor mcp proxy --agent me -- npx -y @modelcontextprotocol/server-filesystem /data',
    })
  }
  if (file !== undefined) return serversOf(call, file)
  const name = textOf(call, 'name') ?? 'tools'
  return { [name]: url === undefined ? { command: command ?? '', args } : { url } }
}

/** Their variables may be written as any of the assistants writes them. */
async function serversOf(
  call: Pick<CommandCall, 'flags' | 'host'>,
  file: string,
): Promise<Readonly<Record<string, UpstreamTarget>>> {
  const { home, folder } = machineOf(call)
  const surroundings = { forms: ['shell', 'editor'], env: call.host.env, home, folder } as const
  const { value, missing, asked } = expandVariables(await readJson(file), surroundings)
  const [unknown] = [...missing, ...asked]
  if (unknown !== undefined) {
    throw new GovernanceError('OPTION_INVALID', {
      message: `${file} needs ${unknown}, and the environment has none.`,
      hint: `Set ${unknown}; where an assistant would ask for it, write \${${unknown.toUpperCase().replaceAll('-', '_')}} in its place.`,
    })
  }
  // Loaded here, because no other command needs it.
  const { parseServers } = await import('@preceptor/mcp-server')
  return parseServers(value)
}
