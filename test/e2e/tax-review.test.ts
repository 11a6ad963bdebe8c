import { describe, expect, it } from 'vitest'
import { useExample } from './run-example.ts'

interface Finding {
  readonly name: string
  readonly holds: boolean
}

const runExample = useExample('tax-review')
const TIMEOUT_MS = 180_000
const CHECK = new URL('../../examples/dist/tax-review/check.js', import.meta.url).href

describe('the example of a workflow', () => {
  it(
    'waits for a person over a restart, and files what was approved, once',
    async () => {
      const { document } = await runExample()
      const { check } = (await import(CHECK)) as { check(shown: unknown): readonly Finding[] }
      const wrongIn = (shown: unknown): readonly string[] =>
        check(shown).flatMap(({ name, holds }) => (holds ? [] : [name]))
      expect(document.findings.length).toBeGreaterThan(10)
      expect(wrongIn(document)).toEqual([])
      // What it checks would not hold, had something run twice, or been filed as it was asked, or with the token in sight.
      const [first, second, ...more] = document.filed
      expect(wrongIn({ ...document, reviews: 5 })).toEqual(['each review was asked of the model once'])
      expect(wrongIn({ ...document, filed: [first, second, second, ...more] })).toEqual(['once'])
      const asAsked = { ...second, owed: 16_000 }
      expect(wrongIn({ ...document, filed: [first, asAsked, ...more] })).toEqual([
        'what Sam approved is what was filed',
      ])
      expect(wrongIn({ ...document, journal: ['Bearer token-of-the-tax-office'] })).toEqual([
        'the token is in no run and in no record',
      ])
      expect(wrongIn({ ...document, approved: document.asked })).toContain(
        'it goes on where it waited, in a plane that was opened anew',
      )
    },
    TIMEOUT_MS,
  )
})
