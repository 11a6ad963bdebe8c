import type { SessionEvent } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogFilter, matcherOf } from './filter-log.ts'
import { LOG_LEVELS, type LogLine, logLineOf } from './log-line.ts'
import { newsAfter } from './log-summary.ts'

const at = '2026-01-02T03:04:05.000Z'
const said = (sequence: number, level: string, message: string): LogLine =>
  logLineOf({ sequence, kind: 'log', body: { level, message }, at })

describe('a line of the log', () => {
  it.each<[string, Pick<SessionEvent, 'kind' | 'body'>, Partial<LogLine>]>([
    ['a log', { kind: 'log', body: { level: 'warn', message: 'a\u202eb' } }, { level: 'warn', text: 'a\\u202eb' }],
    ['an unknown level', { kind: 'log', body: { level: 'fatal', message: 'x' } }, { level: 'info', text: 'x' }],
    ['progress', { kind: 'progress', body: { value: 0.254, message: 'a' } }, { kind: 'progress', text: '25 % a' }],
    ['progress alone', { kind: 'progress', body: { value: 1 } }, { text: '100 %' }],
    ['output', { kind: 'output', body: { text: '<b>' } }, { kind: 'output', text: '<b>' }],
    [
      'what happened',
      { kind: 'supervision_session.paused', body: { actor: 'user:ana', pausedBy: null } },
      { kind: 'happened', name: 'paused', text: 'actor user:ana' },
    ],
  ])('shows %s as what it is', (_, event, line) => {
    expect(logLineOf({ sequence: 1, at, ...event })).toMatchObject(line)
  })
})

describe('the filter of the log', () => {
  const lines = LOG_LEVELS.map((level, index) => said(index + 1, level, `Line ${level}`))
  const kept = (level: (typeof LOG_LEVELS)[number] | null, query = '') =>
    createLogFilter()(lines, { level, query })?.map(({ sequence }) => sequence)

  it('keeps a level and what is more serious', () => {
    expect(kept(null)).toEqual([1, 2, 3, 4])
    expect(kept('warn')).toEqual([3, 4])
    expect(
      createLogFilter()([logLineOf({ sequence: 1, kind: 'output', body: { text: 'x' }, at })], {
        level: 'debug',
        query: '',
      }),
    ).toEqual([])
  })

  it('looks for text in any case and for regular expressions, and says which are none', () => {
    expect(kept(null, 'LINE W')).toEqual([3])
    expect(kept(null, '/^Line (debug|error)$/')).toEqual([1, 4])
    expect(kept(null, '/^line/')).toEqual([])
    expect(kept(null, '/^line/i')).toHaveLength(4)
    expect(matcherOf({ level: null, query: '/(/' })).toBeUndefined()
    expect(kept(null, '(')).toEqual([])
  })

  it('gives the same, however the log grew', () => {
    const line = fc.record({ level: fc.constantFrom(...LOG_LEVELS), message: fc.constantFrom('a', 'b', 'ab') })
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(60)), (given, cuts) => {
        const all = given.map(({ level, message }, index) => said(index + 1, level, message))
        const grown = createLogFilter()
        const filter = { level: 'info', query: 'b' } as const
        for (const cut of cuts.sort((a, b) => a - b)) grown(all.slice(0, cut), filter)
        expect(grown(all, filter)).toEqual(createLogFilter()(all, filter))
      }),
    )
  })
})

it('counts what came after a line', () => {
  const lines = [said(1, 'error', 'x'), said(2, 'warn', 'x'), said(3, 'info', 'x'), said(4, 'error', 'x')]
  expect(newsAfter(lines, 1)).toEqual({ lines: 3, warnings: 1, errors: 1 })
  expect(newsAfter(lines, 4)).toEqual({ lines: 0, warnings: 0, errors: 0 })
})
