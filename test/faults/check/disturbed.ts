import type { History } from '../history.ts'

/** Whether the process stood still or was cut off at some moment of the time. */
export function wasDisturbed(
  { disturbances }: Pick<History, 'disturbances'>,
  process: string,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  return disturbances.some((one) => one.process === process && one.from <= to && one.to >= from)
}

// What stands in the write buffer is committed within 10 ms and the time that a commit takes on a busy machine.
const BUFFERED_MS = 10 + 150
// A flush that hangs is given up after two seconds, and tried again within one more.
const STALLED_MS = 3_500

/**
 * Whether the row of a safe run of an autonomous agent may be missing: its process was killed before the buffer could be
 * committed.
 */
export function mayBeLost(history: Pick<History, 'disturbances' | 'ends'>, process: string, at: number): boolean {
  return history.ends.some((end) => {
    if (end.process !== process || end.how === 'closed') return false
    const left = end.at - at
    if (left <= BUFFERED_MS) return true
    return left <= STALLED_MS && wasDisturbed(history, process, { from: at - STALLED_MS, to: end.at })
  })
}
