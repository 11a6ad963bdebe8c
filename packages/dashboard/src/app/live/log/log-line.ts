import { type JsonObject, type JsonValue, type SessionEvent, visibleJson, visibleText } from '@preceptor/client'

/** Levels of what a run logs, from the least to the most serious. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** How serious a line is. */
export type LogLevel = (typeof LOG_LEVELS)[number]

/** One event of a session as a line of its log: text that shows what is hidden in it, never cut. */
export interface LogLine {
  readonly sequence: number
  readonly at: string
  /** `log`, `progress` and `output` come from the run; `happened` says what became of the session. */
  readonly kind: 'log' | 'progress' | 'output' | 'happened'
  /** Null for what is no log. */
  readonly level: LogLevel | null
  /** What happened, by the name that the record has; empty for what the run says. */
  readonly name: string
  readonly text: string
}

const PERCENT = 100

/** Reads an event of a session as a line. */
export function logLineOf({ sequence, at, kind, body }: SessionEvent): LogLine {
  const line = { sequence, at, level: null, name: '' }
  switch (kind) {
    case 'log':
      return { ...line, kind, level: levelOf(body.level), text: visibleText(textOf(body.message)) }
    case 'progress':
      return { ...line, kind, text: `${percentOf(body.value)} % ${visibleText(textOf(body.message))}`.trimEnd() }
    case 'output':
      return { ...line, kind, text: visibleText(textOf(body.text)) }
    default:
      return { ...line, kind: 'happened', name: visibleText(shortKind(kind)), text: visibleText(factsIn(body)) }
  }
}

const percentOf = (value: JsonValue | undefined): number => Math.round(Number(value) * PERCENT)

function levelOf(value: JsonValue | undefined): LogLevel {
  return LOG_LEVELS.find((level) => level === value) ?? 'info'
}

function shortKind(kind: string): string {
  return kind.replace(/^supervision_session\./, '').replaceAll(/[._]/g, ' ')
}

function factsIn(body: JsonObject): string {
  const facts = Object.entries(body).filter(([, value]) => value !== null)
  return facts.map(([name, value]) => `${name} ${textOf(value)}`).join(', ')
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '' : visibleJson(value)
}
