/**
 * @typedef {object} Row
 * @property {string} name what is compared, with the number of the goal
 * @property {number} ours
 * @property {number | null} peer
 * @property {number | null} limit
 * @property {number} ratio
 * @property {string} goal the gate
 * @property {string} moonshot
 * @property {boolean | null} met null when the row has no gate
 * @property {string} unit of ours, peer and limit
 */

export const HEAD = ['goal', 'ours', 'peer', 'limit', 'ratio', 'gate', 'moonshot', 'met']

/**
 * Writes the rows of a suite as a table.
 * @param {string} suite
 * @param {readonly Row[]} rows
 */
export function renderTable(suite, rows) {
  const cells = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  )
  return `\n${suite}\n${lines[0]}\n${'-'.repeat(lines[0].length)}\n${lines.slice(1).join('\n')}\n`
}

/** The cells of a row, as text. @param {Row} row */
export function cellsOf({ name, ours, peer, limit, ratio, goal, moonshot, met, unit }) {
  const amount = (value) => (value === null ? '-' : `${compact(value)} ${unit}`)
  const verdict = met === null ? '-' : met ? 'yes' : 'no'
  return [name, amount(ours), amount(peer), amount(limit), `${compact(ratio)}x`, goal, moonshot, verdict]
}

function compact(value) {
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US')
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

/**
 * A row whose ratio is ours over the other, and must be at most the gate.
 * @param {{ name: string, ours: number, other: number, as: 'peer' | 'limit', gate: number, moonshot: number, unit: string }} row
 * @returns {Row}
 */
export function atMost({ name, ours, other, as, gate, moonshot, unit }) {
  const ratio = ours / other
  const sides = { peer: as === 'peer' ? other : null, limit: as === 'limit' ? other : null }
  return { name, ours, ...sides, ratio, goal: `<= ${gate}x`, moonshot: `<= ${moonshot}x`, met: ratio <= gate, unit }
}

/**
 * A row whose ratio says how many times faster ours is, and must be at least the gate.
 * @param {{ name: string, ours: number, other: number, gate: number, moonshot: number, unit: string }} row
 * @returns {Row}
 */
export function faster({ name, ours, other, gate, moonshot, unit }) {
  const ratio = other / ours
  return {
    name,
    ours,
    peer: other,
    limit: null,
    ratio,
    goal: `>= ${gate}x`,
    moonshot: `>= ${moonshot}x`,
    met: ratio >= gate,
    unit,
  }
}

/**
 * A row whose ratio is ours over the other as a rate (more is better), and must be at least the gate.
 * @param {{ name: string, ours: number, other: number, as: 'peer' | 'limit', gate: number, moonshot: number, unit: string }} row
 * @returns {Row}
 */
export function atLeast({ name, ours, other, as, gate, moonshot, unit }) {
  const ratio = ours / other
  const sides = { peer: as === 'peer' ? other : null, limit: as === 'limit' ? other : null }
  return { name, ours, ...sides, ratio, goal: `>= ${gate}x`, moonshot: `>= ${moonshot}x`, met: ratio >= gate, unit }
}

/** A row that is reported beside the others, without a gate. @returns {Row} */
export function reported({ name, ours, other, unit }) {
  const ratio = other === null ? 1 : ours / other
  return { name, ours, peer: other, limit: null, ratio, goal: '-', moonshot: '-', met: null, unit }
}
