import type { SessionEvent } from '@preceptor/client'
import { type LogLine, logLineOf } from '../log/log-line.ts'

/** How far something has come. */
export interface Progress {
  /** From 0 to 1. */
  readonly value: number
  readonly message: string
}

/** What became known of a session by its events, in their order. */
export interface SessionFeed {
  /** Number of the last event; the next one is greater. */
  readonly last: number
  readonly lines: readonly LogLine[]
  /** Texts that the run put out, as they are. */
  readonly outputs: readonly string[]
  /** Null while the run has said nothing of it. */
  readonly progress: Progress | null
  /** By step. */
  readonly progressOf: ReadonlyMap<string, Progress>
  /** How steps ended, such as `succeeded`. */
  readonly endOf: ReadonlyMap<string, string>
  readonly warnings: number
  readonly errors: number
}

/** A session of which nothing was heard yet. */
export const NO_FEED: SessionFeed = {
  last: 0,
  lines: [],
  outputs: [],
  progress: null,
  progressOf: new Map(),
  endOf: new Map(),
  warnings: 0,
  errors: 0,
}

/** What is known after more events; one that was heard before counts once. */
export function heard(feed: SessionFeed, events: readonly SessionEvent[]): SessionFeed {
  const added: SessionEvent[] = []
  let { last } = feed
  for (const event of events) {
    if (event.sequence <= last) continue
    last = event.sequence
    added.push(event)
  }
  if (added.length === 0) return feed
  const lines = added.map(logLineOf)
  const count = (level: string): number => lines.filter((line) => line.level === level).length
  const progress = added
    .filter(({ kind }) => kind === 'progress')
    .map((event) => [stepOf(event), progressIn(event)] as const)
  const ends = added.filter(({ kind }) => kind === 'step.ended')
  return {
    last,
    lines: [...feed.lines, ...lines],
    outputs: [...feed.outputs, ...added.filter(({ kind }) => kind === 'output').map(({ body }) => String(body.text))],
    progress: progress.at(-1)?.[1] ?? feed.progress,
    progressOf: progress.length === 0 ? feed.progressOf : new Map([...feed.progressOf, ...progress]),
    endOf:
      ends.length === 0
        ? feed.endOf
        : new Map([...feed.endOf, ...ends.map((event) => [stepOf(event), String(event.body.end)] as const)]),
    warnings: feed.warnings + count('warn'),
    errors: feed.errors + count('error'),
  }
}

/** Tells whether an event says what became of the session or a step, rather than what the run says. */
export function isHappening({ kind }: SessionEvent): boolean {
  return kind !== 'log' && kind !== 'progress' && kind !== 'output'
}

const stepOf = ({ body }: SessionEvent): string => String(body.step)

function progressIn({ body }: SessionEvent): Progress {
  const value = Number(body.value)
  const message = typeof body.message === 'string' ? body.message : ''
  return { value: Number.isFinite(value) ? Math.min(Math.max(value, 0), 1) : 0, message }
}
