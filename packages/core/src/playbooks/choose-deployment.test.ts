import type { PlaybookTier } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, chooseDeployment, isInCanary } from './choose-deployment.ts'

const TARGETS = ['ana', 'ben']
const RANK: Readonly<Record<PlaybookTier, number>> = { system: 0, user: 1, project: 2 }

const place = fc.oneof(
  fc.constant({ tier: 'system' as const, target: null }),
  fc.record({ tier: fc.constantFrom('user' as const, 'project' as const), target: fc.constantFrom(...TARGETS) }),
)
const candidate = fc
  .tuple(
    place,
    fc.integer({ min: 1, max: 9 }),
    fc.oneof(fc.constant(1), fc.double({ min: 0.01, max: 0.99, noNaN: true })),
  )
  .map(([where, version, share]): Candidate => ({ id: '', playbook: 'pbk_a', version, share, ...where }))
// At each place one for everybody and one canary at most, as the database holds.
const active = fc
  .uniqueArray(candidate, { selector: ({ tier, target, share }) => JSON.stringify([tier, target, share < 1]) })
  .map((candidates) => candidates.map((one, index) => ({ ...one, id: `pbd_${index}` })))
const unit = fc.string({ minLength: 1, maxLength: 12 })
const choice = fc.record(
  { user: fc.constantFrom(...TARGETS), project: fc.constantFrom(...TARGETS), unit },
  { requiredKeys: [] },
)

describe('the deployment that holds', () => {
  it('is for this user or project, and of the narrowest tier that has one for everybody [PLAY-1]', () => {
    fc.assert(
      fc.property(active, choice, (deployments, { user, project, ...rest }) => {
        const whom = { ...(user && { user }), ...(project && { project }), ...rest }
        const chosen = chooseDeployment(deployments, whom)
        const mine = deployments.filter(
          ({ tier, target }) => tier === 'system' || target === (tier === 'user' ? user : project),
        )
        const whole = mine.filter(({ share }) => share === 1)
        if (chosen === undefined) {
          expect(whole).toEqual([])
          return
        }
        expect(mine).toContain(chosen)
        for (const { tier } of whole) expect(RANK[chosen.tier]).toBeGreaterThanOrEqual(RANK[tier])
        if (chosen.share < 1) expect(isInCanary(chosen, whom.unit)).toBe(true)
      }),
    )
  })

  it('is the canary for a unit in its share, else what stands below it as if there were none [PLAY-1, PLAY-3]', () => {
    fc.assert(
      fc.property(active, choice, (deployments, whom) => {
        const chosen = chooseDeployment(deployments, whom)
        for (const canary of deployments.filter(({ share }) => share < 1)) {
          if (isInCanary(canary, whom.unit)) continue
          expect(
            chooseDeployment(
              deployments.filter((one) => one !== canary),
              whom,
            ),
          ).toEqual(chosen)
        }
      }),
    )
  })

  it('is the same one however often and in whatever order it is looked for [PLAY-3]', () => {
    fc.assert(
      fc.property(active, choice, (deployments, whom) => {
        const chosen = chooseDeployment(deployments, whom)
        expect(chooseDeployment([...deployments].reverse(), whom)).toEqual(chosen)
      }),
    )
  })
})

describe('a canary', () => {
  const canary: Candidate = { id: 'pbd_c', playbook: 'pbk_a', version: 2, tier: 'system', target: null, share: 0.5 }
  const units = Array.from({ length: 10_000 }, (_, index) => `run-${index}`)
  const reached = (share: number, version = 2): Set<string> =>
    new Set(units.filter((one) => isInCanary({ ...canary, share, version }, one)))

  it.each([0.01, 0.1, 0.25, 0.5, 0.9, 0.99])('of share %d reaches that share of the units [PLAY-3]', (share) => {
    // Five standard deviations: of a fair hash it is wrong once in two million shares.
    const tolerance = 5 * Math.sqrt(units.length * share * (1 - share))
    expect(Math.abs(reached(share).size - units.length * share)).toBeLessThan(tolerance)
  })

  it('that is made larger keeps every unit that it had [PLAY-3]', () => {
    fc.assert(
      fc.property(
        unit,
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (one, first, second) => {
          const [small, large] = [Math.min(first, second), Math.max(first, second)]
          if (isInCanary({ ...canary, share: small }, one)) {
            expect(isInCanary({ ...canary, share: large }, one)).toBe(true)
          }
        },
      ),
    )
  })

  it('of another version has other units: nobody is always the first [PLAY-3]', () => {
    const [one, other] = [reached(0.1), reached(0.1, 3)]
    const both = [...one].filter((each) => other.has(each)).length
    expect(both).toBeGreaterThan(50)
    expect(both).toBeLessThan(150)
  })

  it('reaches nobody who names no unit [PLAY-3]', () => {
    expect(isInCanary({ ...canary, share: 0.999_999 }, undefined)).toBe(false)
  })
})
