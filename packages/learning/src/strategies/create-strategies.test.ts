import { describe, expect, it } from 'vitest'
import { createTemplates } from '../templates/create-templates.ts'
import { createStrategies } from './create-strategies.ts'
import type { Strategy } from './strategy.ts'

const generic = createStrategies().strategyFor('generic')
const poet: Strategy = { ...generic, agentType: 'poet' }

describe('strategies', () => {
  it('are there for each type of agent, each with criteria, a template, guidance and checks of its own', () => {
    const strategies = createStrategies()
    const special = strategies.agentTypes.filter((type) => type !== 'generic')
    expect(special).toEqual([
      ...['engineer', 'documentation', 'qa', 'research', 'ops'],
      ...['security', 'ticketing', 'version_control', 'data_engineer'],
    ])
    const templates = createTemplates()
    const shared = new Set(generic.checks.map(({ name }) => name))
    for (const type of special) {
      const { agentType, criteria, prompt, checks } = strategies.strategyFor(type)
      expect(agentType).toBe(type)
      expect(criteria.length, type).toBeGreaterThanOrEqual(3)
      expect(templates.variablesOf(prompt.template), type).toEqual(['guidance'])
      expect(checks.filter(({ name }) => !shared.has(name)).length, type).toBeGreaterThanOrEqual(1)
    }
    const guidance = special.map((type) => strategies.strategyFor(type).prompt.guidance.join())
    expect(new Set(guidance).size).toBe(special.length)
  })

  it('fall back to generic', () => {
    const { strategyFor } = createStrategies()
    for (const type of ['poet', '', 'constructor', '__proto__']) expect(strategyFor(type)).toBe(generic)
  })

  it('can be registered, and replace a built-in one', () => {
    const engineer: Strategy = { ...generic, agentType: 'engineer' }
    const fallback: Strategy = { ...generic, checks: [] }
    const { agentTypes, strategyFor } = createStrategies({ own: [poet, engineer, fallback] })
    expect(agentTypes).toHaveLength(11)
    expect(strategyFor('poet')).toBe(poet)
    expect(strategyFor('engineer')).toBe(engineer)
    expect(strategyFor('anybody')).toBe(fallback)
  })

  it.each<[string, readonly Strategy[]]>([
    ['twice', [poet, poet]],
    ['without a name', [{ ...poet, agentType: '' }]],
    ['with a weight of 0', [{ ...poet, criteria: [{ name: 'rhyme', weight: 0, description: 'It rhymes.' }] }]],
    ['with a name that is no key', [{ ...poet, criteria: [{ name: 'a b', weight: 1, description: 'It rhymes.' }] }]],
    ['with a check twice', [{ ...poet, checks: [...generic.checks, ...generic.checks] }]],
  ])('are refused %s', (_, own) => {
    expect(() => createStrategies({ own })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  })
})
