import type {
  AgentRow,
  Answer,
  Control,
  Effect,
  ExecutionRow,
  History,
  JournalRow,
  ProcessEnd,
  ProposalRow,
  Verification,
} from '../history.ts'

// A history made by hand: one agent, one attempt that ran, everything as it should be.

export const effect = (change: Partial<Effect>): Effect => ({
  workspace: 'w',
  agent: 'worker',
  action: 'refund.create',
  key: 'key-1',
  keyed: true,
  argsHash: 'hash',
  decision: 'dec_1',
  attempt: 1,
  nonce: 'n1',
  process: 'p1',
  at: 2_000,
  invokedAt: 1_950,
  ranAt: 1_990,
  checkedAt: null,
  session: null,
  committed: true,
  ...change,
})

export const execution = (change: Partial<ExecutionRow>): ExecutionRow => ({
  id: 'exe_1',
  workspace: 'w',
  agent: 'worker',
  key: 'key-1',
  action: 'refund.create',
  argsHash: 'hash',
  idempotent: false,
  decision: 'dec_1',
  state: 'succeeded',
  fence: 1,
  attempt: 1,
  nonce: 'n1',
  ...change,
})

export const row = (change: Partial<JournalRow>): JournalRow => ({
  id: `jrn_${change.position ?? 0}`,
  workspace: 'w',
  position: 0,
  sequence: null,
  kind: 'agent.registered',
  subject: 'worker',
  agent: 'worker',
  body: {},
  committedAt: null,
  ...change,
})

export const decided = ({
  id = 'dec_1',
  position = 10,
  action = 'refund.create',
}: {
  readonly id?: string
  readonly position?: number
  readonly action?: string
}): JournalRow => {
  const decision = {
    id,
    action,
    route: 'execution',
    risk: 'high',
    maturity: 'autonomous',
    argsHash: 'hash',
    source: 'ai_coordinator',
    decidedAt: '2026-01-01T00:00:00.000Z',
  }
  const body = { decision, idempotencyKey: 'key-1', lifecycle: 'active', epoch: 1 }
  return row({ kind: 'decision.made', subject: id, position, body })
}

export const settled = ({
  kind = 'run.completed',
  position = 12,
  fence = 1,
  decisionId = 'dec_1',
}: {
  readonly kind?: string
  readonly position?: number
  readonly fence?: number
  readonly decisionId?: string
}): JournalRow => row({ kind, subject: 'exe_1', position, body: { fence, decisionId } })

export const answer = (change: Partial<Answer>): Answer => ({
  process: 'p1',
  at: 2_010,
  invokedAt: 1_950,
  workspace: 'w',
  agent: 'worker',
  action: 'refund.create',
  key: 'key-1',
  status: 'executed',
  decision: 'dec_1',
  route: 'execution',
  code: null,
  maturity: 'autonomous',
  recorded: true,
  nonce: 'n1',
  ...change,
})

export const control = (change: Partial<Control>): Control => ({
  process: 'p2',
  workspace: 'w',
  kind: 'pause',
  agent: 'worker',
  everywhere: false,
  stop: null,
  maturity: null,
  invokedAt: 100,
  answeredAt: 120,
  code: null,
  ...change,
})

export const agent = (change: Partial<AgentRow>): AgentRow => ({
  workspace: 'w',
  id: 'worker',
  lifecycle: 'active',
  epoch: 1,
  maturity: 'autonomous',
  confidence: 9_000,
  ledger: 9_000,
  ...change,
})

export const proposal = (change: Partial<ProposalRow>): ProposalRow => ({
  id: 'prp_1',
  workspace: 'w',
  agent: 'asker-1',
  key: 'key-1',
  action: 'refund.create',
  executor: 'caller',
  state: 'succeeded',
  version: 1,
  ...change,
})

export const end = (change: Partial<ProcessEnd>): ProcessEnd => ({
  process: 'p1',
  at: 9_000,
  how: 'closed',
  detail: '',
  ...change,
})

export const verification = (ok: boolean): Verification => ({
  workspace: 'w',
  after: 'the end of the round',
  result: {
    ok,
    checked: 3,
    unsealed: 0,
    head: { sequence: 3, hash: 'head' },
    anchor: null,
    problem: ok ? null : { sequence: 2, what: 'The row was changed.' },
  },
})

/** Adds rows at their positions and numbers the whole anew. */
export function withJournal(history: History, rows: readonly JournalRow[]): History {
  const journal = [...history.journal, ...rows].sort((one, other) => one.position - other.position)
  return { ...history, journal: journal.map((entry, index) => ({ ...entry, sequence: index + 1 })) }
}

export function goodHistory(): History {
  const history: History = {
    workspaces: ['w'],
    jumps: false,
    interferences: [],
    watches: [],
    told: [],
    tampered: [],
    received: [],
    deliveries: [],
    versions: [],
    effects: [effect({})],
    works: [],
    answers: [answer({})],
    onceAnswers: [],
    reviews: [],
    controls: [],
    reports: [],
    disturbances: [],
    ends: [end({})],
    journal: [],
    executions: [execution({})],
    records: [],
    proposals: [],
    agents: [agent({})],
    verifications: [verification(true)],
  }
  return withJournal(history, [row({ position: 1, body: { maturity: 'autonomous' } }), decided({}), settled({})])
}

/** The same with an agent that had to ask: one person approved what ran. */
export function approvedHistory(): History {
  const good = goodHistory()
  const asker = { agent: 'asker-1' }
  const body = { version: 1, actor: 'user:ana', requiredApprovals: 1, decisionId: 'dec_1' }
  const told = (kind: string, position: number): JournalRow => row({ kind, subject: 'prp_1', position, body, ...asker })
  const rows = [
    told('proposal.created', 3),
    told('proposal.reviewed', 4),
    told('proposal.approved', 5),
    told('permit.redeemed', 9),
    told('proposal.succeeded', 13),
  ]
  const history: History = {
    ...good,
    journal: good.journal.map((entry) => ({ ...entry, ...asker })),
    effects: [effect(asker)],
    answers: [answer(asker)],
    executions: [execution(asker)],
    agents: [agent({ id: 'asker-1' })],
    records: [{ table: 'proposals', workspace: 'w', id: 'prp_1', state: 'succeeded' }],
    proposals: [proposal({})],
    received: ['dlv_3', 'dlv_5'],
    deliveries: [3, 5].map((position) => ({
      id: `dlv_${position}`,
      workspace: 'w',
      event: `jrn_${position}`,
      state: 'delivered',
    })),
  }
  return withJournal(history, rows)
}
