import { type Bypass, type BypassRequest, GovernanceError } from '@preceptor/client'
import { type Command, type CommandCall, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { PAGE_FLAGS, pageQueryOf, printPage, wholeNumber } from './paging.ts'

const MINUTE_MS = 60_000
const LONGEST_MINUTES = 1_440

const reason = { value: '<text>', summary: 'why; it is kept in the journal', required: true } as const

const set: Command = {
  name: 'bypasses set',
  words: [],
  summary: 'Set a bypass, in an emergency: what it covers runs unearned until it ends; stops and limits hold',
  flags: {
    ...CONNECTION_FLAGS,
    agent: { value: '<id>', summary: 'for this agent' },
    workspace: { summary: 'for every agent of the workspace' },
    capability: { value: '<name>', summary: 'only this capability' },
    action: { value: '<name>', summary: 'only this action' },
    minutes: { value: '<n>', summary: `until it ends, 1 to ${LONGEST_MINUTES}; default 60` },
    reason,
  },
  async run(call) {
    const request = requestOf(call)
    const { scope } = await connect(call)
    const bypass = await scope.bypasses.set(request)
    const text = `Bypass ${bypass.id} of ${coverOf(bypass)} is in force until ${bypass.expiresAt}.`
    await call.print({ text, json: bypass })
    return 0
  },
}

const list: Command = {
  name: 'bypasses list',
  words: [],
  summary: 'List the bypasses, newest first',
  flags: { ...CONNECTION_FLAGS, ...PAGE_FLAGS },
  async run(call) {
    const query = pageQueryOf(call)
    const { scope } = await connect(call)
    await printPage(call, await scope.bypasses.list(query), {
      noun: 'bypasses',
      headings: ['BYPASS', 'COVERS', 'STATE', 'EXPIRES', 'BY', 'REASON'],
      row: (bypass) => [bypass.id, coverOf(bypass), bypass.state, bypass.expiresAt, bypass.setBy, bypass.reason],
    })
    return 0
  },
}

const lift: Command = {
  name: 'bypasses lift',
  words: ['ID'],
  summary: 'Lift a bypass before its time',
  flags: { ...CONNECTION_FLAGS, reason },
  async run(call) {
    const { scope } = await connect(call)
    const bypass = await scope.bypasses.lift(call.words[0] ?? '', textOf(call, 'reason') ?? '')
    await call.print({ text: `Bypass ${bypass.id} of ${coverOf(bypass)} is lifted.`, json: bypass })
    return 0
  },
}

/** `preceptor bypasses …`. */
export const bypassCommands: readonly Command[] = [set, list, lift]

function requestOf(call: CommandCall): BypassRequest {
  const [agent, capability, action] = [textOf(call, 'agent'), textOf(call, 'capability'), textOf(call, 'action')]
  if ((agent !== undefined) === (call.flags.workspace === true)) {
    throw new GovernanceError('OPTION_INVALID', { message: 'Give exactly one of --agent and --workspace.' })
  }
  const minutes = wholeNumber('minutes', textOf(call, 'minutes') ?? '60', { from: 1, to: LONGEST_MINUTES })
  return {
    target: agent === undefined ? 'workspace' : 'agent',
    ...(agent !== undefined && { agent }),
    ...(capability !== undefined && { capability }),
    ...(action !== undefined && { action }),
    durationMs: minutes * MINUTE_MS,
    reason: textOf(call, 'reason') ?? '',
  }
}

function coverOf({ agent, capability, action }: Bypass): string {
  const who = agent === null ? 'the workspace' : `agent ${agent}`
  const what = action ?? capability
  return what === null ? who : `${what} of ${who}`
}
