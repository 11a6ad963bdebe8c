import { MATURITIES, type Maturity, RISKS, type Risk } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MatrixName } from '../policy/policy-document.ts'
import { type MatrixRoute, matrixFor, routeFor } from './matrix.ts'

const MATRICES: readonly MatrixName[] = ['strict', 'graduated']

function tableOf(matrix: MatrixName): Record<string, string[]> {
  const show = ({ route, requiredApprovals }: MatrixRoute): string => `${route}${requiredApprovals || ''}`
  return Object.fromEntries(
    MATURITIES.map((maturity) => [maturity, RISKS.map((risk) => show(routeFor({ matrix, maturity, risk })))]),
  )
}

/** From free to blocked. */
function strictness({ route, requiredApprovals }: MatrixRoute): number {
  return { execution: 0, supervision: 1, proposal: 1 + requiredApprovals, training: 100 }[route]
}

describe('routing matrices', () => {
  it('pins the strict one [ROUTE-2]', () => {
    expect(tableOf('strict')).toEqual({
      student: ['training', 'training', 'training', 'training'],
      intern: ['proposal1', 'proposal1', 'proposal1', 'proposal2'],
      supervised: ['supervision', 'supervision', 'supervision', 'supervision'],
      autonomous: ['execution', 'execution', 'execution', 'execution'],
    })
  })

  it('pins the graduated one [ROUTE-3, ROUTE-6]', () => {
    expect(tableOf('graduated')).toEqual({
      student: ['execution', 'training', 'training', 'training'],
      intern: ['execution', 'proposal1', 'proposal1', 'proposal2'],
      supervised: ['execution', 'execution', 'supervision', 'proposal2'],
      autonomous: ['execution', 'execution', 'execution', 'proposal2'],
    })
  })

  it('routes high risk alike in both [ROUTE-2, ROUTE-3]', () => {
    for (const maturity of MATURITIES) {
      expect(routeFor({ matrix: 'strict', maturity, risk: 'high' })).toEqual(
        routeFor({ matrix: 'graduated', maturity, risk: 'high' }),
      )
    }
  })

  it('is never stricter for more maturity, nor looser for more risk [ROUTE-2, ROUTE-3]', () => {
    const level = fc.nat(3)
    fc.assert(
      fc.property(fc.constantFrom(...MATRICES), level, level, level, level, (matrix, left, right, low, high) => {
        const at = (maturity: number, risk: number): number =>
          strictness(routeFor({ matrix, maturity: MATURITIES[maturity] ?? 'student', risk: RISKS[risk] ?? 'critical' }))
        const [less, more] = [Math.min(left, right), Math.max(left, right)]
        const [safer, riskier] = [Math.min(low, high), Math.max(low, high)]
        expect(at(more, low)).toBeLessThanOrEqual(at(less, low))
        expect(at(left, riskier)).toBeGreaterThanOrEqual(at(left, safer))
      }),
      { numRuns: 500 },
    )
  })

  it.each(['admin', '', 'constructor', '__proto__', 'toString', 'hasOwnProperty', undefined, null, 0])(
    'has no route for %s in any place [I-1, ACT-3]',
    (name) => {
      const impossible = expect.objectContaining({ code: 'FACT_INVALID' })
      const known = { matrix: 'graduated', maturity: 'autonomous', risk: 'safe' } as const
      expect(() => routeFor({ ...known, matrix: name as MatrixName })).toThrow(impossible)
      expect(() => routeFor({ ...known, maturity: name as Maturity })).toThrow(impossible)
      expect(() => routeFor({ ...known, risk: name as Risk })).toThrow(impossible)
    },
  )

  it('answers with what cannot be changed', () => {
    for (const matrix of MATRICES) {
      for (const maturity of MATURITIES) {
        for (const risk of RISKS) expect(Object.isFrozen(routeFor({ matrix, maturity, risk }))).toBe(true)
      }
    }
  })

  it('is that of runs for a trigger that starts one, else that of actions [ROUTE-2, ROUTE-3]', () => {
    const named = { runs: 'strict', actions: 'graduated' } as const
    expect(matrixFor({ type: 'agent_message' }, named)).toBe('strict')
    expect(matrixFor({ type: '' }, named)).toBe('strict')
    expect(matrixFor({}, named)).toBe('graduated')
  })
})
