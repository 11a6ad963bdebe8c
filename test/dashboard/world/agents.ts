import { counted } from '../grown-agent.test.helper.ts'
import { shown } from '../stage.ts'
import { ended, type Maker, noteArgs, refundArgs } from './maker.ts'
import { watchOne } from './supervision.ts'

const MINUTE_DAYS = 1 / 1_440
const ALIKE = 11

/** Registers the agents of the world, at every level. */
export async function makeAgents({ stage, texts }: Maker): Promise<void> {
  const { agents } = stage.test.admin
  await agents.change('billing-bot', {
    displayName: texts('agent.name', 0),
    category: texts('agent.category', 0),
    specialty: texts('agent.specialty', 0),
    ownerId: texts('agent.owner', 0),
    capabilities: [texts('agent.capability', 0), texts('agent.capability', 1)],
  })
  const others = [
    ['support-bot', 'student', 1],
    ['invoice-bot', 'supervised', 2],
    ['stock-bot', 'student', 3],
    ['letter-bot', 'student', 1],
    ['report-bot', 'autonomous', 4],
    ['checker', 'autonomous', 5],
    ['flow-bot', 'autonomous', 4],
    ['desk-bot', 'intern', 1],
    ['queue-bot', 'supervised', 3],
    ['tidy-bot', 'intern', 3],
  ] as const
  for (const [id, maturity, index] of others) {
    await agents.register({
      id,
      maturity,
      displayName: texts('agent.name', index),
      category: id === 'checker' ? texts('agent.category', 0) : texts('agent.category', index),
      specialty: texts('agent.specialty', index),
      ownerId: texts('agent.owner', index),
      capabilities: [texts('agent.capability', 0)],
      fingerprint: { model: texts('agent.model'), version: texts('agent.version') },
      // After the incident it must still be in the band that it falls to, or all that it earned is taken away.
      ...(id === 'support-bot' && { confidence: 3_500 }),
    })
  }
}

/** Lets weeks pass in which agents learn, ask, are corrected, fail, and come up again. */
export async function passWeeks(maker: Maker, weeks: number): Promise<void> {
  const { stage, time, texts } = maker
  await train(maker, 'support-bot')
  for (let week = 0; week < weeks; week += 1) {
    for (const step of [0, 1]) {
      time.pass(2)
      const index = 2 * week + step
      await decideOne(maker, 'support-bot', index)
      if (step === 0) await decideOne(maker, 'billing-bot', index)
    }
    time.pass(2)
    await reports(maker, week)
    await watchOne(maker, week)
    if (week !== Math.floor(weeks / 2)) continue
    await stage.test.admin.agents.recordIncident('support-bot', texts('incident.reason'))
    const [incident] = (await stage.test.admin.agents.incidents('support-bot')).items
    time.pass(1)
    await stage.test.admin.agents.closeIncident('support-bot', incident?.id ?? '', texts('incident.closed'))
    await train(maker, 'support-bot')
  }
  await approveAlike(maker)
  await stage.test.admin.agents.recordIncident('desk-bot', texts('incident.reason', 1))
  await stage.test.admin.agents.pause('desk-bot', texts('agent.paused'))
}

/** One proposal, looked at and decided as people do: mostly approved, now and then edited, rejected or answered. */
async function decideOne(maker: Maker, agent: string, index: number): Promise<void> {
  const { stage, time, texts, ana, ben } = maker
  const isRefund = agent === 'billing-bot'
  const args = isRefund ? refundArgs(texts, index) : noteArgs(texts, index)
  const proposal = await stage.ask({ agent, action: isRefund ? 'refund.create' : 'note.write', args })
  const by = index % 3 === 0 ? ben : ana
  await by.proposals.card(proposal.id)
  time.pass((1 + (index % 4)) * MINUTE_DAYS)
  if (!isRefund && index % 6 === 3) {
    const edited = { ...args, text: texts('args.edited') }
    await by.proposals.approve(proposal.id, { ...shown(proposal), args: edited, reason: texts('proposal.approved') })
  } else if (!isRefund && index % 6 === 5) {
    const reason = texts('proposal.rejected')
    await by.proposals.reject(proposal.id, { ...shown(proposal), category: 'wrong_args', reason })
    await counted(stage)
    return
  } else await by.proposals.approve(proposal.id, { ...shown(proposal), reason: texts('proposal.approved', index) })
  await ended(maker, proposal)
}

/** So many approvals of the same, unchanged, that the record suggests a grant. */
async function approveAlike(maker: Maker): Promise<void> {
  const { stage, time, texts, ana, ben } = maker
  for (let index = 0; index < ALIKE; index += 1) {
    const args = { ...noteArgs(texts, 0), cents: 1_000 + index }
    const proposal = await stage.ask({ agent: 'tidy-bot', action: 'note.write', args })
    const by = index % 2 === 0 ? ana : ben
    await by.proposals.card(proposal.id)
    time.pass(MINUTE_DAYS)
    await by.proposals.approve(proposal.id, { ...shown(proposal), reason: texts('proposal.approved', index) })
    await ended(maker, proposal)
  }
}

/** What an autonomous agent does by itself; now and then it fails. */
async function reports({ stage, texts }: Maker, week: number): Promise<void> {
  const trigger = { agent: 'report-bot', action: 'report.export', args: { week, folder: texts('args.value') } }
  const failing = week % 4 === 1
  await stage.test
    .agent('report-bot')
    .guard({ ...trigger, idempotencyKey: `report-${week}` }, () => {
      if (failing) throw new Error(texts('effect.error'))
      return texts('effect.output')
    })
    .catch(() => undefined)
}

/** Blocks a student, approves its course, and completes the session by a typed score. */
async function train({ stage, time, texts, ben }: Maker, agent: string): Promise<void> {
  const args = { text: texts('args.note') }
  const key = `${agent} ${time.offsetMs()}`
  const decision = await stage.test.agent(agent).decide({ agent, action: 'note.write', args, idempotencyKey: key })
  if (decision.route !== 'training') throw new Error(`${decision.route}: ${decision.reason}`)
  const { sessionId } = await ben.trainingProposals.approve(decision.trainingProposal.id)
  time.pass(0.5)
  await ben.trainingSessions.start(sessionId ?? '')
  time.pass(0.5)
  await ben.trainingSessions.complete(sessionId ?? '', { score: 0.8, reason: texts('training.typed') })
  const { maturity, confidence } = await stage.test.admin.agents.get(agent)
  if (maturity !== 'intern') throw new Error(`${agent} is ${maturity} after its course, at ${confidence}.`)
}
