import { setTimeout as delay } from 'node:timers/promises'
import { GovernanceError } from '@preceptor/client'
import type { RunningCalls } from './running-calls.ts'

// After the abort: long enough for a call that listens to its signal, short for one that does not.
const AFTER_ABORT_MS = 1_000

/**
 * Waits until the running calls have ended, aborts those that last longer than the grace, and then leaves them: a call
 * that ignores its signal must not keep the process from closing. Its outcome will be unknown, which is the truth.
 */
export async function drainCalls(running: RunningCalls, graceMs: number): Promise<void> {
  const closed = new GovernanceError('GOVERNOR_CLOSED')
  const ended = await endsWithin(running, graceMs)
  // What was decided just before the end and has not begun must not begin after it.
  running.refuse(closed)
  if (ended) return
  running.abort(() => true, closed)
  await endsWithin(running, AFTER_ABORT_MS)
}

async function endsWithin(running: RunningCalls, milliseconds: number): Promise<boolean> {
  const waiting = new AbortController()
  const late = delay(milliseconds, false, { signal: waiting.signal }).catch(() => false)
  const ended = await Promise.race([running.idle().then(() => true), late])
  waiting.abort()
  return ended
}
