import { homedir } from 'node:os'
import { GovernanceError } from '@preceptor/client'
import type { UpstreamTarget } from '@preceptor/mcp-server'
import { type Command, type CommandCall, type ExitCode, textOf } from '../command.ts'
import { CLIENTS, type ClientName, configOf } from '../mcp/client-configs.ts'
import { serversIn } from '../mcp/read-servers.ts'
import { table } from '../table.ts'

/** What is the matter with one server of an assistant. */
interface Finding {
  readonly client: ClientName
  readonly server: string
  readonly ok: boolean
  readonly message: string
}

/** `preceptor mcp doctor`: starts what assistants are told to start, and lists its tools. */
export const mcpDoctor: Command = {
  name: 'mcp doctor',
  words: [],
  summary: 'Start every server that assistants here are told of, list its tools, and say which are not behind the gate',
  flags: { client: { value: '<name>', summary: `only one of ${CLIENTS.join(', ')}`, choices: CLIENTS } },
  async run(call): Promise<ExitCode> {
    const only = textOf(call, 'client')
    const findings: Finding[] = []
    for (const client of CLIENTS) {
      if (only !== undefined && only !== client) continue
      findings.push(...(await lookAtClient(call, client)))
    }
    const rows = findings.map(({ client, server, ok, message }) => [ok ? 'ok' : 'FAILS', client, server, message])
    const text =
      rows.length === 0
        ? 'No assistant here is told of any server; see "preceptor mcp install".'
        : table(['', 'client', 'server', ''], rows)
    await call.print({ text, json: { findings } })
    return findings.every(({ ok }) => ok) ? 0 : 1
  },
}

async function lookAtClient(call: CommandCall, client: ClientName): Promise<readonly Finding[]> {
  const config = configOf(client, {
    platform: process.platform,
    home: call.host.env.HOME ?? homedir(),
    appData: call.host.env.APPDATA,
    folder: process.cwd(),
  })
  const findings: Finding[] = []
  for (const [server, target] of Object.entries(await serversIn(config))) {
    findings.push({ client, server, ...(await lookAt(server, target)) })
  }
  return findings
}

async function lookAt(server: string, target: UpstreamTarget): Promise<Pick<Finding, 'ok' | 'message'>> {
  // Loaded here, because no other command needs it.
  const { lookAtUpstream } = await import('@preceptor/mcp-server')
  try {
    const { facts, tools } = await lookAtUpstream(server, target)
    const gate = isGoverned(target) ? '' : '; not behind the gate: see "preceptor mcp proxy"'
    return { ok: true, message: `${facts.info.name} ${facts.info.version}, ${tools.length} tools${gate}` }
  } catch (error) {
    const message =
      GovernanceError.isInstance(error) && error.cause instanceof Error ? error.cause.message : String(error)
    return { ok: false, message }
  }
}

/** Whether what is started is this program. */
function isGoverned(target: UpstreamTarget): boolean {
  if ('url' in target) return false
  const line = [target.command, ...(target.args ?? [])].join(' ')
  return /@preceptor\/cli|preceptor(\.js)?\b|[\\/]cli[\\/]dist[\\/]bin\.js/.test(line) && / mcp\b/.test(line)
}
