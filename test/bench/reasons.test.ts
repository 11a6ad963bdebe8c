import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript, as all of the benchmarks
import { REASONS, reasonOf } from './reasons.mjs'

const PAGE = readFileSync(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8')
const LEAST = 3

/** The rows of the tables of the page that have a gate, by whether it is met. */
function gatesOf(verdict: 'yes' | 'no'): readonly string[] {
  const rows = PAGE.split('\n').filter((line) => line.startsWith('| ') && line.endsWith(` | ${verdict} |`))
  return rows.map((line) => (line.split(' | ')[0] ?? '').slice('| '.length))
}

describe('gates that are missed', () => {
  it('have a reason each, and at least three things that were tried [BENCH-1]', () => {
    for (const { rows, why, tried } of REASONS) {
      expect(why, rows.join()).not.toBe('')
      expect(new Set(tried).size, rows.join()).toBeGreaterThanOrEqual(LEAST)
    }
  })

  it('are explained on the page of the last run [BENCH-1]', () => {
    const missed = gatesOf('no')
    for (const name of missed) {
      expect(reasonOf({ name }), name).toBeDefined()
      expect(PAGE, name).toContain(`**${name}**`)
    }
    const [met, all] = [gatesOf('yes').length, gatesOf('yes').length + missed.length]
    expect(PAGE).toContain(`${met} of ${all} gates are met.`)
    expect(PAGE).not.toContain('This is not explained yet.')
  })
})
