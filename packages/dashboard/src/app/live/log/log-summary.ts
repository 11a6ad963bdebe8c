import type { LogLine } from './log-line.ts'

/** What came since somebody was last told. */
export interface LogNews {
  readonly lines: number
  readonly warnings: number
  readonly errors: number
}

/** Counts what came after a number. */
export function newsAfter(lines: readonly LogLine[], sequence: number): LogNews {
  let [warnings, errors, count] = [0, 0, 0]
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = lines[index]
    if (line === undefined || line.sequence <= sequence) break
    count += 1
    if (line.level === 'warn') warnings += 1
    if (line.level === 'error') errors += 1
  }
  return { lines: count, warnings, errors }
}
