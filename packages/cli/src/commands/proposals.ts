import { type Proposal, type ProposalState, REJECTION_CATEGORIES } from '@preceptor/client'
import { type Command, type CommandCall, choiceOf, type ExitCode, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { describeCard, describeProposal } from '../proposals/describe-proposal.ts'
import { SEEN_FLAGS, seenVersion } from '../proposals/seen-version.ts'
import { jsonOf } from '../read-json-flag.ts'
import { PAGE_FLAGS, printPage, recordQueryOf } from './paging.ts'
import { proposalsApprove } from './proposals-approve.ts'
import { proposalsWatch } from './proposals-watch.ts'

const STATES: readonly ProposalState[] = [
  'pending',
  'approved',
  'executing',
  'succeeded',
  'failed',
  'outcome_unknown',
  'rejected',
  'responded',
  'expired',
  'cancelled',
]
const REASON = { value: '<text>', summary: 'why; it is kept in the journal' } as const

const list: Command = {
  name: 'proposals list',
  words: [],
  summary: 'List the proposals, newest first',
  flags: {
    ...CONNECTION_FLAGS,
    ...PAGE_FLAGS,
    agent: { value: '<id>', summary: 'only of this agent' },
    state: { value: '<state>', summary: 'only in this state', choices: STATES },
  },
  async run(call) {
    const query = recordQueryOf(call)
    const { scope } = await connect(call)
    await printPage(call, await scope.proposals.list(query), {
      noun: 'proposals',
      headings: ['PROPOSAL', 'AGENT', 'ACTION', 'RISK', 'STATE', 'APPROVALS', 'EXPIRES'],
      row: (one) => [
        one.id,
        one.agent,
        one.action,
        one.risk,
        one.state,
        `${approvalsOf(one)} of ${one.requiredApprovals}`,
        one.expiresAt,
      ],
    })
    return 0
  },
}

const show: Command = {
  name: 'proposals show',
  words: ['ID'],
  summary: 'Show everything that a person needs to decide on a proposal, with all of its args',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const { scope } = await connect(call)
    const card = await scope.proposals.card(call.words[0] ?? '')
    await call.print({ text: describeCard(card), json: card })
    return 0
  },
}

const reject: Command = {
  name: 'proposals reject',
  words: ['ID'],
  summary: 'Reject a proposal for good',
  flags: {
    ...CONNECTION_FLAGS,
    ...SEEN_FLAGS,
    category: { value: '<category>', summary: 'what was wrong', required: true, choices: REJECTION_CATEGORIES },
    reason: { ...REASON, required: true },
  },
  async run(call) {
    const category = choiceOf(call, 'category', REJECTION_CATEGORIES) ?? 'other'
    const { scope } = await connect(call)
    const [id = ''] = call.words
    const seen = await seenVersion(call, scope, id)
    return print(call, await scope.proposals.reject(id, { ...seen, category, reason: textOf(call, 'reason') ?? '' }))
  },
}

const respond: Command = {
  name: 'proposals respond',
  words: ['ID'],
  summary: 'Answer in the place of the action, which then never runs',
  flags: {
    ...CONNECTION_FLAGS,
    ...SEEN_FLAGS,
    response: { value: '<json>', summary: 'what the agent gets as the value of the action', required: true },
    reason: REASON,
  },
  async run(call) {
    const response = jsonOf(call, 'response') ?? null
    const reason = textOf(call, 'reason')
    const { scope } = await connect(call)
    const [id = ''] = call.words
    const seen = await seenVersion(call, scope, id)
    return print(call, await scope.proposals.respond(id, { ...seen, response, ...(reason && { reason }) }))
  },
}

const cancel: Command = {
  name: 'proposals cancel',
  words: ['ID'],
  summary: 'Take back what has not begun to run',
  flags: { ...CONNECTION_FLAGS, reason: { ...REASON, required: true } },
  async run(call) {
    const { scope } = await connect(call)
    return print(call, await scope.proposals.cancel(call.words[0] ?? '', textOf(call, 'reason') ?? ''))
  },
}

/** `preceptor proposals …`. */
export const proposalCommands: readonly Command[] = [
  list,
  show,
  proposalsApprove,
  reject,
  respond,
  cancel,
  proposalsWatch,
]

async function print(call: CommandCall, proposal: Proposal): Promise<ExitCode> {
  await call.print({ text: describeProposal(proposal), json: proposal })
  return 0
}

function approvalsOf({ reviews, version }: Proposal): number {
  return reviews.filter((review) => review.version === version && /^(approve|edit)$/.test(review.verdict)).length
}
