import type { Proposal } from '@preceptor/client'
import { expect, vi } from 'vitest'
import { type Stage, shown } from './stage.ts'

const DAY = 86_400_000

/** The time of a stage that begins some days ago; what was let pass is over. */
export interface PastTime {
  readonly offsetMs: () => number
  pass(days: number): void
  /** Lets everything pass that is left. */
  arrive(): void
}

/** A time that begins so many days ago. */
export function pastTime(days: number): PastTime {
  let offset = -days * DAY
  return {
    offsetMs: () => offset,
    pass(some) {
      offset = Math.min(0, offset + some * DAY)
    },
    arrive() {
      offset = 0
    },
  }
}

/** Grows an agent over weeks: blocked, trained, promoted, edited, rejected, demoted by an incident, and up again. */
export async function growAgent(stage: Stage, time: PastTime, agent: string): Promise<void> {
  const { admin, user } = stage.test
  const ana = user('ana', 'supervisor')
  await admin.agents.register({ id: agent, displayName: 'Billing assistant', category: 'Finance', ownerId: 'lee' })
  await train(stage, time, agent)
  for (let day = 0; day < 10; day += 1) {
    time.pass(2)
    const proposal = await stage.ask({ agent, action: 'note.write', args: { text: `Note ${day}` } })
    const by = day % 2 === 0 ? ana : stage.ben
    if (day === 3) {
      await by.proposals.approve(proposal.id, { ...shown(proposal), args: { text: 'Better' }, reason: 'Kinder.' })
    } else if (day === 6) {
      await by.proposals.reject(proposal.id, { ...shown(proposal), category: 'wrong_args', reason: 'Twice the sum.' })
      await counted(stage)
      continue
    } else await by.proposals.approve(proposal.id, shown(proposal))
    await ended(stage, proposal)
  }
  time.pass(4)
  await admin.agents.recordIncident(agent, 'It wrote to the wrong customer.')
  const [incident] = (await admin.agents.incidents(agent)).items
  time.pass(2)
  await admin.agents.closeIncident(agent, incident?.id ?? '', 'The address book was corrected.')
  await train(stage, time, agent)
  for (let day = 0; day < 6; day += 1) {
    time.pass(2)
    const proposal = await stage.ask({ agent, action: 'note.write', args: { text: `Again ${day}` } })
    await (day % 2 === 0 ? ana : stage.ben).proposals.approve(proposal.id, shown(proposal))
    await ended(stage, proposal)
  }
}

/** Blocks a student, approves its course, and completes the session. */
async function train(stage: Stage, time: PastTime, agent: string): Promise<void> {
  const { admin } = stage.test
  const trigger = { agent, action: 'note.write', args: { text: 'x' }, idempotencyKey: `${agent} ${time.offsetMs()}` }
  const decision = await stage.test.agent(agent).decide(trigger)
  if (decision.route !== 'training') throw new Error(`${decision.route}: ${decision.reason}`)
  const { sessionId } = await stage.ben.trainingProposals.approve(decision.trainingProposal.id)
  time.pass(1)
  await stage.ben.trainingSessions.start(sessionId ?? '')
  time.pass(1)
  await stage.ben.trainingSessions.complete(sessionId ?? '', { score: 0.8, reason: 'It knows when to ask.' })
  expect((await admin.agents.get(agent)).maturity).toBe('intern')
}

async function ended(stage: Stage, proposal: Proposal): Promise<void> {
  // In a hook nothing polls but this.
  const look = async (): Promise<void> => expect((await stage.now(proposal)).state).toBe('succeeded')
  await vi.waitFor(look, { timeout: 20_000, interval: 100 })
  await counted(stage)
}

/** Counts what was shown so far, as a job does: before time passes, since so much of it counts in a day. */
export async function counted(stage: Stage): Promise<void> {
  await stage.test.governor.jobs.run('count-evidence', { workspace: 'default' })
}
