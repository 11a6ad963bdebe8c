import { type ControlScope, GovernanceError, type JournalEntry, type Proposal } from '@preceptor/client'
import { followSession } from './follow-session.ts'

/** Who takes part, and where it is told. */
export interface Cast {
  /** Sue, over HTTP. */
  readonly supervisor: ControlScope
  /** Asks a student to do something, over HTTP; gives what it said. */
  readonly ask: (student: string, task: string) => Promise<string>
  readonly say: (line: string) => void
}

const TASK = 'Refund order 7: 500 cents.'

/** From the attempt that was blocked to the one that runs, or to the list of what is missing. */
export async function play(cast: Cast, student: string) {
  const { supervisor, say } = cast
  const blocked = await blockedAttempt(cast, student)
  const trained = await train(cast, blocked.proposal.id)
  const { session } = trained
  const { items: evidence } = await supervisor.agents.confidence(student)
  const agent = await supervisor.agents.get(student)
  for (const { kind, applied, confidence } of evidence.filter(({ sourceId }) => sourceId === session.id)) {
    say(`   evidence: ${kind} ${applied >= 0 ? '+' : ''}${applied}, confidence ${share(confidence)}`)
  }
  say(`   ${student} is ${agent.maturity} at ${share(agent.confidence)}. It was ${session.maturityBefore}.`)
  if (agent.maturity === 'student') say(`   It lacks: ${session.missing.join('; ')}.`)
  return { blocked, ...trained, evidence, agent, retried: await retry(cast, student, blocked.trigger.id) }
}

async function blockedAttempt({ supervisor, ask, say }: Cast, student: string) {
  say(`1  ${student} is asked: ${TASK}`)
  const told = await ask(student, TASK)
  const { items } = await supervisor.blockedTriggers.list({ agent: student, state: 'open' })
  const [trigger] = items
  if (trigger === undefined) throw new Error(`${student} was not blocked: ${told}`)
  const proposal = await supervisor.trainingProposals.get(trigger.trainingProposalId)
  say(`   It is told: ${told}`)
  say(`   Blocked as ${trigger.id}; proposed: ${proposal.title}. Gaps: ${proposal.gaps.join(', ')}`)
  return { trigger, proposal, told }
}

async function train({ supervisor, say }: Cast, proposal: string) {
  say('2  Sue approves the course over HTTP, with 4 hours a day. The worker asks the student each scenario.')
  const until = await followSession(supervisor, (event) => tell(say, event))
  const approved = await supervisor.trainingProposals.approve(proposal, { hoursPerDay: 4 })
  const events = await until(approved.sessionId ?? '')
  const session = await supervisor.trainingSessions.get(approved.sessionId ?? '')
  say(`3  The score is ${session.score}; 0.7 passes.`)
  for (const { scenario, answer, gradedBy } of session.scenarios.filter(({ score }) => score !== 1)) {
    say(`   ${scenario}: ${JSON.stringify(answer)} is no right answer (${gradedBy})`)
  }
  return { approved, session, progress: events.map(({ kind, body }) => ({ kind, body })) }
}

async function retry(cast: Cast, student: string, blocked: string) {
  const { supervisor, say } = cast
  const { offeredAt } = await supervisor.blockedTriggers.get(blocked)
  say(`4  What was blocked is ${offeredAt === null ? 'not offered' : 'offered'} for retry. Sue tries.`)
  try {
    const { decision, blockedTrigger } = await supervisor.blockedTriggers.retry(blocked)
    if (decision.route !== 'proposal') throw new Error(`The retry got the route ${decision.route}.`)
    say(`   It waits as ${decision.proposal.id}: an intern may ask, and a person decides.`)
    return { decision, blockedTrigger, ...(await approveAndRun(cast, student, decision.proposal.id)) }
  } catch (error) {
    if (!GovernanceError.isInstance(error) || error.code !== 'CONFLICT') throw error
    say(`   Refused: ${error.message}`)
    return { refused: { code: error.code, message: error.message } }
  }
}

async function approveAndRun(
  { supervisor, ask, say }: Cast,
  student: string,
  id: string,
): Promise<{ readonly said: string; readonly proposal: Proposal }> {
  const { version, actionHash, args } = await supervisor.proposals.get(id)
  say(`5  Sue reads ${JSON.stringify(args)}, action hash ${actionHash.slice(0, 12)}…, and approves.`)
  await supervisor.proposals.approve(id, { version, actionHash })
  const said = await ask(student, TASK)
  const proposal = await supervisor.proposals.get(id)
  say(`   ${student} is asked again: ${said} The proposal ${proposal.state}.`)
  return { said, proposal }
}

/** What an event says; the answers come with their scores. */
function tell(say: Cast['say'], { kind, body }: JournalEntry): void {
  const { scenario, graded, of, score } = body
  if (kind !== 'training_session.progressed') say(`   ${kind}`)
  else if (typeof score === 'number') say(`   ${String(graded)} of ${String(of)}: ${String(scenario)} ${share(score)}`)
}

/** Basis points as a share. */
const share = (points: number): string => (points / 10_000).toFixed(2)
