import type { ControlScope, SessionEvent, SupervisionSessionDetail } from '@preceptor/client'
import type { Command, CommandCall, ExitCode } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import type { Keyboard } from '../keyboard.ts'
import { argsOf, describeSession, stateOf } from '../sessions/describe-session.ts'
import { eventLines } from '../sessions/event-lines.ts'
import { type Hold, holdSession } from '../sessions/hold-session.ts'
import { KEYS, steerSession } from '../sessions/steer-session.ts'
import { plain } from '../table.ts'

/** `preceptor sessions watch`: what happens in a session as it happens, and with `--attach` under one's own eyes. */
export const watchSession: Command = {
  name: 'sessions watch',
  words: ['ID'],
  summary: 'Follow a session until it is over; with --json one line of JSON for each event',
  flags: {
    ...CONNECTION_FLAGS,
    attach: { summary: 'supervise it: renew the lease while this runs, and pause the run when this ends before it' },
  },
  endsItself: true,
  async run(call) {
    const { scope } = await connect(call)
    const isAttaching = call.flags.attach === true
    const keyboard = isAttaching && call.flags.json !== true ? call.host.openKeyboard?.() : undefined
    try {
      return await watch({ call, scope, keyboard, isAttaching })
    } finally {
      keyboard?.close()
    }
  },
}

interface Watching {
  readonly call: CommandCall
  readonly scope: ControlScope
  readonly keyboard: Keyboard | undefined
  readonly isAttaching: boolean
}

async function watch({ call, scope: { sessions }, keyboard, isAttaching }: Watching): Promise<ExitCode> {
  const { host, flags } = call
  const [id = ''] = call.words
  const isJson = flags.json === true
  // What is no event is no result: with --json it goes where errors go.
  const say = async (line: string): Promise<void> => {
    await keyboard?.idle()
    if (isJson || keyboard === undefined) host.note(plain(line))
    else await host.print(plain(line))
  }
  const tell = async (event: SessionEvent): Promise<void> => {
    await keyboard?.idle()
    await host.print(isJson ? JSON.stringify(event) : (await linesOf(sessions, id, event)).join('\n'))
  }
  const hold = isAttaching ? await holdSession(sessions, id, say) : undefined
  const left = new AbortController()
  const signal = AbortSignal.any([host.ended, left.signal, ...(hold === undefined ? [] : [hold.lost])])
  try {
    const found = await sessions.get(id)
    if (!isJson) await host.print(describeSession({ ...found, steps: [], interventions: [] }))
    if (keyboard !== undefined && hold !== undefined) {
      await say(KEYS)
      void steerSession({ sessions, id, keyboard, say, signal }).finally(() => left.abort())
    }
    for await (const event of sessions.follow(id, { signal })) await tell(event)
  } finally {
    left.abort()
    await hold?.letGo()
  }
  return end({ hold, say, after: await sessions.get(id) })
}

/** The lines of an event; a step that waits is shown with what it would run with. */
async function linesOf(
  sessions: ControlScope['sessions'],
  id: string,
  event: SessionEvent,
): Promise<readonly string[]> {
  if (event.kind !== 'step.waiting') return eventLines(event)
  const { steps } = await sessions.get(id)
  const step = steps.find((one) => one.id === event.body.step)
  return eventLines(step === undefined ? event : { ...event, body: { ...event.body, args: argsOf(step) } })
}

async function end(ending: {
  readonly hold: Hold | undefined
  readonly say: (line: string) => Promise<void>
  readonly after: SupervisionSessionDetail
}): Promise<ExitCode> {
  const { hold, say, after } = ending
  const toRate = after.state === 'completed' && after.rating === null
  await say(
    `The session is ${stateOf(after)}.${toRate ? ` Rate it: preceptor sessions complete ${after.id} --rating 1..5` : ''}`,
  )
  if (hold?.lost.aborted === true) throw hold.lost.reason
  return 0
}
