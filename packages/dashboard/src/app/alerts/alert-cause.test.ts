import { describe, expect, it } from 'vitest'
import { causeOf, severityOf } from './alert-cause.ts'

describe('the cause of an alert', () => {
  it.each([
    ['NO_EXECUTOR', 'prp_1', '/inbox/prp_1', 'warning'],
    ['NO_APPROVER', 'prp_1', '/inbox/prp_1', 'warning'],
    ['DELIVERY_FAILED', 'whk_1', '/settings/notifications', 'warning'],
    ['QUEUE_POISON', 'que_1', '/live', 'serious'],
    ['REVIEWER_SUSPENDED', 'checker', '/settings/reviewers', 'serious'],
    ['BYPASS_ACTIVE', 'byp_1', '/settings/stops', 'notice'],
    ['BREAKER_OPEN', 'a/../b', '/agents/a%2F..%2Fb', 'serious'],
  ] as const)('of %s stands at a page', (code, subjectId, path, severity) => {
    expect(causeOf({ code, subjectId })?.path).toBe(path)
    expect(severityOf(code)).toBe(severity)
  })

  it('of a code that is not known yet is nowhere, and taken seriously', () => {
    expect(severityOf('constructor.x')).toBe('serious')
  })
})
