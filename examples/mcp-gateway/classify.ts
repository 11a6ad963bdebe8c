import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { preceptor, type ServerCommand } from './gateway.ts'

/** What Ada says of tools; of every other one the guess stays. */
const SAID = { list_directory: 'safe', read_text_file: 'safe', write_file: 'high' } as const

interface Listed {
  readonly upstreams: { readonly files: { readonly tools: Record<string, { risk: string; note?: string }> } }
}

/** Makes the catalogue of the tools of a server, with `preceptor mcp import`, and edits it as a person does. */
export async function classify({
  server,
  catalogue,
  say,
}: {
  readonly server: ServerCommand
  readonly catalogue: string
  readonly say: (line: string) => void
}): Promise<void> {
  const { command, args } = preceptor('mcp', 'import', '--name', 'files', '--catalogue', catalogue)
  const child = spawn(command, [...args, '--', server.command, ...server.args], {
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`preceptor mcp import ended with ${code}.\n${complaint}`)
  const listed: Listed = JSON.parse(readFileSync(catalogue, 'utf8'))
  const { tools } = listed.upstreams.files
  for (const [name, risk] of Object.entries(SAID)) {
    const entry = tools[name]
    if (entry === undefined) throw new Error(`The server has no tool ${name}.`)
    say(`   ${name}: ${entry.risk} by the guess, ${risk} as Ada says`)
    entry.risk = risk
    entry.note = 'Ada looked at it.'
  }
  writeFileSync(catalogue, `${JSON.stringify(listed, null, 2)}\n`)
}
