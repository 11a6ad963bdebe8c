import { QUEUE_STATES, type QueueEntry, type QueueOperations, visibleJson } from '@preceptor/client'
import { type Command, type CommandCall, type ExitCode, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { listing } from '../table.ts'
import { PAGE_FLAGS, printPage, recordQueryOf, wholeNumber } from './paging.ts'

const REASON = { value: '<text>', summary: 'why; it is kept in the journal', required: true } as const

const list: Command = {
  name: 'queue list',
  words: [],
  summary: 'List the supervised queue: runs that wait for somebody to watch them',
  flags: {
    ...CONNECTION_FLAGS,
    ...PAGE_FLAGS,
    agent: { value: '<id>', summary: 'only of this agent' },
    state: {
      value: '<state>',
      summary: 'only in this state; active is whatever has not ended',
      choices: ['active', ...QUEUE_STATES],
    },
  },
  async run(call) {
    const query = recordQueryOf(call)
    const { scope } = await connect(call)
    await printPage(call, await scope.queue.list(query), {
      noun: 'queue entries',
      headings: ['ENTRY', 'AGENT', 'ACTION', 'RISK', 'STATE', 'PRIORITY', 'CREATED'],
      row: ({ id, agent, action, risk, state, priority, createdAt }) => [
        id,
        agent,
        action,
        risk,
        state,
        String(priority),
        createdAt,
      ],
    })
    return 0
  },
}

const show: Command = {
  name: 'queue show',
  words: ['ID'],
  summary: 'Show an entry of the queue',
  flags: CONNECTION_FLAGS,
  run: (call) => perform(call, (queue, id) => queue.get(id)),
}

const cancel: Command = {
  name: 'queue cancel',
  words: ['ID'],
  summary: 'Take back what has not begun',
  flags: { ...CONNECTION_FLAGS, reason: REASON },
  run: (call) => perform(call, (queue, id) => queue.cancel(id, textOf(call, 'reason') ?? '')),
}

const prioritize: Command = {
  name: 'queue prioritize',
  words: ['ID'],
  summary: 'Move what waits forward or back',
  flags: {
    ...CONNECTION_FLAGS,
    priority: { value: '<0-9>', summary: 'what is offered first has the highest', required: true },
    reason: REASON,
  },
  run(call) {
    const priority = wholeNumber('priority', textOf(call, 'priority') ?? '', { from: 0, to: 9 })
    return perform(call, (queue, id) => queue.prioritize(id, { priority, reason: textOf(call, 'reason') ?? '' }))
  },
}

const process: Command = {
  name: 'queue process',
  words: [],
  summary: 'Ask supervisors who are online to watch what the server itself can run; workers do so by themselves',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const { scope } = await connect(call)
    const done = await scope.queue.process()
    await call.print({ text: `${done.offered} offered`, json: done })
    return 0
  },
}

const resolve: Command = {
  name: 'queue resolve',
  words: ['ID'],
  summary: 'Say what came of a run whose outcome is unknown',
  flags: {
    ...CONNECTION_FLAGS,
    outcome: { value: '<outcome>', summary: 'what came of it', required: true, choices: ['succeeded', 'failed'] },
    reason: REASON,
  },
  run(call) {
    const outcome = textOf(call, 'outcome') === 'succeeded' ? 'succeeded' : 'failed'
    return perform(call, (queue, id) => queue.resolve(id, { outcome, reason: textOf(call, 'reason') ?? '' }))
  },
}

/** `preceptor queue …`. */
export const queueCommands: readonly Command[] = [list, show, cancel, prioritize, process, resolve]

async function perform(
  call: CommandCall,
  work: (queue: QueueOperations, id: string) => Promise<QueueEntry>,
): Promise<ExitCode> {
  const { scope } = await connect(call)
  const entry = await work(scope.queue, call.words[0] ?? '')
  await call.print({ text: describe(entry), json: entry })
  return 0
}

function describe(entry: QueueEntry): string {
  const { sessionId, offeredTo, outcome, reason } = entry
  return listing([
    ['Entry', entry.id],
    ['Agent', entry.agent],
    ['Action', `${entry.action}, ${entry.risk} risk`],
    ['Args', visibleJson(entry.args)],
    ['State', `${entry.state}, attempt ${entry.attempt}${outcome === null ? '' : `, last run ${outcome}`}`],
    ...(reason === null ? [] : [['Reason', reason] as const]),
    ...(sessionId === null
      ? []
      : [['Session', `${sessionId}${offeredTo === null ? '' : `, offered to ${offeredTo}`}`] as const]),
    ['Created', entry.createdAt],
    ['Expires', entry.expiresAt],
  ])
}
