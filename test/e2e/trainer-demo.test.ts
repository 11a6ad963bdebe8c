import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { useExample } from './run-example.ts'

const runExample = useExample('trainer-demo')
const TIMEOUT_MS = 180_000

interface Row {
  readonly part: string
  readonly what: string
  readonly result: string
  readonly holds: boolean
}

describe('the example of the trainer', () => {
  it(
    verifies(['LEARN-1', 'LEARN-5', 'LEARN-6'], 'shows each part, and each comes out as it must'),
    async () => {
      const { document, told } = await runExample()
      const rows: readonly Row[] = document.rows
      expect(rows.filter(({ holds }) => !holds)).toEqual([])
      const of = (part: string): readonly Row[] => rows.filter((row) => row.part === part)
      expect(of('session').map(({ what }) => what.split(' ')[0])).toEqual([
        'engineer',
        'documentation',
        'qa',
        'research',
        'ops',
        'security',
      ])
      expect(of('format')).toHaveLength(5)
      // What is counted at the model, as numbers.
      expect(of('cache')[0]?.result).toBe('18 calls, 0 reached the model: hit rate 1.00')
      expect(of('batch')[0]?.result).toMatch(/^10 done with 10 corrections/)
      expect(of('adaptation').at(-1)?.result).toMatch(/^4 asked with its guidance/)
      expect(of('counter-proof')[0]?.result).toBe('0 points')
      expect(of('deployment').at(-1)?.result).toBe('3 of 3 answers are right')
      expect(new Set(rows.map(({ part }) => part))).toEqual(
        new Set([
          ...['session', 'counter-proof', 'format', 'cache', 'batch', 'adaptation'],
          ...['statistics', 'prediction', 'dashboard', 'health', 'export', 'deployment'],
        ]),
      )
      expect(told).toContain(`All ${rows.length} hold.`)
    },
    TIMEOUT_MS,
  )
})
