// An MCP server over stdio with a file of its own as its effect: each call of a tool appends a line to it.
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const [oracle = ''] = process.argv.slice(2)
const server = new McpServer({ name: 'notes', version: '3.1.4' }, { instructions: 'Keeps notes.' })
const wrote = (line: object): void => appendFileSync(oracle, `${JSON.stringify(line)}\n`)

server.registerTool(
  'write_note',
  { description: 'Writes a note.', inputSchema: { text: z.string() }, annotations: { destructiveHint: false } },
  ({ text }) => {
    wrote({ tool: 'write_note', text })
    return { content: [{ type: 'text', text: `wrote ${text}` }] }
  },
)
server.registerTool(
  'read_notes',
  {
    description: 'Reads the notes.',
    inputSchema: {},
    outputSchema: { notes: z.array(z.string()) },
    annotations: { readOnlyHint: true },
  },
  () => ({ content: [{ type: 'text', text: '[]' }], structuredContent: { notes: [] } }),
)
server.registerTool('fail', { inputSchema: {} }, () => {
  wrote({ tool: 'fail' })
  return { isError: true, content: [{ type: 'text', text: 'It cannot be done.' }] }
})
server.registerTool('crash', { inputSchema: {} }, () => process.exit(1))
server.registerTool(
  'count',
  { inputSchema: { to: z.number() } },
  async ({ to }, { _meta, sendNotification, signal }) => {
    const progressToken = _meta?.progressToken
    for (let progress = 1; progress <= to; progress += 1) {
      if (signal.aborted) {
        wrote({ tool: 'count', cancelledAt: progress })
        break
      }
      if (progressToken !== undefined)
        await sendNotification({ method: 'notifications/progress', params: { progressToken, progress, total: to } })
      await sleep(20)
    }
    return { content: [{ type: 'text', text: `counted to ${to}` }] }
  },
)
server.registerTool('add_tool', { inputSchema: {} }, () => {
  server.registerTool('added', { inputSchema: {} }, () => ({ content: [{ type: 'text', text: 'added' }] }))
  return { content: [{ type: 'text', text: 'done' }] }
})
server.registerTool('ask_user', { inputSchema: {} }, async (_args, extra) => {
  const { roots } = await server.server.listRoots(undefined, { relatedRequestId: extra.requestId })
  return { content: [{ type: 'text', text: roots.map(({ uri }) => uri).join(', ') }] }
})
server.registerResource('note', 'note://1', { mimeType: 'text/plain' }, () => ({
  contents: [{ uri: 'note://1', text: 'the first note' }],
}))
server.registerPrompt('summary', { argsSchema: { of: z.string() } }, ({ of }) => ({
  messages: [{ role: 'user', content: { type: 'text', text: `Summarize ${of}.` } }],
}))

await server.connect(new StdioServerTransport())
