import type { JsonObject, Lifecycle, Maturity } from '@preceptor/client'
import type { ReplayedRecord, ReplayedSession, Replaying } from './replayed-state.ts'

/** What of a row the state of a workspace follows from. */
export interface ReplayRow {
  readonly kind: string
  readonly subject: string
  readonly agent: string | null
  readonly body: JsonObject
}

type Handler = (state: Replaying, row: ReplayRow) => void

// What the record of an agent as a whole is filed under.
const WHOLE = '*'
const LAPSED = 'lease'
const SUPERVISION = 'system:supervision'

const lifecycle =
  (to: Lifecycle): Handler =>
  ({ agents }, { subject }) => {
    const agent = agents.get(subject)
    if (agent !== undefined) agents.set(subject, { ...agent, lifecycle: to })
  }

/** Moves what the row is about, one of a kind of items, to a state; it is there from then on. */
const moving =
  (name: 'trainingProposals' | 'trainingSessions' | 'queueEntries' | 'stops' | 'grants', to: string): Handler =>
  ({ [name]: items }, { subject, agent }) =>
    void items.set(subject, { agent: items.get(subject)?.agent ?? agent, state: to })

const proposal =
  (to: string): Handler =>
  ({ proposals }, { subject }) => {
    const known = proposals.get(subject)
    if (known !== undefined) proposals.set(subject, { ...known, state: to })
  }

/** Another version is decided on anew. */
const version: Handler = ({ proposals }, { subject, body }) => {
  const known = proposals.get(subject)
  if (known !== undefined) {
    proposals.set(subject, { ...known, state: 'pending', version: numberIn(body, 'version'), approvals: [] })
  }
}

const settled =
  (to: string): Handler =>
  ({ executions, proposals }, { subject }) => {
    const known = executions.get(subject)
    if (known === undefined) return
    executions.set(subject, { ...known, state: to })
    // Nothing ran: the approval is good for one run still.
    const approved = known.proposalId === null ? undefined : proposals.get(known.proposalId)
    if (to === 'released' && approved?.state === 'executing') {
      proposals.set(String(known.proposalId), { ...approved, state: 'approved' })
    }
  }

/** A person said what became of a run whose outcome was unknown. */
function resolve({ executions }: Replaying, of: 'proposalId' | 'queueEntryId', { subject, body }: ReplayRow): void {
  for (const [id, execution] of executions) {
    const isMeant = execution[of] === subject && execution.state === 'outcome_unknown'
    if (isMeant) executions.set(id, { ...execution, state: textIn(body, 'outcome') })
  }
}

const session =
  (change: (session: ReplayedSession, row: ReplayRow) => Partial<ReplayedSession>): Handler =>
  ({ supervisionSessions }, row) => {
    const known = supervisionSessions.get(row.subject)
    if (known !== undefined) supervisionSessions.set(row.subject, { ...known, ...change(known, row) })
  }

const attached = session(({ state, pausedBy }) => {
  if (state === 'starting' || pausedBy === LAPSED) return { state: 'running', pausedBy: null }
  return {}
})

function record({ agents }: Replaying, { agent, body }: ReplayRow, change: Partial<ReplayedRecord>): void {
  const known = agent === null ? undefined : agents.get(agent)
  if (agent === null || known === undefined) return
  const capability = typeof body.capability === 'string' ? body.capability : WHOLE
  // What an agent shows for the first time at a capability, it shows as a student.
  const before = known.records.get(capability) ?? { maturity: 'student', confidence: 0 }
  const records = new Map(known.records).set(capability, { ...before, ...change })
  agents.set(agent, { ...known, records })
}

const transition: Handler = (state, row) => record(state, row, { maturity: maturityIn(row.body, 'to') })

/** What each kind of row does; the others change no state that is replayed. */
const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  [
    'agent.registered',
    ({ agents }, { subject, body }) => {
      const first = { maturity: maturityIn(body, 'maturity'), confidence: numberIn(body, 'confidence') }
      agents.set(subject, { lifecycle: 'active', records: new Map([[WHOLE, first]]) })
    },
  ],
  ['agent.paused', lifecycle('paused')],
  ['agent.resumed', lifecycle('active')],
  ['agent.stopped', lifecycle('stopped')],
  ['agent.retired', lifecycle('retired')],
  ['agent.promoted', transition],
  ['agent.demoted', transition],
  ['confidence.changed', (state, row) => record(state, row, { confidence: numberIn(row.body, 'confidence') })],
  [
    'proposal.created',
    ({ proposals }, { subject, agent, body }) =>
      void proposals.set(subject, { agent, state: 'pending', version: numberIn(body, 'version'), approvals: [] }),
  ],
  ['proposal.edited', version],
  ['proposal.returned', version],
  ['proposal.extended', version],
  [
    'proposal.reviewed',
    ({ proposals }, { subject, body }) => {
      const known = proposals.get(subject)
      if (known === undefined || !['approve', 'edit'].includes(textIn(body, 'verdict'))) return
      proposals.set(subject, { ...known, approvals: [...known.approvals, textIn(body, 'actor')] })
    },
  ],
  ['proposal.approved', proposal('approved')],
  ['proposal.rejected', proposal('rejected')],
  ['proposal.responded', proposal('responded')],
  ['proposal.expired', proposal('expired')],
  ['proposal.cancelled', proposal('cancelled')],
  ['permit.redeemed', proposal('executing')],
  ['proposal.succeeded', proposal('succeeded')],
  ['proposal.failed', proposal('failed')],
  ['proposal.outcome_unknown', proposal('outcome_unknown')],
  [
    'proposal.resolved',
    (state, row) => {
      proposal(textIn(row.body, 'outcome'))(state, row)
      resolve(state, 'proposalId', row)
    },
  ],
  [
    'run.started',
    ({ executions }, { subject, agent, body }) =>
      void executions.set(subject, {
        agent,
        state: 'claimed',
        attempt: numberIn(body, 'attempt'),
        decisionId: textIn(body, 'decisionId'),
        proposalId: textOrNull(body, 'proposalId'),
        queueEntryId: textOrNull(body, 'queueEntryId'),
      }),
  ],
  ['run.completed', settled('succeeded')],
  ['run.failed', settled('failed')],
  ['run.released', settled('released')],
  ['run.lost', settled('outcome_unknown')],
  ['training_proposal.created', moving('trainingProposals', 'proposed')],
  ['training_proposal.approved', moving('trainingProposals', 'approved')],
  ['training_proposal.rejected', moving('trainingProposals', 'rejected')],
  ['training_session.scheduled', moving('trainingSessions', 'scheduled')],
  ['training_session.started', moving('trainingSessions', 'in_progress')],
  ['training_session.resumed', moving('trainingSessions', 'in_progress')],
  ['training_session.paused', moving('trainingSessions', 'paused')],
  ['training_session.completed', moving('trainingSessions', 'completed')],
  ['training_session.cancelled', moving('trainingSessions', 'cancelled')],
  ['training_session.failed', moving('trainingSessions', 'failed')],
  [
    'supervision_session.started',
    ({ supervisionSessions }, { subject, agent }) =>
      void supervisionSessions.set(subject, { agent, state: 'starting', pausedBy: null, corrections: new Set() }),
  ],
  ['supervision_session.attached', attached],
  ['supervision_session.taken_over', attached],
  [
    'supervision_session.pausing',
    session((_, { body }) => ({
      state: 'pausing',
      pausedBy: body.actor === SUPERVISION ? LAPSED : textOrNull(body, 'actor'),
    })),
  ],
  [
    'supervision_session.paused',
    session((_, { body }) => ({ state: 'paused', pausedBy: textOrNull(body, 'pausedBy') })),
  ],
  ['supervision_session.resumed', session(() => ({ state: 'running', pausedBy: null }))],
  ['supervision_session.completed', session(() => ({ state: 'completed' }))],
  ['supervision_session.terminated', session(() => ({ state: 'terminated' }))],
  ['supervision_session.failed', session(() => ({ state: 'failed' }))],
  [
    'intervention.requested',
    session(({ state, corrections }, { body }) => {
      if (body.type !== 'correct') return {}
      const open = new Set(corrections).add(textIn(body, 'intervention'))
      return { corrections: open, ...(state === 'running' && { state: 'correcting' }) }
    }),
  ],
  [
    'intervention.applied',
    session(({ state, corrections }, { body }) => {
      const open = new Set(corrections)
      open.delete(textOrNull(body, 'intervention') ?? '')
      return { corrections: open, ...(state === 'correcting' && open.size === 0 && { state: 'running' }) }
    }),
  ],
  ['queue_entry.created', moving('queueEntries', 'pending')],
  ['queue_entry.started', moving('queueEntries', 'executing')],
  ['queue_entry.returned', moving('queueEntries', 'pending')],
  ['queue_entry.completed', moving('queueEntries', 'completed')],
  ['queue_entry.failed', moving('queueEntries', 'failed')],
  ['queue_entry.expired', moving('queueEntries', 'expired')],
  ['queue_entry.cancelled', moving('queueEntries', 'cancelled')],
  ['queue_entry.outcome_unknown', moving('queueEntries', 'outcome_unknown')],
  [
    'queue_entry.resolved',
    (state, row) => {
      moving('queueEntries', row.body.outcome === 'succeeded' ? 'completed' : 'failed')(state, row)
      resolve(state, 'queueEntryId', row)
    },
  ],
  ['stop.set', moving('stops', 'set')],
  ['stop.lifted', moving('stops', 'lifted')],
  ['grant.created', moving('grants', 'created')],
  ['grant.revoked', moving('grants', 'revoked')],
])

/** Carries one row over into the state that is built. */
export function replayRow(state: Replaying, row: ReplayRow): void {
  HANDLERS.get(row.kind)?.(state, row)
}

function textIn(body: JsonObject, name: string): string {
  return textOrNull(body, name) ?? ''
}

function textOrNull(body: JsonObject, name: string): string | null {
  const value = body[name]
  return typeof value === 'string' ? value : null
}

function numberIn(body: JsonObject, name: string): number {
  const value = body[name]
  return typeof value === 'number' ? value : 0
}

function maturityIn(body: JsonObject, name: string): Maturity {
  const value = body[name]
  return value === 'intern' || value === 'supervised' || value === 'autonomous' ? value : 'student'
}
