import {
  GovernanceError,
  type InterventionRequest,
  type JsonObject,
  type SessionOperations,
  type SupervisionSession,
} from '@preceptor/client'
import { type Command, type CommandCall, type ExitCode, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { describeSession, stateOf } from '../sessions/describe-session.ts'
import { PAGE_FLAGS, printPage, recordQueryOf, wholeNumber } from './paging.ts'

const STATES = ['starting', 'running', 'pausing', 'paused', 'correcting', 'completed', 'terminated', 'failed'] as const
const REASON = { value: '<text>', summary: 'why; it is kept in the journal' } as const

const list: Command = {
  name: 'sessions list',
  words: [],
  summary: 'List the supervision sessions, newest first',
  flags: {
    ...CONNECTION_FLAGS,
    ...PAGE_FLAGS,
    agent: { value: '<id>', summary: 'only of this agent' },
    state: {
      value: '<state>',
      summary: 'only in this state; active is whatever goes on',
      choices: ['active', ...STATES],
    },
  },
  async run(call) {
    const query = recordQueryOf(call)
    const { scope } = await connect(call)
    await printPage(call, await scope.sessions.list(query), {
      noun: 'sessions',
      headings: ['SESSION', 'AGENT', 'STATE', 'SUPERVISOR', 'BEGUN BY', 'CREATED'],
      row: (session) => [
        session.id,
        session.agent,
        stateOf(session),
        session.supervisorId ?? 'nobody yet',
        session.action,
        session.createdAt,
      ],
    })
    return 0
  },
}

const show: Command = {
  name: 'sessions show',
  words: ['ID'],
  summary: 'Show a session, its steps and what was done to it',
  flags: CONNECTION_FLAGS,
  run: (call) => perform(call, (sessions, id) => sessions.get(id)),
}

/** Commands that intervene with nothing but a reason. */
const acts: readonly Command[] = (
  [
    ['pause', 'Let no step of a run begin; it is paused once nothing is under way', REASON],
    ['resume', 'Let a paused run go on', REASON],
    ['terminate', 'End a run for good: what runs is aborted, in whatever process', { ...REASON, required: true }],
  ] as const
).map(([type, summary, reason]) => ({
  name: `sessions ${type}`,
  words: ['ID'],
  summary,
  flags: { ...CONNECTION_FLAGS, reason },
  run: (call) => perform(call, (sessions, id) => sessions.intervene(id, interventionOf(type, textOf(call, 'reason')))),
}))

const correct: Command = {
  name: 'sessions correct',
  words: ['ID'],
  summary: 'Tell a run something, once, or give a step that waits other args',
  flags: {
    ...CONNECTION_FLAGS,
    guidance: { value: '<text>', summary: 'what the model is told with its next result' },
    args: { value: '<json>', summary: 'what the step that waits runs with instead' },
    step: { value: '<id>', summary: 'which step, where more than one waits' },
  },
  run(call) {
    const correction = correctionOf(call)
    return perform(call, (sessions, id) => sessions.intervene(id, correction))
  },
}

const objectTo: Command = {
  name: 'sessions object',
  words: ['ID', 'STEP'],
  summary: 'Withhold a step that was announced and has not begun, and pause the run',
  flags: { ...CONNECTION_FLAGS, reason: { ...REASON, required: true } },
  run: (call) =>
    perform(call, (sessions, id) =>
      sessions.object(id, { step: call.words[1] ?? '', reason: textOf(call, 'reason') ?? '' }),
    ),
}

const complete: Command = {
  name: 'sessions complete',
  words: ['ID'],
  summary: 'Rate a session that you watched, once; one that is idle is completed by it',
  flags: {
    ...CONNECTION_FLAGS,
    rating: { value: '<number>', summary: '1 to 5: how much of it you would let run again unwatched', required: true },
    feedback: { value: '<text>', summary: 'what was good or bad about it' },
  },
  run(call) {
    const rating = wholeNumber('rating', textOf(call, 'rating') ?? '', { from: 1, to: 5 })
    const feedback = textOf(call, 'feedback')
    return perform(call, (sessions, id) =>
      sessions.complete(id, { rating, ...(feedback === undefined ? {} : { feedback }) }),
    )
  },
}

const handOver: Command = {
  name: 'sessions hand-over',
  words: ['ID'],
  summary: 'Let another supervisor take a session that you hold; you go on until then',
  flags: { ...CONNECTION_FLAGS, to: { value: '<user>', summary: 'who may take it', required: true } },
  run: (call) => perform(call, (sessions, id) => sessions.handOver(id, textOf(call, 'to') ?? '')),
}

/** `preceptor sessions …`, but for `watch`. */
export const sessionCommands: readonly Command[] = [list, show, ...acts, correct, objectTo, complete, handOver]

async function perform(
  call: CommandCall,
  work: (sessions: SessionOperations, id: string) => Promise<SupervisionSession>,
): Promise<ExitCode> {
  const { scope } = await connect(call)
  const session = await work(scope.sessions, call.words[0] ?? '')
  await call.print({ text: describeSession(session), json: session })
  return 0
}

function interventionOf(type: 'pause' | 'resume' | 'terminate', reason: string | undefined): InterventionRequest {
  if (type === 'terminate') return { type, reason: reason ?? '' }
  return { type, ...(reason === undefined ? {} : { reason }) }
}

function correctionOf(call: CommandCall): InterventionRequest {
  const [guidance, step, json] = [textOf(call, 'guidance'), textOf(call, 'step'), textOf(call, 'args')]
  if (guidance === undefined && json === undefined) {
    throw new GovernanceError('OPTION_INVALID', { message: 'Give --guidance, --args or both.' })
  }
  return {
    type: 'correct',
    ...(guidance === undefined ? {} : { guidance }),
    ...(json === undefined ? {} : { args: objectIn('args', json) }),
    ...(step === undefined ? {} : { step }),
  }
}

function objectIn(name: string, json: string): JsonObject {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch {
    // Said below.
  }
  throw new GovernanceError('OPTION_INVALID', {
    message: `Option --${name}: ${JSON.stringify(json.slice(0, 60))} is no JSON object.`,
    hint: `Write it as in --${name} '{"cents":500}'.`,
  })
}
