import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync } from 'node:fs'
import type { Answer, AnswerLine, Attempt, Entry } from './messages.ts'

/**
 * The file of the device: a line for each attempt, and one for each answer. It only grows, so that a device that dies while
 * it writes loses at most the answer it was writing, which it gets again.
 */
export interface Outbox {
  record(attempt: Attempt): void
  settle(line: AnswerLine): void
  /** All attempts, the oldest first, each with its last answer. */
  entries(): readonly Entry[]
  /** Those that have to be sent. */
  open(): readonly Attempt[]
}

/** Opens the file; it need not be there yet. */
export function openOutbox(file: string): Outbox {
  dropTornLine(file)
  const entries = (): readonly Entry[] => {
    const attempts = new Map<string, Entry>()
    for (const line of linesOf(file)) {
      const { idempotencyKey } = line
      const known = attempts.get(idempotencyKey)
      if ('answer' in line) known && attempts.set(idempotencyKey, { ...known, answer: line.answer })
      else if (known === undefined) attempts.set(idempotencyKey, { ...line, answer: null })
    }
    return [...attempts.values()]
  }
  return {
    record: (attempt) => append(file, attempt),
    settle: (line) => append(file, line),
    entries,
    open: () => entries().flatMap(({ answer, ...attempt }) => (isSettled(answer) ? [] : [attempt])),
  }
}

/** What waits is sent again, too: it runs when this device comes back with it. */
function isSettled(answer: Answer | null): boolean {
  return answer?.state === 'done' || answer?.state === 'failed'
}

function linesOf(file: string): readonly (Attempt | AnswerLine)[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

/** A line without an end was being written when the device died: nobody was told that it is there. */
function dropTornLine(file: string): void {
  if (!existsSync(file)) return
  const content = readFileSync(file)
  truncateSync(file, content.lastIndexOf('\n') + 1)
}

function append(file: string, line: object): void {
  const handle = openSync(file, 'a', 0o600)
  try {
    appendFileSync(handle, `${JSON.stringify(line)}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
