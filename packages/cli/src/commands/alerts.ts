import type { Alert, AlertOperations, AlertQuery } from '@preceptor/client'
import { type Command, type CommandCall, choiceOf, type ExitCode, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { listing } from '../table.ts'
import { PAGE_FLAGS, pageQueryOf, printPage, wholeNumber } from './paging.ts'

const STATES: readonly NonNullable<AlertQuery['state']>[] = ['open', 'cleared']
const HOUR_MS = 3_600_000

const list: Command = {
  name: 'alerts list',
  words: [],
  summary: 'List the alerts, newest first',
  flags: {
    ...CONNECTION_FLAGS,
    ...PAGE_FLAGS,
    state: { value: '<state>', summary: 'only in this state', choices: STATES },
  },
  async run(call) {
    const state = choiceOf(call, 'state', STATES)
    const query = { ...pageQueryOf(call), ...(state === undefined ? {} : { state }) }
    const { scope } = await connect(call)
    await printPage(call, await scope.alerts.list(query), {
      noun: 'alerts',
      headings: ['ALERT', 'CODE', 'STATE', 'RAISED', 'ABOUT', 'MESSAGE'],
      row: (alert) => [alert.id, alert.code, stateOf(alert), alert.raisedAt, alert.subjectId, alert.message],
    })
    return 0
  },
}

const acknowledge: Command = {
  name: 'alerts acknowledge',
  words: ['ID'],
  summary: 'Say that you look at it',
  flags: CONNECTION_FLAGS,
  run: (call) => perform(call, (alerts, id) => alerts.acknowledge(id)),
}

const mute: Command = {
  name: 'alerts mute',
  words: ['ID'],
  summary: 'Let the same not be raised again for a time',
  flags: { ...CONNECTION_FLAGS, hours: { value: '<number>', summary: 'for how long, 1 to 720', required: true } },
  run(call) {
    const hours = wholeNumber('hours', textOf(call, 'hours') ?? '', { from: 1, to: 720 })
    return perform(call, (alerts, id) => alerts.mute(id, new Date(Date.now() + hours * HOUR_MS).toISOString()))
  },
}

/** `preceptor alerts …`. */
export const alertCommands: readonly Command[] = [list, acknowledge, mute]

async function perform(
  call: CommandCall,
  work: (alerts: AlertOperations, id: string) => Promise<Alert>,
): Promise<ExitCode> {
  const { scope } = await connect(call)
  const alert = await work(scope.alerts, call.words[0] ?? '')
  const { id, code, subjectId, message, raisedAt, acknowledgedBy, mutedUntil } = alert
  const text = listing([
    ['Alert', id],
    ['Code', code],
    ['About', subjectId],
    ['Message', message],
    ['State', stateOf(alert)],
    ['Raised', raisedAt],
    ['Looked at by', acknowledgedBy ?? 'nobody yet'],
    ['Muted until', mutedUntil ?? 'not muted'],
  ])
  await call.print({ text, json: alert })
  return 0
}

function stateOf({ clearedAt, acknowledgedBy }: Alert): string {
  if (clearedAt !== null) return 'cleared'
  return acknowledgedBy === null ? 'open' : 'open, acknowledged'
}
