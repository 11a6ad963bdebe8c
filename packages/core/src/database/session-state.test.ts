import { describe, expect, it } from 'vitest'
import { quoteChannel, sessionEffect } from './session-state.ts'

const effects = (kind: string, ...statements: readonly string[]): readonly (readonly [string, string])[] =>
  statements.map((statement) => [statement, kind])

describe('sessionEffect', () => {
  it.each([
    ...effects(
      'none',
      'select 1',
      'update t set a = 1',
      'insert into t values (1) on conflict (id) do update set a = 2',
      'begin; set local role app; set local a.b to 1',
      'set transaction read only',
      'set constraints all deferred',
      `select set_config('a.b', $1, true)`,
      '-- set role x\nselect 1',
      '/* listen x */ select 1',
      'select * from settings',
      'create function f() returns int language sql set search_path from current as $$ select 1 $$',
    ),
    ...effects(
      'settings',
      'set role x',
      'RESET ALL',
      '  SET search_path TO a, b',
      `select 1; set work_mem to '1MB'`,
      `select set_config('a.b', 'x', false)`,
      `select set_config('a.b', $1, $2)`,
      '-- why\nset session authorization x',
    ),
    ...effects('listen', 'LISTEN a', '-- why\nlisten "A b"', 'begin; listen a; commit'),
    ...effects('unlisten', 'unlisten *', 'UNLISTEN a;', '/* why */ unlisten "A"'),
    ...effects(
      'refused',
      'discard all',
      'DISCARD temp',
      'deallocate all',
      'deallocate prepare all',
      'copy t from stdin',
    ),
  ])('of %j is %s', (statement, kind) => {
    expect(sessionEffect(statement).kind).toBe(kind)
  })

  it('names channels as they are on the wire', () => {
    expect(sessionEffect('listen News')).toEqual({ kind: 'listen', channels: ['news'] })
    expect(sessionEffect('listen "News""s"; listen other')).toEqual({ kind: 'listen', channels: ['News"s', 'other'] })
    expect(sessionEffect('unlisten "News"')).toEqual({ kind: 'unlisten', channel: 'News' })
    expect(quoteChannel('News"s')).toBe('"News""s"')
  })

  it('knows which settings can be made again by the same text', () => {
    expect(sessionEffect('set role x')).toEqual({ kind: 'settings', repeatable: true })
    expect(sessionEffect('begin; set role x; commit')).toEqual({ kind: 'settings', repeatable: false })
  })
})
