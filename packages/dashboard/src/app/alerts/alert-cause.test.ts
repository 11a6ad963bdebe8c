import { describe, expect, it } from 'vitest'
import { causeOf } from './alert-cause.ts'

describe('the cause of an alert', () => {
  it.each([
    ['NO_EXECUTOR', 'prp_1', '/inbox/prp_1'],
    ['NO_APPROVER', 'prp_1', '/inbox/prp_1'],
    ['PROPOSAL_EXPIRING', 'prp_1', '/inbox/prp_1'],
    ['TRAINING_UNDECIDED', 'trp_1', '/training/proposals/trp_1'],
    ['DELIVERY_FAILED', 'whk_1', '/settings/notifications'],
    ['QUEUE_POISON', 'que_1', '/live'],
    ['QUEUE_EXPIRING', 'que_1', '/live'],
    ['NO_SUPERVISOR', 'default', '/live'],
    ['OUTCOME_UNKNOWN', 'prp_1', '/inbox/prp_1'],
    ['OUTCOME_UNKNOWN', 'que_1', '/live'],
    ['OUTCOME_UNKNOWN', 'exe_1', '/agents/bot'],
    ['REVIEWER_SUSPENDED', 'checker', '/settings/reviewers'],
    ['REVIEWER_DRIFT', 'checker', '/settings/reviewers'],
    ['TRAINING_BEHIND', 'completion', '/analytics/training'],
    ['BYPASS_ACTIVE', 'byp_1', '/settings/stops'],
    ['BREAKER_OPEN', 'a/../b', '/agents/a%2F..%2Fb'],
    ['AGENT_STUCK', 'bot', '/agents/bot'],
    ['AGENT_UNUSUAL', 'bot', '/agents/bot'],
    ['JOURNAL_BROKEN', 'default', '/audit'],
    ['JOURNAL_UNSEALED', 'default', '/audit'],
    ['JOURNAL_UNVERIFIED', 'default', '/audit'],
  ] as const)('of %s about %s stands at a page', (code, subjectId, path) => {
    expect(causeOf({ code, subjectId, agent: 'bot' })?.path).toBe(path)
  })

  it('of a code that is not known yet is nowhere', () => {
    for (const code of ['constructor', 'LATER']) expect(causeOf({ code, subjectId: 'x', agent: null })).toBeUndefined()
  })
})
