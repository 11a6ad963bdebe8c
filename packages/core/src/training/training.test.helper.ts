import type {
  Agent,
  ControlScope,
  JsonValue,
  Principal,
  Scenario,
  ScenarioQuestion,
  Trainee,
  TrainingProposal,
  TrainingSession,
} from '@preceptor/client'
import { afterAll, beforeAll } from 'vitest'
import type { GovernorOptions } from '../options.ts'
import { createTestGovernor, TEST_ACTIONS, type TestGovernor } from '../testing/test-governor.ts'

/** Two scenarios of the capability `refund`. */
const REFUND_SCENARIOS: readonly Scenario[] = [
  {
    id: 'refund.limit',
    version: 1,
    topic: 'limits',
    capability: 'refund',
    task: 'Decide: {"decision": "refund" | "ask"}.',
    input: { cents: 9_000, most: 5_000 },
    grader: { kind: 'exact', expected: { decision: 'ask' } },
    weight: 1,
  },
  {
    id: 'refund.sum',
    version: 1,
    topic: 'amounts',
    capability: 'refund',
    task: 'Add up: {"cents": <number>}.',
    input: { items: [100, 250] },
    grader: { kind: 'numeric', at: '/cents', expected: 350, tolerance: 0 },
    weight: 3,
  },
]

/** One of the capability `note` that a person scores. */
const LETTER: Scenario = {
  id: 'note.letter',
  version: 1,
  topic: 'letters',
  capability: 'note',
  task: 'Write to the customer: {"letter": <text>}.',
  input: { customer: 'Mr Adeyemi' },
  grader: { kind: 'human', instructions: 'Is it polite?' },
  weight: 1,
}

/** Answers everything right. */
export function answerRight({ scenario }: ScenarioQuestion): JsonValue {
  if (scenario === 'refund.limit') return { decision: 'ask' }
  if (scenario === 'note.letter') return { letter: 'Dear Mr Adeyemi' }
  return { cents: 350 }
}

/** A student that was blocked, and the course that was proposed. */
export interface Blocked {
  readonly agent: string
  readonly proposal: TrainingProposal
  readonly blockedTrigger: string
  /** The scope of its own credential. */
  readonly own: ControlScope
  /** What it was asked, in order. */
  readonly asked: readonly string[]
  /** Approves the course; gives its session. */
  approve(): Promise<TrainingSession>
  now(): Promise<Agent>
}

/** What a student is, beside the usual. */
export interface Pupil {
  /** Answers its scenarios; without it no process can ask the student. */
  readonly answers?: Trainee
  readonly action?: string
  readonly workspace?: string
  readonly category?: string
}

/** A governor with students. */
export interface Training {
  readonly test: TestGovernor
  /** Blocks a new student, owned by olga, at 0.45. */
  block(pupil?: Pupil): Promise<Blocked>
  /** Runs what is due; gives how many sessions. */
  run(): Promise<number>
  /** Lets time pass. */
  pass(milliseconds: number): void
  /** Sets what the chat model that grades says. */
  setVerdict(verdict: () => Promise<unknown>): void
}

/** Runs the tests of a group on one governor, with a second workspace `bands`. */
export function useTraining(options: () => GovernorOptions = () => ({})): Training {
  let governor: TestGovernor | undefined
  let offset = 0
  let pupils = 0
  let verdict: () => Promise<unknown> = async () => null
  const present = (): TestGovernor => {
    if (governor === undefined) throw new Error('The governor is there only inside tests and hooks.')
    return governor
  }
  beforeAll(async () => {
    const clock = { now: () => Date.now() + offset, monotonic: () => performance.now() }
    const common = { scenarios: [...REFUND_SCENARIOS, LETTER], workspaces: ['default', 'bands'], clock }
    // A busy machine is no fault here.
    const settings = { deadlineMs: 10_000 }
    const grader = { name: 'judge', invoke: () => verdict() }
    const actions = { ...TEST_ACTIONS, 'order.sign': { risk: 'high' } } as const
    governor = await createTestGovernor({ ...common, grader, actions, settings, ...options() })
  })
  afterAll(() => governor?.close())
  return {
    get test() {
      return present()
    },
    block: (pupil = {}) => {
      pupils += 1
      return block(present(), `pupil-${pupils}`, pupil)
    },
    run: () => present().governor.jobs.runTraining(4),
    pass: (milliseconds) => {
      offset += milliseconds
    },
    setVerdict: (next) => {
      verdict = next
    },
  }
}

async function block(
  { governor }: TestGovernor,
  agent: string,
  { answers, action = 'refund.create', workspace = 'default', category }: Pupil,
): Promise<Blocked> {
  const as = (principal: Principal): ControlScope => governor.as({ workspace, principal })
  const admin = as({ kind: 'user', id: 'root', roles: ['admin'] })
  const own = as({ kind: 'agent', id: agent, roles: [] })
  await admin.agents.register({ id: agent, ownerId: 'olga', confidence: 4_500, ...(category && { category }) })
  const asked: string[] = []
  if (answers !== undefined) {
    governor.registerTrainee({ workspace, agent }, (question) => {
      asked.push(question.scenario)
      return answers(question)
    })
  }
  const decision = await own.decide({ agent, action, args: { cents: 5 }, idempotencyKey: 'k1' })
  if (decision.route !== 'training') throw new Error(`${decision.route}: ${decision.reason}`)
  const proposal = await admin.trainingProposals.get(decision.trainingProposal.id)
  return {
    agent,
    proposal,
    blockedTrigger: decision.blockedTrigger.id,
    own,
    asked,
    async approve() {
      const { sessionId } = await admin.trainingProposals.approve(proposal.id)
      return admin.trainingSessions.get(sessionId ?? '')
    },
    now: () => admin.agents.get(agent),
  }
}
