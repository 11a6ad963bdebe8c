import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { connectGovernor } from '@preceptor/client'
import { importCatalogue } from '@preceptor/mcp-server'
import { startServer } from '../../dist/load/start-server.js'
import { median } from '../measure.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atMost, reported } from '../table.mjs'

const PROXY = fileURLToPath(new URL('../mcp-proxy.mjs', import.meta.url))
const BIN = fileURLToPath(new URL('../../../packages/cli/dist/bin.js', import.meta.url))
const require = createRequire(import.meta.url)
const FILESYSTEM = require.resolve('@modelcontextprotocol/server-filesystem/dist/index.js')
const EVERYTHING = require.resolve('@modelcontextprotocol/server-everything/dist/index.js')
const SCOPES = ['triggers.decide', 'triggers.check', 'decisions.report', 'runs.finish', 'actions.register']
const ROUNDS = 7
const EACH = 10
// A model thinks longer between two calls; what was decided on is written in the meantime.
const APART_MS = 50

/** What the gate adds to a call of an autonomous agent, against a proxy that only forwards, each in a process of its own. */
export async function mcp() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-mcp-'))
  const server = await openPostgres()
  const served = await startServer(server.url)
  const clients = []
  writeFileSync(join(folder, 'a.txt'), 'x'.repeat(2_000))
  try {
    const gates = {
      PGlite: (gate) => ownGate({ ...gate, place: { dataFolder: join(folder, gate.agent) } }),
      Postgres: (gate) => ownGate({ ...gate, place: { database: server.url } }),
      'a server over HTTP': (gate) => servedGate(served, { ...gate, agent: `${gate.agent}-far`, folder }),
    }
    const upstreams = { everything: [EVERYTHING, 'stdio'], files: [FILESYSTEM, folder] }
    const rows = []
    for (const [name, args] of Object.entries(upstreams)) {
      const bare = { command: process.execPath, args: [PROXY, JSON.stringify({ kind: 'bare', ...commandOf(args) })] }
      const contestants = { direct: await connect(commandOf(args)), bare: await connect(bare) }
      const catalogue = await catalogueOf(args)
      for (const [place, gate] of Object.entries(gates))
        contestants[place] = await connect(await gate({ agent: name, args, catalogue }))
      clients.push(...Object.values(contestants))
      for (const call of callsOf(name, folder)) rows.push(...rowsOf(call, await measure(contestants, call)))
    }
    return rows
  } finally {
    await Promise.all(clients.map((client) => client.close()))
    await served.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function callsOf(upstream, folder = '') {
  const path = join(folder, 'a.txt')
  if (upstream === 'everything') return [{ risk: 'safe', name: 'echo', arguments: { message: 'hello' } }]
  return [
    { risk: 'safe', name: 'read_text_file', arguments: { path } },
    { risk: 'high', name: 'write_file', arguments: { path, content: 'y'.repeat(2_000) } },
  ]
}

function rowsOf({ name, risk }, { direct, bare, ...gates }) {
  const unit = 'ms'
  const rows = Object.entries(gates).map(([place, ours]) =>
    atMost({
      name: `${name} (${risk}), gate on ${place} / bare proxy`,
      ours,
      other: bare,
      as: 'limit',
      gate: 1.2,
      moonshot: 1.05,
      unit,
    }),
  )
  return [...rows, reported({ name: `${name}, bare proxy / no proxy`, ours: bare, other: direct, unit })]
}

/** The median milliseconds of a call at a low rate, in turn, so that a change of the machine's speed meets all of them. */
async function measure(contestants, { name, arguments: args }) {
  const times = Object.fromEntries(Object.keys(contestants).map((who) => [who, []]))
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [who, client] of Object.entries(contestants)) {
      for (let index = 0; index < EACH; index += 1) {
        const from = performance.now()
        const { isError, content } = await client.callTool({ name, arguments: args })
        // The first round warms up.
        if (round > 0) times[who].push(performance.now() - from)
        if (isError === true) throw new Error(`The call was not sent: ${JSON.stringify(content)}`)
        await delay(APART_MS)
      }
    }
  }
  return Object.fromEntries(Object.entries(times).map(([who, values]) => [who, median(values)]))
}

const commandOf = (args) => ({ command: process.execPath, args })

/** What people say of the tools that are called; what only reads is safe. */
async function catalogueOf(args) {
  const { catalogue } = await importCatalogue({ tools: commandOf(args) })
  const { tools } = catalogue.upstreams.tools
  for (const { name, risk } of [...callsOf('everything'), ...callsOf('files')]) {
    if (Object.hasOwn(tools, name)) tools[name] = { ...tools[name], risk }
  }
  return catalogue
}

/** A gate with a governor of its own. */
function ownGate({ agent, args, catalogue, place }) {
  const options = JSON.stringify({ kind: 'governed', agent, place, catalogue, ...commandOf(args) })
  return { command: process.execPath, args: [PROXY, options] }
}

/** The command line, in front of a governor in another process. */
async function servedGate({ address, key }, { agent, args, catalogue, folder }) {
  const governor = connectGovernor({ url: `${address}/api`, token: key })
  const admin = governor.as(await governor.authenticate(key))
  await admin.agents.register({ id: agent, maturity: 'autonomous' })
  const service = { displayName: agent, principalKind: 'service', principalId: agent, scopes: SCOPES }
  const { secret } = await admin.keys.create(service)
  await governor.close()
  const file = join(folder, `${agent}.json`)
  writeFileSync(file, JSON.stringify(catalogue))
  const words = ['mcp', 'proxy', '--agent', agent, '--catalogue', file, '--', process.execPath, ...args]
  const env = { PRECEPTOR_URL: `${address}/api`, PRECEPTOR_TOKEN: secret }
  return { command: process.execPath, args: [BIN, ...words], env }
}

async function connect(command) {
  const client = new Client({ name: 'bench', version: '1' })
  await client.connect(new StdioClientTransport({ ...command, stderr: 'ignore' }))
  await client.listTools()
  return client
}
