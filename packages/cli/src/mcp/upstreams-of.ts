import { GovernanceError } from '@preceptor/client'
import type { UpstreamTarget } from '@preceptor/mcp-server'
XX
import { type CommandCall, textOf } from '../command.ts'
import { readJson } from './catalogue-file.ts'

const servers = z.object({
  mcpServers: z.record(
    z.string(),
    z.union([
      z.object({
        command: z.string().min(1),
        args: z.array(z.string()).optional(),
        env: z.record(z.string(), z.string()).optional(),
        cwd: z.string().optional(),
      }),
      z.object({ url: z.url(), headers: z.record(z.string(), z.string()).optional() }),
    ]),
  ),
})

/**
 * The servers that a command line names: a command after `--`, an address, or a file as assistants have it.
 *
 * @throws GovernanceError `OPTION_INVALID` for none, or for more than one of these.
 */
export async function upstreamsOf(call: Pick<CommandCall, 'words' | 'flags'>): Promise<Readonly<Record<string, UpstreamTarget>>> {
  const [command, ...args] = call.words
  const [url, file] = [textOf(call, 'upstream'), textOf(call, 'servers')]
  const named = [command, url, file].filter((one) => one !== undefined)
  if (named.length !== 1) {
    throw new GovernanceError('OPTION_INVALID', {
      message: named.length === 0 ? 'No server is named.' : 'Name one: a command, --upstream or --servers.',
      hint: 'For example: preceptor mcp proxy --agent me -- npx -y @modelcontextprotocol/server-filesystem /data',
    })
  }
  if (file !== undefined) return fromFile(file)
  const name = textOf(call, 'name') ?? 'tools'
  return { [name]: url === undefined ? { command: command ?? '', args } : { url } }
}

async function fromFile(path: string): Promise<Readonly<Record<string, UpstreamTarget>>> {
  const result = servers.safeParse(await readJson(path))
  if (result.success) return result.data.mcpServers as Readonly<Record<string, UpstreamTarget>>
  const [issue] = result.error.issues
  const message = `${path}: ${issue?.path.map(String).join('.')}: ${issue?.message}.`
  throw new GovernanceError('OPTION_INVALID', { message, hint: 'It must have "mcpServers", each with a command or a url.' })
}
