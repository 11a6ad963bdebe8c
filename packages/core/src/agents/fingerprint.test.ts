import type { Fingerprint } from '@preceptor/client'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'
import { compareFingerprints, FINGERPRINT_PARTS } from './fingerprint.ts'

const BUILD = {
  version: '1',
  model: 'm1',
  instructions: 'a'.repeat(64),
  tools: 'b'.repeat(64),
} as const satisfies Fingerprint
const OTHER = { version: '2', model: 'm2', instructions: 'c'.repeat(64), tools: 'd'.repeat(64) } as const

let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor()
})
afterAll(() => test.close())

it('covers every part [I-14]', () => {
  expect([...FINGERPRINT_PARTS].sort()).toEqual(Object.keys(BUILD).sort())
})

it.each(FINGERPRINT_PARTS)(
  'caps at intern when the %s changes, until it is attested again [I-14, AGENT-5]',
  async (part) => {
    const agent = `other-${part}`
    await test.register(agent, 'autonomous')
    const decide = (fingerprint: Fingerprint) =>
      test.agent(agent).decide({ agent, action: 'refund.create', args: {}, fingerprint })
    expect(await decide(BUILD)).toMatchObject({ route: 'execution', maturity: 'autonomous' })
    const changed = { ...BUILD, [part]: OTHER[part] }
    expect(await decide(changed)).toMatchObject({ route: 'proposal', maturity: 'intern' })
    expect(await decide(BUILD)).toMatchObject({ route: 'proposal', maturity: 'intern' })
    const { items } = await test.admin.journal.list({ agent, kind: 'agent.capped' })
    expect(items).toMatchObject([{ body: { part } }])
    await test.admin.agents.attest(agent, 'reviewed')
    expect(await decide(changed)).toMatchObject({ route: 'execution', maturity: 'autonomous' })
    expect(await decide(BUILD)).toMatchObject({ maturity: 'intern' })
  },
)

it('is the same in any order, and in as many parts as an adapter sees [I-14]', () => {
  const parts = fc.shuffledSubarray([...FINGERPRINT_PARTS])
  fc.assert(
    fc.property(parts, (seen) => {
      const build: Fingerprint = Object.fromEntries(seen.map((part) => [part, BUILD[part]]))
      expect(compareFingerprints(BUILD, build)).toEqual({ result: 'same' })
    }),
  )
})
