import { describe, expect, it } from 'vitest'
import { createPolicy } from '../policy/policy.ts'
import type { RuledAttempt } from '../routing/consequences.ts'
import { earnsAt } from './earns-at.ts'

interface Case {
  readonly source?: string
  readonly ruling?: object
  readonly under?: Partial<RuledAttempt>
  readonly trust?: 'capability'
}

const alone = { proposalId: null, grantId: null, sessionId: null, queueEntryId: null }
const at = ({ source = 'ai_coordinator', ruling, under, trust }: Case): string | null =>
  earnsAt({
    attempt: { actor: { source } },
    ruling: { maturity: 'autonomous', route: 'execution', shadow: null, bypass: null, ...ruling },
    action: { capability: 'refund' },
    policy: createPolicy(1, trust === undefined ? {} : { promotion: { trust } }),
    ...alone,
    ...under,
  } as unknown as RuledAttempt)

describe('where an outcome counts [MAT-4]', () => {
  it.each<[what: string, given: Case, record: string | null]>([
    ['an autonomous run', {}, '*'],
    ['an autonomous run, where capabilities are judged', { trust: 'capability' }, 'refund'],
    ['an approved proposal', { ruling: { maturity: 'intern' }, under: { proposalId: 'prp_1' } }, '*'],
    ['an approved proposal under supervision', { under: { proposalId: 'prp_1', sessionId: 'ses_1' } }, '*'],
    ['an intern on its own', { ruling: { maturity: 'intern' } }, null],
    ['an autonomous agent that is watched', { ruling: { route: 'supervision' } }, null],
    ['a grant', { under: { grantId: 'grt_1' } }, null],
    ['a session', { under: { sessionId: 'ses_1' } }, null],
    ['what a person sets off', { source: 'manual' }, null],
    ['what a person sets off and another approves', { source: 'manual', under: { proposalId: 'prp_1' } }, null],
    ['what the policy only watches', { ruling: { shadow: { route: 'proposal', code: null } } }, null],
    ['what a bypass lets through', { ruling: { bypass: { id: 'byp_1' } } }, null],
  ])('%s: %s', (_what, given, record) => {
    expect(at(given)).toBe(record)
  })
})
