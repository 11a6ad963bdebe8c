import { GovernanceError, type ProposalCard, type ReviewedVersion } from '@preceptor/client'
import { ask } from '../ask.ts'
import { type Command, type CommandCall, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { describeCard, describeProposal } from '../proposals/describe-proposal.ts'
import { SEEN_FLAGS, statedVersion } from '../proposals/seen-version.ts'
import { usage } from '../read-flags.ts'
import { jsonObjectOf } from '../read-json-flag.ts'

const NAME = 'proposals approve'

/** `preceptor proposals approve`: by the version and hash of what was shown. */
export const proposalsApprove: Command = {
  name: NAME,
  words: ['ID'],
  summary: 'Approve a proposal as it was shown: by its card at a terminal, by --action-hash in a script',
  flags: {
    ...CONNECTION_FLAGS,
    ...SEEN_FLAGS,
    args: { value: '<json>', summary: 'run with these args instead; what was masked and stays so keeps its value' },
    reason: { value: '<text>', summary: 'why; it is kept in the journal' },
    yes: { summary: 'ask nothing; of safe and medium risk only' },
  },
  async run(call) {
    const [stated, args, reason] = [statedVersion(call), jsonObjectOf(call, 'args'), textOf(call, 'reason')]
    const { scope } = await connect(call)
    const [id = ''] = call.words
    const card = await scope.proposals.card(id)
    const { version, actionHash } = card.proposal
    const seen: ReviewedVersion = { version, actionHash, ...stated }
    if (stated.actionHash === undefined) await agree(call, card)
    const approved = await scope.proposals.approve(id, {
      ...seen,
      ...(args === undefined ? {} : { args }),
      ...(reason === undefined ? {} : { reason }),
    })
    await call.print({ text: describeProposal(approved), json: approved })
    return 0
  },
}

/** Who states no hash is shown what the hash is of, and says that this is meant. */
async function agree(call: CommandCall, card: ProposalCard): Promise<void> {
  const { action, risk } = card.proposal
  const isHigh = risk === 'high' || risk === 'critical'
  if (call.flags.yes === true && !isHigh) return
  const isAsked = call.flags.json !== true && call.host.openKeyboard !== undefined
  if (!isAsked) {
    const what = `${action} is of ${risk} risk, and nobody is there to be shown it.`
    throw usage(what, { name: NAME }, isHigh ? '--action-hash <the hash that was shown>' : '--yes, or --action-hash')
  }
  await call.host.print(describeCard(card))
  const question = { command: NAME, text: `${risk} risk.`, answer: isHigh ? action : 'yes', instead: '--action-hash' }
  if (await ask(call, question)) return
  throw new GovernanceError('CONFLICT', { message: 'Nothing was approved: it was not agreed to.' })
}
