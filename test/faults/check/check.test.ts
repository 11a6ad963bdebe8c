import { describe, expect, it } from 'vitest'
import { verifies } from '../../verifies.ts'
import type { History } from '../history.ts'
import { check } from './check.ts'
import {
  agent,
  answer,
  approvedHistory,
  control,
  decided,
  effect,
  end,
  execution,
  goodHistory,
  proposal,
  row,
  settled,
  verification,
  withJournal,
} from './made-histories.test.helper.ts'

const rulesOf = (history: History): string[] => [...new Set(check(history).violations.map(({ rule }) => rule))]

describe('the checker of the fault run', () => {
  it('finds nothing in a history without faults', () => {
    expect(check(goodHistory())).toEqual({ violations: [], apart: {} })
    expect(check(approvedHistory())).toEqual({ violations: [], apart: {} })
  })

  const bad: readonly { readonly what: string; readonly rule: string; readonly history: () => History }[] = [
    {
      what: 'a double effect of one key',
      rule: 'effect-twice',
      history: () => {
        const good = withJournal(goodHistory(), [decided({ id: 'dec_2', position: 20 })])
        return { ...good, effects: [...good.effects, effect({ nonce: 'n2', decision: 'dec_2', at: 5_000 })] }
      },
    },
    {
      what: 'a decision that led to two effects, also where a repetition does no harm',
      rule: 'decision-used-twice',
      history: () => {
        const good = goodHistory()
        return { ...good, effects: [...good.effects, effect({ nonce: 'n2' })] }
      },
    },
    {
      what: 'an effect without a decision',
      rule: 'effect-without-decision',
      history: () => withoutRows(goodHistory(), (kind) => kind === 'decision.made'),
    },
    {
      what: 'an effect that came before its decision was on record',
      rule: 'effect-before-decision',
      history: () => ({ ...goodHistory(), effects: [effect({ committed: false })] }),
    },
    {
      what: 'an effect with other args than those decided on',
      rule: 'effect-of-other-args',
      history: () => ({ ...goodHistory(), effects: [effect({ argsHash: 'other' })] }),
    },
    {
      what: 'an effect without an execution',
      rule: 'effect-without-execution',
      history: () => ({ ...goodHistory(), executions: [] }),
    },
    {
      what: 'a success that had no effect',
      rule: 'success-without-effect',
      history: () => ({ ...goodHistory(), effects: [] }),
    },
    {
      what: 'an effect after a stop',
      rule: 'effect-of-halted',
      history: () => {
        const stop = control({ kind: 'set-stop', stop: 'stp_1', agent: 'worker', invokedAt: 100, answeredAt: 120 })
        return { ...goodHistory(), controls: [stop] }
      },
    },
    {
      what: 'an effect after a pause that a check did not see',
      rule: 'effect-of-halted',
      history: () => ({
        ...goodHistory(),
        effects: [effect({ invokedAt: 1_050, ranAt: 1_900, at: 1_950 })],
        controls: [control({ kind: 'pause', invokedAt: 80, answeredAt: 100 })],
      }),
    },
    {
      what: 'an effect by more trust than a demotion left',
      rule: 'effect-of-halted',
      history: () => ({
        ...goodHistory(),
        controls: [control({ kind: 'demote', maturity: 'student', invokedAt: 100, answeredAt: 120 })],
      }),
    },
    {
      what: 'a decision that did not know of a stop',
      rule: 'decided-under-stop',
      history: () => {
        const stop = row({ id: 'j0', kind: 'stop.set', subject: 'stp_1', agent: null, position: 2 })
        const records = [{ table: 'stops', workspace: 'w', id: 'stp_1', state: 'set' }]
        return { ...withJournal(goodHistory(), [stop]), records }
      },
    },
    {
      what: 'a decision by a maturity that had changed',
      rule: 'decided-by-old-facts',
      history: () => {
        const demotion = row({ kind: 'agent.demoted', subject: 'mtr_1', position: 2, body: { to: 'student' } })
        const records = [{ table: 'maturity_transitions', workspace: 'w', id: 'mtr_1', state: 'student' }]
        const agents = [agent({ maturity: 'student', epoch: 2 })]
        return { ...withJournal(goodHistory(), [demotion]), records, agents }
      },
    },
    {
      what: 'a route for an agent that was paused',
      rule: 'halted-agent-decided',
      history: () => {
        const pause = row({ kind: 'agent.paused', subject: 'worker', position: 2 })
        return { ...withJournal(goodHistory(), [pause]), agents: [agent({ lifecycle: 'paused', epoch: 2 })] }
      },
    },
    {
      what: 'an agent that changed without a journal row',
      rule: 'agent-differs-from-journal',
      history: () => ({ ...goodHistory(), agents: [agent({ lifecycle: 'stopped', epoch: 2 })] }),
    },
    {
      what: 'a confidence that is not the sum of its ledger',
      rule: 'ledger-differs',
      history: () => ({ ...goodHistory(), agents: [agent({ ledger: 8_999 })] }),
    },
    {
      what: 'a missing journal row of a settled execution',
      rule: 'record-without-row',
      history: () => withoutRows(goodHistory(), (kind) => kind === 'run.completed'),
    },
    {
      what: 'a missing journal row of a record',
      rule: 'record-without-row',
      history: () => ({
        ...goodHistory(),
        records: [{ table: 'proposals', workspace: 'w', id: 'prp_1', state: 'pending' }],
      }),
    },
    {
      what: 'a journal row of a change that did not happen',
      rule: 'row-without-record',
      history: () => withJournal(goodHistory(), [row({ kind: 'proposal.created', subject: 'prp_1', position: 20 })]),
    },
    {
      what: 'an outcome that was written under a claim that was lost',
      rule: 'stale-claim-settled',
      history: () => {
        const rows = [settled({ fence: 1 }), decided({ id: 'dec_2', position: 11, action: 'record.put' })]
        const good = withJournal(
          withoutRows(goodHistory(), (kind) => kind === 'run.completed'),
          rows,
        )
        const again = { idempotent: true, action: 'record.put', decision: 'dec_2', attempt: 2, fence: 2 }
        return { ...good, executions: [execution(again)] }
      },
    },
    {
      what: 'an execution that stays claimed',
      rule: 'still-claimed',
      history: () => ({
        ...withoutRows(goodHistory(), (kind) => kind === 'run.completed'),
        executions: [execution({ state: 'claimed', nonce: null })],
      }),
    },
    {
      what: 'an unknown outcome that ran again',
      rule: 'unknown-ran-again',
      history: () => {
        const rows = [settled({ kind: 'run.lost', position: 15 }), decided({ id: 'dec_2', position: 20 })]
        const lost = withJournal(
          withoutRows(goodHistory(), (kind) => kind === 'run.completed'),
          rows,
        )
        return { ...lost, executions: [execution({ state: 'outcome_unknown', fence: 2, nonce: null })] }
      },
    },
    {
      what: 'an effect of an agent that must ask, without an approval',
      rule: 'effect-without-approval',
      history: () => ({
        ...approvedHistory(),
        journal: withoutRows(approvedHistory(), (kind) => kind === 'permit.redeemed').journal,
      }),
    },
    {
      what: 'an effect whose approval came after its claim',
      rule: 'effect-without-approval',
      history: () => {
        const approved = withoutRows(approvedHistory(), (kind) => kind === 'proposal.approved')
        return withJournal(approved, [
          row({ kind: 'proposal.approved', subject: 'prp_1', position: 30, body: { version: 1 } }),
        ])
      },
    },
    {
      what: 'an effect with fewer approvals than it needed',
      rule: 'effect-without-approval',
      history: () => {
        const some = withoutRows(approvedHistory(), (kind) => kind === 'proposal.reviewed')
        const body = { version: 1, actor: 'user:ana', requiredApprovals: 2 }
        return withJournal(some, [row({ kind: 'proposal.reviewed', subject: 'prp_1', position: 4, body })])
      },
    },
    {
      what: 'an approval that ran twice',
      rule: 'approved-twice-run',
      history: () => {
        const good = approvedHistory()
        return { ...good, effects: [...good.effects, { ...good.effects[0], nonce: 'n2' } as (typeof good.effects)[0]] }
      },
    },
    {
      what: 'a proposal that reaches no end',
      rule: 'proposal-without-end',
      history: () => ({ ...approvedHistory(), proposals: [proposal({ state: 'approved' })] }),
    },
    {
      what: 'a decision of a person that is not kept',
      rule: 'review-not-kept',
      history: () => {
        const review = {
          process: 'p1',
          at: 1,
          workspace: 'w',
          proposal: 'prp_2',
          reviewer: 'user:ana',
          verdict: 'approve',
          actionHash: 'hash',
          code: null,
        } as const
        return { ...approvedHistory(), reviews: [review] }
      },
    },
    {
      what: 'an answer that is not kept',
      rule: 'answer-not-kept',
      history: () => ({ ...goodHistory(), answers: [answer({ decision: 'dec_9' })] }),
    },
    {
      what: 'a replayed outcome that is not the recorded one',
      rule: 'answer-not-kept',
      history: () => ({ ...goodHistory(), answers: [answer({ status: 'replayed', nonce: 'n9' })] }),
    },
    {
      what: 'a request whose work was done twice',
      rule: 'request-twice',
      history: () => {
        const work = { workspace: 'w', key: 'k', process: 'p1', at: 1_000 }
        return { ...goodHistory(), works: ['n1', 'n2'].map((nonce) => ({ ...work, nonce })) }
      },
    },
    {
      what: 'a request with two different answers',
      rule: 'request-answered-otherwise',
      history: () => ({
        ...goodHistory(),
        works: [{ workspace: 'w', key: 'k', process: 'p1', at: 1_000, nonce: 'n1' }],
        onceAnswers: [{ workspace: 'w', key: 'k', process: 'p2', at: 1_100, nonce: 'n2', code: null }],
      }),
    },
    {
      what: 'a journal that does not verify',
      rule: 'journal-broken',
      history: () => ({ ...goodHistory(), verifications: [verification(false)] }),
    },
    {
      what: 'a gap in the numbers of a journal',
      rule: 'sequence-gap',
      history: () => withoutRows(goodHistory(), (kind) => kind === 'agent.registered', false),
    },
    {
      what: 'a process that ended by itself',
      rule: 'process-died',
      history: () => ({ ...goodHistory(), ends: [end({ how: 'died' })] }),
    },
  ]

  it.each(bad)(verifies('FAULT-1', 'finds $what'), ({ rule, history }) => {
    expect(rulesOf(history())).toContain(rule)
  })

  it('counts a call past its last check apart when its process stood still', () => {
    const history: History = {
      ...goodHistory(),
      effects: [effect({ invokedAt: 1_050, ranAt: 1_900, at: 1_950 })],
      controls: [control({ kind: 'pause', invokedAt: 80, answeredAt: 100 })],
      disturbances: [{ process: 'p1', kind: 'freeze', from: 1_060, to: 1_890 }],
    }
    expect(check(history)).toEqual({ violations: [], apart: { 'effects of calls past their last check': 1 } })
  })

  it('lets a stop end with its lift, and with a lift that nobody answered', () => {
    const stop = control({ kind: 'set-stop', stop: 'stp_1', agent: 'worker', invokedAt: 100, answeredAt: 120 })
    const lift = control({ kind: 'lift-stop', stop: 'stp_1', agent: 'worker', invokedAt: 1_200, answeredAt: null })
    expect(rulesOf({ ...goodHistory(), controls: [stop, lift] })).toEqual([])
  })

  it('allows the row of a safe run of an autonomous agent to die with its process, and with nothing else', () => {
    const safe = effect({ action: 'order.read', key: 'dec_1', keyed: false, committed: null })
    const lost = { ...withoutRows(goodHistory(), (kind) => kind !== 'agent.registered'), executions: [], answers: [] }
    const soon = [end({ how: 'killed', at: safe.at + 8 })]
    const late = [end({ how: 'killed', at: safe.at + 2_000 })]
    const closed = [end({ how: 'closed', at: safe.at + 8 })]
    expect(check({ ...lost, effects: [safe], ends: soon })).toEqual({
      violations: [],
      apart: { 'safe runs lost with their process': 1 },
    })
    for (const ends of [late, closed, []]) {
      expect(rulesOf({ ...lost, effects: [safe], ends })).toEqual(['effect-without-decision'])
    }
    expect(rulesOf({ ...lost, effects: [effect({})], ends: soon })).toContain('effect-without-decision')
  })

  it('lets an idempotent action run again after it failed', () => {
    const again = decided({ id: 'dec_2', position: 20, action: 'record.put' })
    const first = decided({ action: 'record.put' })
    const rows = [
      first,
      settled({ kind: 'run.failed', position: 15 }),
      again,
      settled({ position: 25, fence: 2, decisionId: 'dec_2' }),
    ]
    const good = withJournal(
      withoutRows(goodHistory(), (kind) => kind !== 'agent.registered'),
      rows,
    )
    const history: History = {
      ...good,
      effects: [
        effect({ action: 'record.put' }),
        effect({ action: 'record.put', decision: 'dec_2', nonce: 'n2', at: 5_000 }),
      ],
      executions: [
        execution({ action: 'record.put', idempotent: true, decision: 'dec_2', nonce: 'n2', fence: 2, attempt: 2 }),
      ],
      answers: [],
    }
    expect(check(history).violations).toEqual([])
  })
})

/** Takes rows away; the rest is numbered anew unless a gap is wanted. */
function withoutRows(history: History, taken: (kind: string) => boolean, isNumbered = true): History {
  const kept = history.journal.filter(({ kind }) => !taken(kind))
  return isNumbered ? withJournal({ ...history, journal: kept }, []) : { ...history, journal: kept }
}
