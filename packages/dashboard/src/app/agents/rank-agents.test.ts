import type { Agent } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAgentSearch, readAgentsSearch } from './agents-search.ts'
import { attentionOf, matching, openByAgent, sortAgents } from './rank-agents.ts'

const agent = (id: string, more: Partial<Agent> = {}): Agent => ({
  id,
  displayName: id,
  category: null,
  specialty: null,
  ownerId: 'system',
  lifecycle: 'active',
  maturity: 'intern',
  confidence: 5_000,
  epoch: 0,
  capabilities: [],
  fingerprint: {},
  fingerprintCapped: false,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  ...more,
})

const NONE = { proposals: [], training: [], sessions: [], alerts: [] }

describe('the list of agents', () => {
  it('puts first what needs somebody', () => {
    const agents = [
      agent('calm'),
      agent('gone', { lifecycle: 'retired' }),
      agent('asks'),
      agent('asks-more'),
      agent('alarmed'),
      agent('changed', { fingerprintCapped: true }),
      agent('paused', { lifecycle: 'paused' }),
      agent('stopped', { lifecycle: 'stopped' }),
    ]
    const open = openByAgent({
      ...NONE,
      proposals: [{ agent: 'asks' }, { agent: 'asks-more' }],
      training: [{ agent: 'asks-more' }, { agent: 'gone' }],
      alerts: [
        { agent: 'alarmed', code: 'BREAKER_OPEN' },
        { agent: null, code: 'DELIVERY_FAILED' },
      ],
    })
    const order = sortAgents(agents, { open, sort: undefined }).map(({ id }) => id)
    expect(order).toEqual(['stopped', 'paused', 'changed', 'alarmed', 'asks-more', 'asks', 'gone', 'calm'])
    expect(attentionOf(agent('x'))).toBe('none')
  })

  it('finds by every word, in whatever a person would look for', () => {
    const agents = [agent('refund-bot', { ownerId: 'lee' }), agent('mail-bot', { category: 'Support' })]
    expect(matching(agents, 'BOT lee')).toHaveLength(1)
    expect(matching(agents, 'support')).toEqual([agents[1]])
    expect(matching(agents, '  ')).toBe(agents)
    expect(matching(agents, 'nobody')).toEqual([])
  })

  it('keeps every agent once in every order', () => {
    const some = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 })
    const sort = fc.constantFrom(undefined, 'name', 'confidence', 'recent' as const)
    fc.assert(
      fc.property(some, sort, (ids, wanted) => {
        const agents = ids.map((id) => agent(id))
        const options = { open: openByAgent(NONE), sort: wanted as undefined }
        const order = sortAgents(agents, options)
        expect(new Set(order)).toEqual(new Set(agents))
        expect(sortAgents([...agents].reverse(), options).map(({ id }) => id)).toEqual(order.map(({ id }) => id))
      }),
    )
  })
})

describe('the addresses of agents', () => {
  it('leave out what they cannot mean', () => {
    expect(readAgentsSearch({ maturity: 'boss', lifecycle: 1, q: '  ', order: '<' })).toEqual({})
    expect(readAgentsSearch({ maturity: 'intern', lifecycle: 'paused', q: 'a b', order: 'name' })).toEqual({
      maturity: 'intern',
      lifecycle: 'paused',
      q: 'a b',
      order: 'name',
    })
    expect(readAgentSearch({ range: '30', at: 'refund' })).toEqual({ range: 30, at: 'refund' })
    expect(readAgentSearch({ range: 90, at: 5 })).toEqual({})
  })
})
