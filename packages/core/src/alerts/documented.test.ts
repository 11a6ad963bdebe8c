import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ALERT_CATALOGUE, ALERT_CODES } from './alert-catalogue.ts'

const page = readFileSync(new URL('../../../../docs/alerts.md', import.meta.url), 'utf8')

/** The cells of the rows of a table, below its heading. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const [, part = ''] = page.split(`\n## ${heading}\n`)
  const table = (part.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'))
  return table.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

it('the page of alerts has every code with its severity and its numbers, and nothing else [ALERT-1]', () => {
  const expected = ALERT_CODES.map((code) => {
    const { severity, canTurnOff, thresholds } = ALERT_CATALOGUE[code]
    const numbers = Object.entries(thresholds).map(
      ([name, { default: usual, min, max }]) => `${name} ${usual} (${min} to ${max})`,
    )
    return [`\`${code}\``, severity, canTurnOff ? 'yes' : 'no', numbers.join(', ')]
  })
  expect(rowsOf('Every code')).toEqual(expected)
})

it('the page of alerts says of every code when it is raised and cleared, and what to do [ALERT-1]', () => {
  const rows = rowsOf('When each is raised, when it clears, and what to do')
  expect(rows.map(([code]) => code)).toEqual(ALERT_CODES.map((code) => `\`${code}\``))
  for (const row of rows) expect([row.length, row.every((cell) => cell !== '')]).toEqual([4, true])
  for (const code of ALERT_CODES) {
    const raised = rows.find(([cell]) => cell === `\`${code}\``)?.[1] ?? ''
    if (code === 'AGENT_UNUSUAL') continue
    for (const name of Object.keys(ALERT_CATALOGUE[code].thresholds)) expect(raised).toContain(`\`${name}\``)
  }
})
