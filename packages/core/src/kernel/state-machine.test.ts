import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineStateMachine } from './state-machine.ts'

const machine = defineStateMachine({
  initial: 'pending',
  transitions: {
    pending: ['approved', 'rejected', 'expired'],
    approved: ['executing', 'pending', 'expired'],
    executing: ['succeeded', 'failed'],
    rejected: [],
    expired: [],
    succeeded: [],
    failed: [],
  },
})

describe('state machine', () => {
  it('answers from its table [STATE-1]', () => {
    expect(machine.initial).toBe('pending')
    expect(machine.states).toEqual(['pending', 'approved', 'executing', 'rejected', 'expired', 'succeeded', 'failed'])
    expect(machine.terminal).toEqual(['rejected', 'expired', 'succeeded', 'failed'])
    expect(machine.sourcesOf('expired')).toEqual(['pending', 'approved'])
    expect(machine.sourcesOf('pending')).toEqual(['approved'])
    expect(machine.can('pending', 'approved')).toBe(true)
    expect(machine.can('pending', 'pending')).toBe(false)
    expect(machine.can('pending', 'executing')).toBe(false)
  })

  it('throws CONFLICT for a transition that is not in the table', () => {
    expect(() => machine.assertTransition('approved', 'executing')).not.toThrow()
    expect(() => machine.assertTransition('rejected', 'approved')).toThrow(
      expect.objectContaining({ code: 'CONFLICT', details: { from: 'rejected', to: 'approved' } }),
    )
  })

  it('never leaves its table on a random walk, and never leaves a terminal state [STATE-1]', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...machine.states), { maxLength: 40 }), (wishes) => {
        let state = machine.initial
        for (const wish of wishes) {
          const allowed = machine.can(state, wish)
          expect(machine.sourcesOf(wish).includes(state)).toBe(allowed)
          if (machine.terminal.includes(state)) expect(allowed).toBe(false)
          if (allowed) state = wish
          else expect(() => machine.assertTransition(state, wish)).toThrow()
        }
      }),
    )
  })

  it('knows no transitions of names that are no states', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'unknown']) {
      const state = name as 'pending'
      expect(machine.can(state, 'approved')).toBe(false)
      expect(machine.can('pending', state)).toBe(false)
      expect(machine.sourcesOf(state)).toEqual([])
    }
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(machine)).toBe(true)
    expect(Object.isFrozen(machine.terminal)).toBe(true)
    expect(Object.isFrozen(machine.sourcesOf('expired'))).toBe(true)
  })
})
