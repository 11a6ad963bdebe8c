import { describe, expect, it } from 'vitest'
import { verifies } from '../../verifies.ts'
import type { History, Interference } from '../history.ts'
import { check } from './check.ts'
import {
  approvedHistory,
  effect,
  goodHistory,
  proposal,
  row,
  settled,
  withJournal,
} from './made-histories.test.helper.ts'

const rulesOf = (history: History): string[] => [...new Set(check(history).violations.map(({ rule }) => rule))]

const SESSION = 'ses_1'
const interference = (change: Partial<Interference>): Interference => ({
  process: 'p2',
  workspace: 'w',
  session: SESSION,
  type: 'pause',
  step: null,
  argsHash: null,
  guidance: null,
  invokedAt: 900,
  answeredAt: 1_000,
  code: null,
  ...change,
})

/** A run that somebody watched; its tool was called at 1,990 and acted at 2,000. */
function watchedHistory(interferences: readonly Interference[] = []): History {
  return {
    ...goodHistory(),
    effects: [effect({ session: SESSION })],
    watches: [{ workspace: 'w', session: SESSION, invokedAt: 1_700, answeredAt: 1_720, isRefused: false }],
    interferences,
  }
}

function withRows(rows: Parameters<typeof withJournal>[1]): History {
  return withJournal(approvedHistory(), rows)
}

const reviewed = (actor: string, position: number) =>
  row({ kind: 'proposal.reviewed', subject: 'prp_1', position, agent: 'asker-1', body: { version: 1, actor } })

describe('the checker of what people decide on and watch', () => {
  it('finds nothing in a run that was watched, paused and resumed before it went on', () => {
    const resume = interference({ type: 'resume', invokedAt: 1_400, answeredAt: 1_450 })
    expect(check(watchedHistory([interference({}), resume]))).toEqual({ violations: [], apart: {} })
  })

  const bad: readonly { readonly what: string; readonly rule: string; readonly history: () => History }[] = [
    {
      what: 'an approval by the owner of the agent',
      rule: 'approved-by-owner',
      history: () => withRows([reviewed('user:olga', 4.5)]),
    },
    {
      what: 'an approval by fewer people than it takes',
      rule: 'approved-by-too-few',
      history: () => ({ ...approvedHistory(), proposals: [proposal({ action: 'table.drop' })] }),
    },
    {
      what: 'a decision on a version that was not shown',
      rule: 'decided-on-unseen',
      history: () => ({
        ...approvedHistory(),
        reviews: [
          {
            process: 'p1',
            at: 1,
            workspace: 'w',
            proposal: 'prp_1',
            reviewer: 'user:ana',
            verdict: 'approve',
            actionHash: 'another',
            code: null,
          },
        ],
      }),
    },
    {
      what: 'a claim of what was changed after its approval',
      rule: 'claimed-what-was-not-shown',
      history: () => ({ ...approvedHistory(), tampered: [{ proposal: 'prp_1', version: 1 }] }),
    },
    {
      what: 'a claim under an approval that is over',
      rule: 'claimed-after-expiry',
      history: () => ({ ...approvedHistory(), versions: [{ proposal: 'prp_1', version: 1, expiresAt: 1_000 }] }),
    },
    {
      what: 'an approval that outlived a change of its agent',
      rule: 'claimed-by-changed-agent',
      history: () => withRows([row({ kind: 'agent.paused', position: 7, agent: 'asker-1' })]),
    },
    {
      what: 'what happens more often than it may',
      rule: 'limit-exceeded',
      history: () => ({
        ...goodHistory(),
        effects: Array.from({ length: 5 }, (_, index) => effect({ action: 'wire.send', nonce: `n${index}` })),
      }),
    },
    {
      what: 'a run that passed a checkpoint after its claim was lost',
      rule: 'effect-of-lost-claim',
      history: () => {
        const lost = { ...settled({ kind: 'run.lost', position: 20 }), committedAt: 1_500 }
        return { ...withJournal(goodHistory(), [lost]), effects: [effect({ checkedAt: 1_900 })] }
      },
    },
    {
      what: 'a step that began while its run was paused',
      rule: 'effect-of-held-run',
      history: () => watchedHistory([interference({})]),
    },
    {
      what: 'a run that passed a checkpoint while it was paused',
      rule: 'effect-of-held-run',
      history: () => {
        const late = interference({ invokedAt: 1_900, answeredAt: 1_950 })
        return { ...watchedHistory([late]), effects: [effect({ session: SESSION, checkedAt: 1_960 })] }
      },
    },
    {
      what: 'a step that began after its run was terminated',
      rule: 'effect-of-held-run',
      history: () => watchedHistory([interference({ type: 'terminate' })]),
    },
    {
      what: 'a step that began when nobody watched',
      rule: 'effect-unwatched',
      history: () => ({ ...watchedHistory(), watches: [] }),
    },
    {
      what: 'a step that began with other args than those that it was given',
      rule: 'effect-of-other-args',
      history: () => {
        const correct = { type: 'correct', step: 'dec_1', argsHash: 'corrected' } as const
        return watchedHistory([interference(correct)])
      },
    },
    {
      what: 'what a run was told twice',
      rule: 'told-twice',
      history: () => {
        const told = { workspace: 'w', session: SESSION, guidance: 'Mind the gap.' }
        return { ...watchedHistory(), told: [told, told] }
      },
    },
    {
      what: 'what nobody was told of',
      rule: 'not-delivered',
      history: () => ({ ...approvedHistory(), deliveries: [] }),
    },
    {
      what: 'a delivery that never came',
      rule: 'not-delivered',
      history: () => ({ ...approvedHistory(), received: ['dlv_3'] }),
    },
    {
      what: 'a delivery of what never happened',
      rule: 'not-delivered',
      history: () => {
        const made = approvedHistory()
        const untrue = { id: 'dlv_9', workspace: 'w', event: 'jrn_99', state: 'delivered' }
        return { ...made, deliveries: [...made.deliveries, untrue], received: [...made.received, 'dlv_9'] }
      },
    },
    {
      what: 'two deliveries of one thing',
      rule: 'delivered-twice',
      history: () => {
        const made = approvedHistory()
        return { ...made, deliveries: [...made.deliveries, ...made.deliveries] }
      },
    },
  ]

  it.each(bad)(verifies('FAULT-1', 'finds $what'), ({ rule, history }) => {
    expect(rulesOf(history())).toContain(rule)
  })
})
