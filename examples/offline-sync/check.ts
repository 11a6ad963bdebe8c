import type { BlockedTrigger, JournalEntry, JsonValue } from '@preceptor/client'
import type { Attempt, DeviceReport, Entry } from './messages.ts'
import type { Move } from './warehouse.ts'

/** What was there after the device had done something. */
export interface Moment {
  readonly report: DeviceReport
  /** What its file holds. */
  readonly entries: readonly Entry[]
  /** What the warehouse knows to have happened. */
  readonly moves: readonly Move[]
}

/** What the example showed. */
export interface Shown {
  readonly attempts: readonly Attempt[]
  readonly recorded: Moment
  /** The connection broke while the batch was sent. */
  readonly cutSending: Moment
  /** It broke while the answers came. */
  readonly cutAnswering: Moment
  readonly answered: Moment
  readonly undecided: Moment
  readonly decided: Moment
  readonly last: Moment
  /** The records of decisions. */
  readonly decisions: readonly JournalEntry[]
  readonly blocked: readonly BlockedTrigger[]
  readonly journalHolds: boolean
}

/** One thing that must hold, or the example fails. */
export interface Finding {
  readonly name: string
  readonly holds: boolean
}

const finding = (name: string, holds: boolean): Finding => ({ name, holds })

const ALLOWED = ['valves-out', 'hoses-in', 'clamps-in']

/** What must hold of all that was shown: by what the warehouse knows, and not by what anybody says. */
export function check(shown: Shown): readonly Finding[] {
  return [...ofCuts(shown), ...ofAnswers(shown), ...ofPeople(shown), ...ofRecords(shown)]
}

function ofCuts({ attempts, recorded, cutSending, cutAnswering }: Shown): readonly Finding[] {
  const isWhole = ({ entries }: Moment): boolean =>
    attempts.every(({ idempotencyKey }, index) => entries[index]?.idempotencyKey === idempotencyKey) &&
    entries.length === attempts.length
  const known = cutAnswering.entries.filter(({ answer }) => answer !== null)
  return [
    finding(
      'without a connection everything is recorded, and nothing runs',
      isWhole(recorded) && !recorded.moves.length,
    ),
    finding('a batch that breaks on its way up runs nothing', cutSending.report.isCut && !cutSending.moves.length),
    finding('and loses nothing', isWhole(cutSending)),
    finding('a connection that breaks on the way back leaves some without an answer', cutAnswering.report.isCut),
    finding('and those that came are kept', isWhole(cutAnswering) && known.length === cutAnswering.report.answered),
    finding('more ran than the device knows', isOnce(cutAnswering, ALLOWED) && known.filter(isDone).length === 1),
  ]
}

function ofAnswers({ answered }: Shown): readonly Finding[] {
  const blocked = codeOf(answered, 'from-a-student')
  return [
    finding('tried again, what is allowed ran once', isOnce(answered, ALLOWED)),
    finding('also what came after something blocked', stateOf(answered, 'clamps-in') === 'done'),
    finding('what is blocked is failed, with its code', blocked === 'TRAINING_REQUIRED'),
    finding('and so is what nobody knows', codeOf(answered, 'no-such-action') === 'ACTION_UNKNOWN'),
    finding(
      'what the warehouse refused says why',
      /not so many pieces/.test(messageOf(answered, 'more-than-there-are')),
    ),
    finding(
      'each failure has a message',
      failuresOf(answered).every(({ idempotencyKey: key }) => messageOf(answered, key)),
    ),
    finding(
      'what needs approval waits',
      ['hoses-lost', 'clamps-lost'].every((key) => stateOf(answered, key) === 'waiting'),
    ),
  ]
}

function ofPeople({ undecided, decided, last }: Shown): readonly Finding[] {
  return [
    finding('asked again before anybody decided, it waits on', isOnce(undecided, ALLOWED)),
    finding('approved, it runs, once', isOnce(decided, [...ALLOWED, 'hoses-lost'])),
    finding('rejected, it is failed and never runs', codeOf(decided, 'clamps-lost') === 'PROPOSAL_REJECTED'),
    finding('then nothing is left to send', last.report.sent === 0 && isOnce(last, [...ALLOWED, 'hoses-lost'])),
    finding(
      'and every attempt has an end',
      last.entries.every(({ answer }) => answer?.state === 'done' || answer?.state === 'failed'),
    ),
  ]
}

function ofRecords({ attempts, decisions, blocked, journalHolds }: Shown): readonly Finding[] {
  const keys = new Set(decisions.map(({ body }) => body.idempotencyKey))
  return [
    finding(
      'each attempt was decided on',
      attempts.every(({ idempotencyKey }) => keys.has(idempotencyKey)),
    ),
    finding(
      'as a synchronisation, which nobody had to say',
      decisions.every(({ body }) => sourceOf(body.decision) === 'data_sync'),
    ),
    finding(
      'the blocked one is on record for its training',
      blocked.some(({ agent }) => agent === 'new-bot'),
    ),
    finding('the journal verifies', journalHolds),
  ]
}

function sourceOf(decision: JsonValue | undefined): JsonValue | undefined {
  return typeof decision === 'object' && decision !== null && 'source' in decision ? decision.source : undefined
}

function isDone({ answer }: Entry): boolean {
  return answer?.state === 'done'
}

/** Whether exactly these ran, each one time. */
function isOnce({ moves }: Moment, keys: readonly string[]): boolean {
  return JSON.stringify(moves.map(({ key }) => key).toSorted()) === JSON.stringify([...keys].sort())
}

function answerOf({ entries }: Moment, key: string): Entry['answer'] {
  return entries.find(({ idempotencyKey }) => idempotencyKey === key)?.answer ?? null
}

function stateOf(moment: Moment, key: string): string | undefined {
  return answerOf(moment, key)?.state
}

function codeOf(moment: Moment, key: string): string | null {
  const answer = answerOf(moment, key)
  return answer?.state === 'failed' ? answer.code : null
}

function messageOf(moment: Moment, key: string): string {
  const answer = answerOf(moment, key)
  return answer?.state === 'failed' ? answer.message : ''
}

function failuresOf({ entries }: Moment): readonly Entry[] {
  return entries.filter(({ answer }) => answer?.state === 'failed')
}
