import type { BlockedTrigger, CataloguedAction, ConfidenceEntry, MaturityTransition } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { capabilityRows } from './capability-rows.ts'
import { rankOf } from './journey-model.ts'

const action = (name: string, capability: string, ceiling: CataloguedAction['ceiling'] = 'autonomous') =>
  ({ name, capability, ceiling }) as CataloguedAction
const blocked = (name: string) => ({ action: name }) as BlockedTrigger
const entry = (capability: string) => ({ capability }) as ConfidenceEntry

const EMPTY = { actions: [], learnt: [], blocked: [], ledger: [], transitions: [], rankOf }

describe('the capabilities of an agent', () => {
  it('are those registered, learnt, counted and blocked, blocked ones first', () => {
    const rows = capabilityRows({
      ...EMPTY,
      actions: [
        action('refund.create', 'refund', 'supervised'),
        action('refund.read', 'refund', 'intern'),
        action('mail.send', 'letters'),
      ],
      learnt: ['reconciliation'],
      blocked: [blocked('mail.send'), blocked('mail.send'), blocked('unknown.do')],
      ledger: [entry('*'), entry('refund')],
      transitions: [{ capability: 'refund', to: 'intern' } as MaturityTransition],
    })
    expect(rows.map(({ capability, blocked: count }) => [capability, count])).toEqual([
      ['letters', 2],
      ['unknown', 1],
      ['reconciliation', 0],
      ['refund', 0],
    ])
    const refund = rows.find(({ capability }) => capability === 'refund')
    expect(refund).toMatchObject({
      ceiling: 'supervised',
      maturity: 'intern',
      actions: ['refund.create', 'refund.read'],
    })
    expect(rows[0]).toMatchObject({ maturity: null, learnt: false })
    expect(rows[2]).toMatchObject({ learnt: true, ceiling: null })
  })

  it('are none where nothing is known', () => {
    expect(capabilityRows(EMPTY)).toEqual([])
  })
})
