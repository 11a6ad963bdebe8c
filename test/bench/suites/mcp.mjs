import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { compare } from '../measure.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atMost, reported } from '../table.mjs'

const PROXY = fileURLToPath(new URL('../mcp-proxy.mjs', import.meta.url))
const require = createRequire(import.meta.url)
const FILESYSTEM = require.resolve('@modelcontextprotocol/server-filesystem/dist/index.js')
const EVERYTHING = require.resolve('@modelcontextprotocol/server-everything/dist/index.js')
const GATE = { gate: 1.2, moonshot: 1.05 }

/** What the gate adds to a call of an autonomous agent, against a proxy that only forwards, each in a process of its own. */
export async function mcp() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-mcp-'))
  const server = await openPostgres()
  const clients = []
  try {
    const places = {
      PGlite: (agent) => ({ dataFolder: join(folder, agent) }),
      Postgres: () => ({ database: server.url }),
    }
    const file = join(folder, 'a.txt')
    writeFileSync(file, 'x'.repeat(2_000))
    const rows = []
    for (const [place, placeOf] of Object.entries(places)) {
      const open = async (agent, upstream) => {
        const opened = await openBoth(upstream, { agent, place: placeOf(agent) })
        clients.push(...Object.values(opened))
        return opened
      }
      const everything = await open('everything', [EVERYTHING, 'stdio'])
      const files = await open('files', [FILESYSTEM, folder])
      rows.push(...(await measure(place, { everything, files, file })))
      await Promise.all(clients.splice(0).map((client) => client.close()))
    }
    return rows
  } finally {
    await Promise.all(clients.map((client) => client.close()))
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(place, { everything, files, file }) {
  const calls = {
    'echo (safe)': [everything, { name: 'echo', arguments: { message: 'hello' } }],
    'read_text_file (safe)': [files, { name: 'read_text_file', arguments: { path: file } }],
    'write_file (high)': [files, { name: 'write_file', arguments: { path: file, content: 'y'.repeat(2_000) } }],
  }
  const rows = []
  for (const [name, [clients, call]] of Object.entries(calls)) {
    const { bare, ours, direct } = await compare(
      Object.fromEntries(Object.entries(clients).map(([who, client]) => [who, contestant(client, call)])),
    )
    const unit = 'ns'
    rows.push(
      atMost({
        name: `${name} through the gate on ${place} / through a bare proxy`,
        ours,
        other: bare,
        as: 'limit',
        ...GATE,
        unit,
      }),
    )
    if (place === 'PGlite')
      rows.push(reported({ name: `${name} through a bare proxy / without one`, ours: bare, other: direct, unit }))
  }
  return rows
}

function contestant(client, call) {
  const run = async () => {
    const { isError, content } = await client.callTool(call)
    if (isError === true) throw new Error(`The call was not sent: ${JSON.stringify(content)}`)
  }
  // What was decided is written in the meantime.
  return { run, isAsync: true, batch: 10, rest: () => delay(5) }
}

async function openBoth(args, governed) {
  const upstream = { command: process.execPath, args }
  const through = (proxy) =>
    connect({ command: process.execPath, args: [PROXY, JSON.stringify({ ...proxy, ...upstream })] })
  return {
    direct: await connect(upstream),
    bare: await through({ kind: 'bare' }),
    ours: await through({ kind: 'governed', ...governed }),
  }
}

async function connect(command) {
  const client = new Client({ name: 'bench', version: '1' })
  await client.connect(
    new StdioClientTransport({ ...command, stderr: process.env.SHOW_SERVERS === undefined ? 'ignore' : 'inherit' }),
  )
  await client.listTools()
  return client
}
