import type { Command } from '../command.ts'
import { connectToServer, SERVER_FLAGS } from '../connect.ts'

/** `preceptor mcp`: what an assistant starts. Standard output is the protocol's alone. */
export const mcp: Command = {
  name: 'mcp',
  words: [],
  summary: 'Serve the governance tools to an assistant (MCP over stdio), through a running server',
  flags: {
    ...SERVER_FLAGS,
    'allow-decisions': { summary: 'let the person of the key decide in dialogues of the assistant' },
    dashboard: { value: 'URL', summary: 'where the person decides on what is of high risk' },
  },
  endsItself: true,
  async run(call) {
    const { governor, identity } = await connectToServer(call)
    // Loaded here, because no other command needs it.
    const { serveStdio } = await import('@preceptor/mcp-server')
    const { learning } = await import('@preceptor/learning/client')
    const { 'allow-decisions': allows, dashboard } = call.flags
    await serveStdio(governor, identity, {
      allowDecisions: allows === true,
      feedback: learning,
      ...(typeof dashboard === 'string' && { dashboardUrl: dashboard }),
    })
    return 0
  },
}
