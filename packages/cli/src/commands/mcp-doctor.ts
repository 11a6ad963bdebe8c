import { type Command, type CommandCall, type ExitCode, textOf } from '../command.ts'
import type { Check, Finding } from '../doctor/check.ts'
import { describeFindings, findingOf } from '../doctor/describe-findings.ts'
import { checkServer } from '../mcp/check-server.ts'
import { CLIENTS, type ClientName, configOf, FOLDER_FLAG, machineOf } from '../mcp/client-configs.ts'
import { serversIn } from '../mcp/read-servers.ts'
import { wholeNumber } from './paging.ts'

const DEADLINE_S = '30'

interface ClientCheck extends Check {
  readonly client: ClientName
  /** Null where the file of the assistant cannot be read. */
  readonly server: string | null
}

/** `preceptor mcp doctor`: starts what assistants are told to start, and lists its tools. */
export const mcpDoctor: Command = {
  name: 'mcp doctor',
  words: [],
  summary: 'Start every server that assistants here are told of, list its tools, and say which are not behind the gate',
  flags: {
    client: { value: '<name>', summary: 'only one of them', choices: CLIENTS },
    ...FOLDER_FLAG,
    'timeout-seconds': { value: '<n>', summary: `how long a server may take; default ${DEADLINE_S}` },
  },
  async run(call): Promise<ExitCode> {
    const checks = (await Promise.all(clientsOf(call).map((client) => checksOf(call, client)))).flat()
    const checked = await Promise.all(
      checks.map(async (check) => ({ client: check.client, server: check.server, ...(await findingOf(check)) })),
    )
    const isWell = checked.every(({ state }) => state !== 'failed')
    const none = 'No assistant here is told of any server; see "preceptor mcp install --help".'
    const text = checked.length === 0 ? none : describeFindings(checked)
    await call.print({ text, json: { ok: isWell, checks: checked } })
    return isWell ? 0 : 1
  },
}

function clientsOf(call: CommandCall): readonly ClientName[] {
  const only = textOf(call, 'client')
  return CLIENTS.filter((client) => only === undefined || client === only)
}

async function checksOf(call: CommandCall, client: ClientName): Promise<readonly ClientCheck[]> {
  const seconds = textOf(call, 'timeout-seconds') ?? DEADLINE_S
  const deadlineMs = wholeNumber('timeout-seconds', seconds, { from: 1, to: 600 }) * 1_000
  const machine = machineOf(call)
  const config = configOf(client, machine)
  const surroundings = { forms: config.forms, env: call.host.env, home: machine.home, folder: machine.folder }
  try {
    return (await serversIn(config)).map(([server, entry]) => ({
      client,
      server,
      name: `${client} ${server}`,
      run: () => checkServer({ name: server, entry, surroundings, deadlineMs }),
    }))
  } catch (error) {
    const run = (): Promise<Finding> => Promise.reject(error)
    return [{ client, server: null, name: client, run }]
  }
}
