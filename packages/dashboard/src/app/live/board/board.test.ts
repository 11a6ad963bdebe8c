import type { QueueEntry } from '@preceptor/client'
import { expect, it } from 'vitest'
import { readSessionSearch } from '../session/session-search.ts'
import { readLiveSearch } from './live-search.ts'
import { sortQueue } from './sort-queue.ts'

it('reads the addresses of the board and of a session, and leaves out what they cannot mean', () => {
  const board = { state: 'paused', agent: 'bot', mine: '1', queue: 'expired' }
  expect(readLiveSearch(board)).toEqual({ ...board, mine: 1 })
  expect(readLiveSearch({ state: 'active', agent: '<b>', mine: 2, queue: 'constructor', x: 1 })).toEqual({})
  const session = { level: 'warn', q: 12, follow: '0', output: 'chart' }
  expect(readSessionSearch(session)).toEqual({ level: 'warn', q: '12', follow: 0, output: 'chart' })
  expect(readSessionSearch({ level: 'toString', q: '', follow: 1, output: 7 })).toEqual({})
})

it('shows what waits as it is offered: by priority, then by age; what ended behind it', () => {
  const entry = (id: string, state: QueueEntry['state'], priority: number, minute: number): QueueEntry =>
    ({ id, state, priority, createdAt: `2026-01-02T03:0${minute}:00.000Z` }) as QueueEntry
  const entries = [
    entry('ended', 'completed', 9, 9),
    entry('young', 'pending', 5, 2),
    entry('runs', 'executing', 9, 1),
    entry('old', 'pending', 5, 1),
    entry('urgent', 'pending', 9, 3),
    entry('newest', 'cancelled', 0, 9),
  ]
  expect(sortQueue(entries).map(({ id }) => id)).toEqual(['urgent', 'old', 'young', 'runs', 'ended', 'newest'])
})
