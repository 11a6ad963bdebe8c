import { describe, expect, it } from 'vitest'
import { agentAt } from './agent-at.ts'

const promotion = { policy: 'earned', onePerson: false } as const
const agent = {
  id: 'bot',
  maturity: 'supervised' as const,
  confidence: 7_400,
  earned: new Map([['refund', { maturity: 'autonomous' as const, confidence: 9_100 }]]),
}

describe('an agent at a capability', () => {
  it('counts as a whole where the policy judges agents [MAT-13]', () => {
    expect(agentAt(agent, { ...promotion, trust: 'agent' }, 'refund')).toBe(agent)
  })

  it('counts as what it has earned there, and nothing else of it changes [MAT-13]', () => {
    const there = agentAt(agent, { ...promotion, trust: 'capability' }, 'refund')
    expect(there).toEqual({ ...agent, maturity: 'autonomous', confidence: 9_100 })
  })

  it('is a new student where it has never acted [MAT-13]', () => {
    const there = agentAt(agent, { ...promotion, trust: 'capability' }, 'mail')
    expect(there).toEqual({ ...agent, maturity: 'student', confidence: 3_000 })
  })
})
