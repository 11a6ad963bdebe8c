import { type JournalVerification, MATURITIES, ROUTES, type Route } from '@preceptor/client'
import { FLEET } from './fleet.ts'
import type { Row } from './log.ts'
import type { Adapter, Effect } from './shop.ts'
import { SHOP_ACTIONS } from './shop-actions.ts'

/** What a round came to. */
export interface Outcome {
  readonly round: string
  /** The round was begun by an earlier process. */
  readonly resumed: boolean
  readonly model: string
  readonly rows: readonly Row[]
  readonly effects: readonly Effect[]
  /** Sessions that the supervisor watched. */
  readonly watched: number
  /** Decisions that were read back from the API. */
  readonly explained: number
  readonly journal: JournalVerification
}

/** The one document of `--json`. */
export function toDocument({ rows, effects, journal, ...about }: Outcome): object {
  return {
    decisions: inOrder(rows),
    effects,
    summary: {
      round: about.round,
      resumed: about.resumed,
      model: about.model,
      decisions: rows.length,
      ran: rows.filter(({ ran }) => ran).length,
      effects: effects.length,
      routes: countRoutes(rows),
      watchedSessions: about.watched,
      explained: about.explained,
      journal: { ok: journal.ok, checked: journal.checked, unsealed: journal.unsealed },
    },
  }
}

/** The same for people: a table of routes, each decision with its reason, and the effects. */
export function toText(outcome: Outcome, width: number): string {
  const { rows, effects, journal } = outcome
  return [
    'What came of each action, by the maturity of the agent',
    routeTable(rows),
    ...groups(rows).map(([agent, group]) => [agent, ...alike(group).map((same) => describe(same, width))].join('\n')),
    [`What the tools did, counted by themselves: ${effects.length} effects`, ...effects.map(describeEffect)].join('\n'),
    closing(outcome, journal),
  ].join('\n\n')
}

function closing({ rows, explained, watched }: Outcome, { ok, checked }: JournalVerification): string {
  const routes = Object.entries(countRoutes(rows)).map(([route, count]) => `${count} ${route}`)
  return [
    `${rows.length} decisions: ${routes.join(', ')}.`,
    `${explained} read back from the API; ${watched} sessions watched; journal ${ok ? 'verified' : 'BROKEN'}, ${checked} rows.`,
  ].join('\n')
}

function countRoutes(rows: readonly Row[]): Readonly<Record<Route, number>> {
  const counts = ROUTES.map((route) => [route, rows.filter((row) => row.route === route).length])
  return Object.fromEntries(counts)
}

function inOrder(rows: readonly Row[]): readonly Row[] {
  return groups(rows).flatMap(([, group]) => group)
}

/** Rows by agent, in the order of the fleet, then by adapter; within it as they came. */
function groups(rows: readonly Row[]): readonly (readonly [string, readonly Row[]])[] {
  const agents = [...new Set([...FLEET.map(({ id }) => id), ...rows.map(({ agent }) => agent)])]
  return agents.flatMap((agent) => {
    const own = rows.filter((row) => row.agent === agent)
    const group = ADAPTERS.flatMap((adapter) => own.filter((row) => row.adapter === adapter))
    return group.length > 0 ? [[agent, group] as const] : []
  })
}

/** Rows that say the same, whatever adapter they came through. */
function alike(rows: readonly Row[]): readonly (readonly [Row, ...Row[]])[] {
  const alike = new Map<string, [Row, ...Row[]]>()
  for (const row of rows) {
    const { source, action, route, code, reason, warnings, ran } = row
    const key = JSON.stringify([source, action, route, code, reason, warnings, ran])
    const known = alike.get(key)
    if (known === undefined) alike.set(key, [row])
    else known.push(row)
  }
  return [...alike.values()]
}

const ADAPTERS: readonly Adapter[] = ['langchain', 'http', 'mcp']
const line = (cells: readonly string[]): string =>
  cells
    .map((cell) => cell.padEnd(15))
    .join('')
    .trimEnd()

/** Maturity by risk: what came of the actions inside a run. */
function routeTable(rows: readonly Row[]): string {
  const inRuns = rows.filter(({ adapter }) => adapter === 'langchain')
  const routeOf = (maturity: string, action: string): string =>
    inRuns.find((row) => row.agent === maturity && row.action === action)?.route ?? '-'
  return [
    line(['', ...SHOP_ACTIONS.map(({ action }) => action)]),
    line(['', ...SHOP_ACTIONS.map(({ risk }) => `(${risk})`)]),
    ...MATURITIES.map((maturity) => line([maturity, ...SHOP_ACTIONS.map(({ action }) => routeOf(maturity, action))])),
  ].join('\n')
}

function describe([row, ...same]: readonly [Row, ...Row[]], width: number): string {
  const { source, action, route, code, reason, warnings, ran } = row
  const adapters = [...new Set([row, ...same].map(({ adapter }) => adapter))].join(', ')
  const head = `  ${action.padEnd(15)}${source.padEnd(16)}${adapters.padEnd(22)}${route}`
  const why = wrap([reason, ...warnings].join(' '), Math.max(width - 6, 40))
  return [`${head}${code === undefined ? '' : ` ${code}`}${ran ? ', it ran' : ''}`, ...why].join('\n      ')
}

function describeEffect({ agent, adapter, action, detail }: Effect): string {
  return `  ${agent.padEnd(12)}${adapter.padEnd(11)}${action.padEnd(15)}${JSON.stringify(detail)}`
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
