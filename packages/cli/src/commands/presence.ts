import { GovernanceError, type Presence, type PresenceState } from '@preceptor/client'
import { type Command, type CommandCall, type ExitCode, type Flag, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import type { Connected } from '../connected.ts'
import { listing } from '../table.ts'

const FLAGS: Readonly<Record<string, Flag>> = {
  ...CONNECTION_FLAGS,
  user: { value: '<id>', summary: 'whose; default you, and another only for an administrator' },
}
const UNTIL: Readonly<Record<string, Flag>> = {
  until: { value: '<time>', summary: 'until then (ISO 8601); default 8 h for online, else until "presence auto"' },
}

const show: Command = {
  name: 'presence show',
  words: [],
  summary: 'Show whether you count as online, and so are asked to supervise',
  flags: FLAGS,
  run: (call) => perform(call, ({ scope }, user) => scope.presence.get(user)),
}

const states: readonly Command[] = (
  [
    ['online', 'Be asked to supervise, whatever you do meanwhile'],
    ['away', 'Be asked for nothing until you come back'],
    ['offline', 'Be asked for nothing'],
  ] as const satisfies readonly (readonly [PresenceState, string])[]
).map(([state, summary]) => ({
  name: `presence ${state}`,
  words: [],
  summary,
  flags: { ...FLAGS, ...UNTIL },
  run(call) {
    const until = textOf(call, 'until')
    return perform(call, ({ scope }, user) =>
      scope.presence.override(user, { state, ...(until === undefined ? {} : { until }) }),
    )
  },
}))

const auto: Command = {
  name: 'presence auto',
  words: [],
  summary: 'Let your activity say again whether you are there',
  flags: FLAGS,
  run: (call) => perform(call, ({ scope }, user) => scope.presence.clearOverride(user)),
}

/** `preceptor presence …`. */
export const presenceCommands: readonly Command[] = [show, ...states, auto]

async function perform(
  call: CommandCall,
  work: (connected: Connected, user: string) => Promise<Presence>,
): Promise<ExitCode> {
  const connected = await connect(call)
  const presence = await work(connected, userOf(call, connected))
  const { userId, state, lastActivityAt, override } = presence
  const text = listing([
    ['User', userId],
    ['State', state],
    ['Set by hand', override === null ? 'no' : `${override.state}, until ${override.until ?? 'it is taken away'}`],
    ['Last activity', lastActivityAt ?? 'never'],
  ])
  await call.print({ text, json: presence })
  return 0
}

function userOf(call: CommandCall, { identity: { principal } }: Connected): string {
  const named = textOf(call, 'user')
  if (named !== undefined) return named
  if (principal.kind === 'user') return principal.id
  throw new GovernanceError('OPTION_INVALID', {
    message: `The key is that of ${principal.kind}:${principal.id}, and only users have a presence.`,
    hint: 'Name the user with --user, or use a key of a user.',
  })
}
