import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capabilityGaps, GAP_MAPS } from './gaps.ts'

describe('capability gaps', () => {
  it('pins the maps of the product [TRAIN-1]', () => {
    expect(GAP_MAPS).toEqual({
      types: {
        agent_message: ['task_execution', 'context_understanding', 'response_generation'],
        workflow_trigger: ['workflow_automation', 'decision_making', 'task_coordination'],
        form_submit: ['data_validation', 'form_processing', 'state_management'],
        canvas_update: ['data_visualization', 'presentation', 'chart_generation'],
      },
      categories: {
        Finance: ['financial_analysis', 'reconciliation', 'reporting'],
        Sales: ['lead_management', 'crm_operations', 'sales_process'],
        Operations: ['process_automation', 'inventory_management', 'logistics'],
        HR: ['policy_knowledge', 'onboarding', 'employee_data'],
        Support: ['ticket_resolution', 'customer_communication', 'escalation_handling'],
      },
    })
  })

  it('lists the own capability, then those of the type, then those of the category [TRAIN-1]', () => {
    const question = { type: 'form_submit', category: 'Finance', capability: 'refund', has: [] }
    expect(capabilityGaps(question)).toEqual([
      'refund',
      'data_validation',
      'form_processing',
      'state_management',
      'financial_analysis',
      'reconciliation',
    ])
    expect(capabilityGaps({ ...question, type: null })).toEqual([
      'refund',
      'financial_analysis',
      'reconciliation',
      'reporting',
    ])
    expect(capabilityGaps({ ...question, type: null, category: null })).toEqual(['refund'])
  })

  it('leaves out what the agent has, but never the capability that it was blocked for [TRAIN-1]', () => {
    const has = ['refund', 'form_processing', 'financial_analysis']
    expect(capabilityGaps({ type: 'form_submit', category: 'finance', capability: 'refund', has })).toEqual([
      'refund',
      'data_validation',
      'state_management',
      'reconciliation',
      'reporting',
    ])
  })

  it('names a capability once, also when it is the own one [TRAIN-1]', () => {
    const question = { type: 'form_submit', category: 'FINANCE', capability: 'reconciliation', has: [] }
    expect(capabilityGaps(question)).toEqual([
      'reconciliation',
      'data_validation',
      'form_processing',
      'state_management',
      'financial_analysis',
      'reporting',
    ])
  })

  it('knows nothing of types and categories that are not registered', () => {
    for (const name of ['approval_request', 'unknown', 'constructor', '__proto__', 'toString', '']) {
      expect(capabilityGaps({ type: name, category: name, capability: 'refund', has: [] })).toEqual(['refund'])
    }
  })

  it('takes further types and categories', () => {
    const maps = {
      types: { ...GAP_MAPS.types, webhook: ['payload_validation'] },
      categories: { ...GAP_MAPS.categories, Legal: ['contract_review'] },
    }
    expect(capabilityGaps({ type: 'webhook', category: 'legal', capability: 'sign', has: [], maps })).toEqual([
      'sign',
      'payload_validation',
      'contract_review',
    ])
  })

  it('gives 1 to 6, each once, the own one first, for any question [TRAIN-1]', () => {
    const names = [...Object.values(GAP_MAPS.types), ...Object.values(GAP_MAPS.categories)].flat()
    const name = fc.oneof(fc.constantFrom(...names), fc.string())
    const key = fc.option(
      fc.oneof(fc.constantFrom(...Object.keys(GAP_MAPS.types), ...Object.keys(GAP_MAPS.categories)), fc.string()),
    )
    fc.assert(
      fc.property(key, key, name, fc.array(name, { maxLength: 8 }), (type, category, capability, has) => {
        const gaps = capabilityGaps({ type, category, capability, has })
        expect(gaps[0]).toBe(capability)
        expect(new Set(gaps).size).toBe(gaps.length)
        expect(gaps.length).toBeLessThanOrEqual(6)
        for (const gap of gaps.slice(1)) expect(has).not.toContain(gap)
      }),
    )
  })
})
