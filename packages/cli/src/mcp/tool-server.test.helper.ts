import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const SDK = createRequire(import.meta.url)
const at = (module: string): string => JSON.stringify(SDK.resolve(`@modelcontextprotocol/sdk/${module}`))

/** A tool as a server lists it. */
export interface ListedTool {
  readonly name: string
  readonly description?: string
  readonly annotations?: object
}

/** A program that is an MCP server over stdio: what starts it, and the file of the tools that it lists. */
export interface ToolServer {
  readonly command: string
  readonly args: readonly string[]
  /** Lets it list others from its next start on. */
  list(tools: readonly ListedTool[]): void
}

/** Writes a program that is an MCP server into a folder; `first` is run at its start. */
export function writeToolServer(folder: string, name: string, first = ''): ToolServer {
  const [program, file] = [join(folder, `${name}.cjs`), join(folder, `${name}.json`)]
  const list = (tools: readonly ListedTool[]): void => {
    writeFileSync(file, JSON.stringify(tools.map((tool) => ({ inputSchema: { type: 'object' }, ...tool }))))
  }
  list([{ name: 'read_note' }])
  writeFileSync(
    program,
    `const { Server } = require(${at('server/index.js')})
const { StdioServerTransport } = require(${at('server/stdio.js')})
const { ListToolsRequestSchema } = require(${at('types.js')})
${first}
const server = new Server({ name: ${JSON.stringify(name)}, version: '1.2.3' }, { capabilities: { tools: {} } })
const tools = JSON.parse(require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8'))
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }))
server.connect(new StdioServerTransport())
`,
  )
  return { command: process.execPath, args: [program], list }
}
