import { redactText, visibleText } from '@preceptor/client'
import type { Report } from '@preceptor/core'
import type { RequestLine } from '@preceptor/hono-middleware'
import { type CliHost, type CommandCall, type Flag, textOf } from './command.ts'
import { plain } from './table.ts'

/** The flag of a command that keeps running. */
export const LOG_FLAG: Readonly<Record<string, Flag>> = {
  log: {
    value: '<format>',
    choices: ['json', 'text'],
    summary: 'what it writes to stderr: json, one object a line, or text; default json unless that is a terminal',
  },
}

/** The flag of a command that answers requests. */
export const REQUEST_LOG_FLAG: Readonly<Record<string, Flag>> = {
  'request-log': { summary: 'log each request: who, by which route, how it ended; no address, query or body' },
}

/** One line of a log. */
type Line = Omit<Report, 'level' | 'code'> & {
  readonly level: Report['level'] | 'info'
  readonly code: Report['code'] | 'REQUEST'
  readonly request?: Omit<RequestLine, 'traceId'>
}

/**
 * The call of a command that keeps running, whose notes and reports go into a log: text for people at a terminal, and JSON,
 * one object a line, for what collects logs.
 */
export function withLog(call: CommandCall): CommandCall {
  const { host } = call
  const { log } = host
  const format = textOf(call, 'log') ?? (host.isTerminal === false ? 'json' : 'text')
  if (format !== 'json' || log === undefined) return call
  const write = (line: Line): void => log(jsonLine(line, new Date()))
  const note = (message: string): void => write({ level: 'info', code: 'NOTICE', message })
  return { ...call, host: { ...host, note, report: write, request: (line) => write(requestLine(line)) } }
}

function requestLine({ traceId, ...request }: RequestLine): Line {
  const { method, route, status } = request
  const level = status >= 500 ? 'error' : 'info'
  return { level, code: 'REQUEST', message: `${method} ${route} ${status}`, traceId, request }
}

/** Where a command says what it was asked; undefined unless it is told to. */
export function requestsOf({
  flags,
  host,
}: Pick<CommandCall, 'flags' | 'host'>): ((line: RequestLine) => void) | undefined {
  if (flags['request-log'] !== true) return undefined
  const { request, note } = host
  return (
    request ??
    (({ method, route, status, duration, principal }) =>
      note(`${method} ${route} ${status} ${duration} s ${principal ?? '-'}`))
  )
}

/** Where a command says what its governor reports. */
export function reportTo({ report, note }: CliHost): (report: Report) => void {
  return (
    report ??
    (({ level, code, message, traceId }) =>
      note(`${level}: ${code}: ${message}${traceId === undefined ? '' : ` (trace ${traceId})`}`))
  )
}

/** A line of the log, in which nothing of what others wrote is a secret, ends it, or steers who shows it. */
export function jsonLine({ level, code, message, traceId, request }: Line, at: Date): string {
  return JSON.stringify({
    time: at.toISOString(),
    level,
    code,
    message: plain(visibleText(redactText(message))),
    ...(traceId === undefined ? {} : { traceId }),
    ...(request === undefined ? {} : { request }),
  })
}
