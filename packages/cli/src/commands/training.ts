import { type TrainingProposal, visibleJson } from '@preceptor/client'
import { type Command, type CommandCall, type ExitCode, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { listing } from '../table.ts'
import { PAGE_FLAGS, printPage, recordQueryOf } from './paging.ts'

const STATES: readonly TrainingProposal['state'][] = ['proposed', 'approved', 'rejected']
const AGENT = { agent: { value: '<id>', summary: 'only of this agent' } } as const

const list: Command = {
  name: 'training list',
  words: [],
  summary: 'List the courses that were proposed, newest first',
  flags: {
    ...CONNECTION_FLAGS,
    ...PAGE_FLAGS,
    ...AGENT,
    state: { value: '<state>', summary: 'only in this state', choices: STATES },
  },
  async run(call) {
    const query = recordQueryOf(call)
    const { scope } = await connect(call)
    await printPage(call, await scope.trainingProposals.list(query), {
      noun: 'training proposals',
      headings: ['PROPOSAL', 'AGENT', 'CAPABILITY', 'STATE', 'BLOCKED', 'SESSION', 'TITLE'],
      row: (one) => [
        one.id,
        one.agent,
        one.capability,
        one.state,
        String(one.repeats),
        one.sessionId ?? '-',
        one.title,
      ],
    })
    return 0
  },
}

const show: Command = {
  name: 'training show',
  words: ['ID'],
  summary: 'Show a proposed course with its plan',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const { scope } = await connect(call)
    return print(call, await scope.trainingProposals.get(call.words[0] ?? ''))
  },
}

const approve: Command = {
  name: 'training approve',
  words: ['ID'],
  summary: 'Schedule a proposed course',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const { scope } = await connect(call)
    return print(call, await scope.trainingProposals.approve(call.words[0] ?? ''))
  },
}

const reject: Command = {
  name: 'training reject',
  words: ['ID'],
  summary: 'Reject a proposed course',
  flags: {
    ...CONNECTION_FLAGS,
    reason: { value: '<text>', summary: 'why; it is kept in the journal', required: true },
  },
  async run(call) {
    const { scope } = await connect(call)
    return print(call, await scope.trainingProposals.reject(call.words[0] ?? '', textOf(call, 'reason') ?? ''))
  },
}

const sessions: Command = {
  name: 'training sessions',
  words: [],
  summary: 'List the sessions of training, newest first',
  flags: { ...CONNECTION_FLAGS, ...PAGE_FLAGS, ...AGENT },
  async run(call) {
    const query = recordQueryOf(call)
    const { scope } = await connect(call)
    await printPage(call, await scope.trainingSessions.list(query), {
      noun: 'training sessions',
      headings: ['SESSION', 'AGENT', 'CAPABILITY', 'STATE', 'CREATED'],
      row: ({ id, agent, capability, state, createdAt }) => [id, agent, capability, state, createdAt],
    })
    return 0
  },
}

/** `preceptor training …`. */
export const trainingCommands: readonly Command[] = [list, show, approve, reject, sessions]

async function print(call: CommandCall, proposal: TrainingProposal): Promise<ExitCode> {
  const { decidedBy, decidedAt, reason } = proposal
  const facts = listing([
    ['Proposal', proposal.id],
    ['Agent', proposal.agent],
    ['Course', proposal.title],
    ['Capability', `${proposal.capability}, missing: ${proposal.gaps.join(', ')}`],
    ['State', decidedBy === null ? proposal.state : `${proposal.state}, by ${decidedBy} at ${decidedAt}`],
    ...(reason === null ? [] : [['Reason', reason] as const]),
    ['Stands for', `${proposal.repeats} blocked attempts`],
    ['Session', proposal.sessionId ?? 'none'],
  ])
  await call.print({ text: `${facts}\n\nPlan\n${visibleJson(proposal.plan, 2)}`, json: proposal })
  return 0
}
