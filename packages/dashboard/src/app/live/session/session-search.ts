import { LOG_LEVELS, type LogLevel } from '../log/log-line.ts'

/** The ways to look at what a run put out. */
export const OUTPUT_VIEWS = ['json', 'text', 'table', 'chart'] as const

/** A way to look at what a run put out. */
export type OutputView = (typeof OUTPUT_VIEWS)[number]

/** What the address of a session says; what is left out has its default. */
export interface SessionSearch {
  /** The least serious level that the log shows; default everything. */
  readonly level?: LogLevel
  /** What lines of the log must hold. */
  readonly q?: string
  /** The log stays where it is read; default it follows its end. */
  readonly follow?: 0
  /** Default: the first way in which the output can be read. */
  readonly output?: OutputView
}

const LONGEST = 200

/** Reads the address; what it cannot mean is left out. */
export function readSessionSearch(search: Readonly<Record<string, unknown>>): SessionSearch {
  const { level, q, follow, output } = search
  const known = LOG_LEVELS.find((one) => one === level)
  const view = OUTPUT_VIEWS.find((one) => one === output)
  const query = typeof q === 'string' || typeof q === 'number' ? String(q).slice(0, LONGEST) : ''
  return {
    ...(known === undefined ? {} : { level: known }),
    ...(query === '' ? {} : { q: query }),
    ...(follow === 0 || follow === '0' ? { follow: 0 } : {}),
    ...(view === undefined ? {} : { output: view }),
  }
}
