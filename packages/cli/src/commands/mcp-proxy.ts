import { GovernanceError } from '@preceptor/client'
import { type Command, textOf } from '../command.ts'
import { connectToServer, SERVER_FLAGS } from '../connect.ts'
import { readCatalogue } from '../mcp/catalogue-file.ts'
import { UPSTREAM_FLAGS, upstreamsOf } from '../mcp/upstreams-of.ts'

/** `preceptor mcp proxy`: what an assistant starts instead of the server that is to be governed. */
export const mcpProxy: Command = {
  name: 'mcp proxy',
  words: [],
  takesRest: true,
  summary: 'Stand in front of MCP servers, as one over stdio: each call of a tool is decided on first',
  flags: {
    ...SERVER_FLAGS,
    agent: { value: '<id>', summary: 'agent that acts; default: the one whose key it is' },
    ...UPSTREAM_FLAGS,
    catalogue: {
      value: '<file>',
      summary: 'what people said of the tools (see "mcp import"); every other one is critical',
    },
  },
  endsItself: true,
  async run(call) {
    const upstreams = await upstreamsOf(call)
    const file = textOf(call, 'catalogue')
    const catalogue = file === undefined ? undefined : await readCatalogue(file)
    const { governor, identity } = await connectToServer(call)
    const agent = textOf(call, 'agent') ?? (identity.principal.kind === 'agent' ? identity.principal.id : undefined)
    if (agent === undefined) {
      throw new GovernanceError('OPTION_INVALID', {
        message: 'Nobody says which agent acts.',
        hint: 'Give --agent, or use the key of the agent.',
      })
    }
    // Loaded here, because no other command needs it.
    const { serveProxyStdio } = await import('@preceptor/mcp-server')
    const options = { identity, agent, upstreams, report: call.host.note }
    await serveProxyStdio(governor, { ...options, ...(catalogue && { catalogue }) })
    return 0
  },
}
