import { describe, expect, it } from 'vitest'
import { parseAssessment, parseDecision } from './parse-decision.ts'

const attempt = { agent: 'bot', action: 'refund.create' }
const facts = { id: 'dec_1', ...attempt, route: 'execution', reason: 'It may run.', warnings: [], code: null }

describe('a decision that names a grant', () => {
  it('is read with it', () => {
    const grant = { id: 'grt_1', usesLeft: 0 }
    expect(parseDecision({ ...facts, grant }, attempt)).toMatchObject({ grant })
    expect(parseAssessment({ ...facts, grant }, attempt)).toMatchObject({ grant })
  })

  it.each([null, 'grt_1', {}, { id: 'grt_1' }, { id: 1, usesLeft: 0 }, { id: 'grt_1', usesLeft: '0' }])(
    'is none with %j: nothing runs by it [GRANT-3]',
    (grant) => {
      const invalid = expect.objectContaining({ code: 'GOVERNOR_ANSWER_INVALID' })
      expect(() => parseDecision({ ...facts, grant }, attempt)).toThrow(invalid)
      expect(() => parseAssessment({ ...facts, grant }, attempt)).toThrow(invalid)
    },
  )

  it('is none where the attempt waits all the same', () => {
    const waiting = { ...facts, route: 'denied', code: 'STOPPED', grant: { id: 'grt_1', usesLeft: 0 } }
    expect(() => parseDecision(waiting, attempt)).toThrow(expect.objectContaining({ code: 'GOVERNOR_ANSWER_INVALID' }))
  })
})
