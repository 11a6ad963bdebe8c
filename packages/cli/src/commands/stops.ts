import { GovernanceError, type Stop, type StopRequest } from '@preceptor/client'
import { type Command, type CommandCall, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { PAGE_FLAGS, pageQueryOf, printPage } from './paging.ts'

const reason = { value: '<text>', summary: 'why; it is kept in the journal', required: true } as const

const set: Command = {
  name: 'stop set',
  words: [],
  summary: 'Set a kill switch: nothing that it covers runs until it is lifted',
  flags: {
    ...CONNECTION_FLAGS,
    agent: { value: '<id>', summary: 'stop this agent' },
    workspace: { summary: 'stop every agent of the workspace' },
    all: { summary: 'stop every agent of every workspace; for the system only' },
    reason,
  },
  async run(call) {
    const request = requestOf(call)
    const { scope } = await connect(call)
    const stop = await scope.stops.set(request)
    await call.print({ text: `Stop ${stop.id} is set on ${coverOf(stop)}.`, json: stop })
    return 0
  },
}

const list: Command = {
  name: 'stop list',
  words: [],
  summary: 'List the kill switches, newest first',
  flags: { ...CONNECTION_FLAGS, ...PAGE_FLAGS },
  async run(call) {
    const query = pageQueryOf(call)
    const { scope } = await connect(call)
    await printPage(call, await scope.stops.list(query), {
      noun: 'stops',
      headings: ['STOP', 'COVERS', 'STATE', 'SET', 'BY', 'REASON'],
      row: (stop) => [
        stop.id,
        coverOf(stop),
        stop.liftedAt === null ? 'set' : 'lifted',
        stop.setAt,
        stop.setBy,
        stop.reason,
      ],
    })
    return 0
  },
}

const lift: Command = {
  name: 'stop lift',
  words: ['ID'],
  summary: 'Lift a kill switch',
  flags: { ...CONNECTION_FLAGS, reason },
  async run(call) {
    const { scope } = await connect(call)
    const stop = await scope.stops.lift(call.words[0] ?? '', textOf(call, 'reason') ?? '')
    await call.print({ text: `Stop ${stop.id} on ${coverOf(stop)} is lifted.`, json: stop })
    return 0
  },
}

/** `preceptor stop …`. */
export const stopCommands: readonly Command[] = [set, list, lift]

function requestOf(call: CommandCall): StopRequest {
  const { flags } = call
  const [agent, why] = [textOf(call, 'agent'), textOf(call, 'reason') ?? '']
  const named = [agent !== undefined, flags.workspace === true, flags.all === true].filter((isNamed) => isNamed)
  if (named.length !== 1) {
    throw new GovernanceError('OPTION_INVALID', { message: 'Give exactly one of --agent, --workspace and --all.' })
  }
  if (agent !== undefined) return { target: 'agent', agent, reason: why }
  return { target: flags.all === true ? 'all' : 'workspace', reason: why }
}

function coverOf({ target, agent }: Stop): string {
  if (target === 'agent') return `agent ${agent}`
  return target === 'all' ? 'everything' : 'the workspace'
}
