import type { Proposal, Trigger } from '@preceptor/client'
import { shown } from '../stage.ts'
import { ended, type Maker, noteArgs, refundArgs } from './maker.ts'

const HOUR = 3_600_000

/** Ids of proposals. */
export interface ProposalIds {
  /** Of high risk, with everything that reviewers may leave on it. */
  readonly refund: string
  readonly critical: string
  /** With blocks of every kind. */
  readonly mail: string
  /** With an argument of many characters. */
  readonly long: string
  readonly rejected: string
  readonly responded: string
  readonly failed: string
  readonly edited: string
  readonly cancelled: string
  /** Which are alike. */
  readonly alike: readonly string[]
}

/** Puts proposals in, of each risk and in each state. */
export async function makeProposals(maker: Maker): Promise<ProposalIds> {
  const { stage, texts, ana, ben } = maker
  const said = { [texts('context.key')]: texts('context.value'), thought: texts('context.thought') }
  const ask = (extra: Partial<Trigger>): Promise<Proposal> =>
    stage.ask({ context: said, resource: texts('resource'), ...extra })
  const settled = await makeSettled(maker, ask)
  const alike: string[] = []
  for (let index = 0; index < 4; index += 1) {
    const { id } = await stage.ask({ agent: 'support-bot', action: 'note.write', args: noteArgs(texts, index) })
    alike.push(id)
  }
  const mail = await ask({ action: 'mail.send', args: { body: texts('preview.text'), token: 'very-secret' } })
  const long = await ask({
    agent: 'support-bot',
    action: 'report.write',
    args: { [texts('args.key')]: texts('args.value'), text: texts('args.long') },
  })
  const critical = await ask({ action: 'ledger.close', args: { month: 'October', note: texts('args.note') } })
  await ana.proposals.approve(critical.id, { ...shown(critical), reason: texts('proposal.approved') })
  await stage.ask({ args: refundArgs(texts, 3) })
  const refund = await ask({ args: refundArgs(texts, 1) })
  await attend(maker, refund)
  await ben.proposals.advise(long.id)
  await ben.proposals.review(mail.id).catch(() => undefined)
  return { refund: refund.id, critical: critical.id, mail: mail.id, long: long.id, alike, ...settled }
}

/** What reviewers leave on a proposal that waits. */
async function attend({ texts, ana, ben }: Maker, { id, version, actionHash }: Proposal): Promise<void> {
  await ben.proposals.card(id)
  await ben.proposals.acknowledge(id)
  await ben.proposals.assign(id, 'ana')
  await ben.proposals.comment(id, texts('proposal.comment', 0))
  await ana.proposals.comment(id, texts('proposal.comment', 1))
  await ben.proposals.extend(id, { version, actionHash, until: new Date(Date.now() + 26 * HOUR).toISOString() })
  await ben.proposals.advise(id)
}

type Settled = Pick<ProposalIds, 'rejected' | 'responded' | 'failed' | 'edited' | 'cancelled'>

async function makeSettled(maker: Maker, ask: (extra: Partial<Trigger>) => Promise<Proposal>): Promise<Settled> {
  const { texts, ana, ben } = maker
  const note = (index: number): Partial<Trigger> => ({ action: 'note.write', args: noteArgs(texts, index) })
  const edited = await ask(note(0))
  const args = { ...noteArgs(texts, 0), text: texts('args.edited') }
  await ana.proposals.approve(edited.id, { ...shown(edited), args, reason: texts('proposal.approved') })
  await ended(maker, edited)
  const rejected = await ask({ args: refundArgs(texts, 2) })
  const category = 'wrong_args' as const
  await ben.proposals.reject(rejected.id, { ...shown(rejected), category, reason: texts('proposal.rejected') })
  const responded = await ask(note(1))
  const response = { [texts('args.key')]: texts('proposal.response') }
  await ana.proposals.respond(responded.id, { ...shown(responded), response, reason: texts('proposal.response') })
  const cancelled = await ask(note(2))
  await ana.proposals.cancel(cancelled.id, texts('proposal.cancelled'))
  const failed = await ask({ agent: 'support-bot', action: 'report.write', args: { fails: true } })
  await ana.proposals.approve(failed.id, { ...shown(failed), reason: texts('proposal.approved') })
  await ended(maker, failed)
  return {
    rejected: rejected.id,
    responded: responded.id,
    failed: failed.id,
    edited: edited.id,
    cancelled: cancelled.id,
  }
}
