import { existsSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { ImportedTool } from '@preceptor/mcp-server'
import { type Command, textOf } from '../command.ts'
import { readCatalogue } from '../mcp/catalogue-file.ts'
import { UPSTREAM_FLAGS, upstreamsOf } from '../mcp/upstreams-of.ts'
import { rewriteFile } from '../replace-file.ts'
import { table } from '../table.ts'

const CATALOGUE = 'preceptor.tools.json'

/** `preceptor mcp import`: makes the file in which people say what each tool of a server can do. */
export const mcpImport: Command = {
  name: 'mcp import',
  words: [],
  takesRest: true,
  summary: 'List the tools of MCP servers with a guess at their risk, into a file that you edit',
  flags: {
    ...UPSTREAM_FLAGS,
    catalogue: { value: '<file>', summary: `file to write; what you said in it stays; default ${CATALOGUE}` },
    'dry-run': { summary: 'write nothing' },
  },
  async run(call) {
    const upstreams = await upstreamsOf(call)
    const file = textOf(call, 'catalogue') ?? CATALOGUE
    const before = existsSync(file) ? await readCatalogue(file) : undefined
    // Loaded here, because no other command needs it.
    const { importCatalogue } = await import('@preceptor/mcp-server')
    const { catalogue, tools } = await importCatalogue(upstreams, before)
    const isWritten = call.flags['dry-run'] !== true && !isDeepStrictEqual(before, catalogue)
    if (isWritten) await rewriteFile(file, `${JSON.stringify(catalogue, null, 2)}\n`, 0o644)
    await call.print({ text: describe(tools, file), json: { file, written: isWritten, tools, catalogue } })
    return 0
  },
}

function describe(tools: readonly ImportedTool[], file: string): string {
  const rows = tools.map(({ upstream, tool, risk, outcome }) => [upstream, tool, risk, outcome])
  const isChanged = tools.some(({ outcome }) => outcome === 'changed')
  const changed = isChanged
    ? '\n"changed" is critical until you have looked at it and taken "changed" out of its entry.'
    : ''
  const hint = `Each risk is a guess until you have looked at it: edit ${file}, then give it to "preceptor mcp proxy --catalogue".`
  return `${table(['server', 'tool', 'risk', ''], rows)}\n\n${hint}${changed}`
}
