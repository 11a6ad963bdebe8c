import { type JsonValue, type SessionEvent, visibleJson } from '@preceptor/client'
import { plain } from '../table.ts'

const PERCENT = 100
const KIND_WIDTH = 12

/**
 * An event of a session as lines of a terminal. Each of them begins with when it was and what it is, so that nothing that
 * a run says passes for a line of its own.
 */
export function eventLines({ at, kind, body }: SessionEvent): readonly string[] {
  const head = `${plain(at.slice(11, 19))}  ${plain(shortKind(kind)).padEnd(KIND_WIDTH)}  `
  return saidBy(kind, body).map((line) => `${head}${plain(line)}`.trimEnd())
}

/** What came from the run under its own name; whatever else happened, by the name that the record has. */
function shortKind(kind: string): string {
  return kind.replace(/^supervision_session\./, '')
}

function saidBy(kind: string, body: SessionEvent['body']): readonly string[] {
  switch (kind) {
    case 'log':
      return [`${text(body.level)}: ${text(body.message)}`]
    case 'progress':
      return [`${Math.round(Number(body.value) * PERCENT)} % ${text(body.message)}`]
    case 'output':
      return text(body.text).split('\n')
    default:
      return [factsIn(body)]
  }
}

function factsIn(body: SessionEvent['body']): string {
  const facts = Object.entries(body).filter(([, value]) => value !== null)
  return facts.map(([name, value]) => `${name} ${text(value)}`).join(', ')
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '' : visibleJson(value)
}
