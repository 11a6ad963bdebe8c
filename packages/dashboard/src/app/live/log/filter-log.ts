import { LOG_LEVELS, type LogLevel, type LogLine } from './log-line.ts'

/** What the log is narrowed to. */
export interface LogFilter {
  /** Log lines of this level and more serious ones; null for everything. */
  readonly level: LogLevel | null
  /** What a line must hold, in letters of any case; `/…/` is a regular expression. */
  readonly query: string
}

/** Tells whether a line is looked for; undefined for a regular expression that is none. */
export function matcherOf({ level, query }: LogFilter): ((line: LogLine) => boolean) | undefined {
  const text = textMatcherOf(query.trim())
  if (text === undefined) return undefined
  const least = level === null ? -1 : LOG_LEVELS.indexOf(level)
  return (line) => (least < 0 || (line.level !== null && LOG_LEVELS.indexOf(line.level) >= least)) && text(line)
}

function textMatcherOf(query: string): ((line: LogLine) => boolean) | undefined {
  if (query === '') return () => true
  const expression = /^\/(.+)\/(i?)$/s.exec(query)
  if (expression === null) {
    const wanted = query.toLowerCase()
    return ({ name, text }) => text.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted)
  }
  try {
    const pattern = new RegExp(expression[1] ?? '', `u${expression[2] ?? ''}`)
    return ({ name, text }) => pattern.test(text) || (name !== '' && pattern.test(name))
  } catch {
    return undefined
  }
}

/**
 * Keeps the lines that fit as a log grows: what was looked at is not looked at again while the filter and the log stay
 * the same.
 */
export function createLogFilter(): (lines: readonly LogLine[], filter: LogFilter) => readonly LogLine[] | undefined {
  let last: { key: string; seen: number; first: LogLine | undefined; kept: readonly LogLine[] } | undefined
  return (lines, filter) => {
    const matches = matcherOf(filter)
    if (matches === undefined) return undefined
    const key = JSON.stringify([filter.level, filter.query.trim()])
    const [first] = lines
    const isSame = last?.key === key && last.first === first && last.seen <= lines.length
    const before = isSame && last !== undefined ? last : { seen: 0, kept: [] }
    const added = lines.slice(before.seen).filter(matches)
    const kept = added.length === 0 && isSame ? before.kept : [...before.kept, ...added]
    last = { key, seen: lines.length, first, kept }
    return kept
  }
}
