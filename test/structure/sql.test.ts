import { describe, expect, it } from 'vitest'
import { packageSources } from './sources.ts'
import { statementsOf, unguardedColumn } from './sql.ts'

const HOME = /\/database\/|\/migrations\/|\/([a-z-]+-)?store\.ts$|\/schema\.ts$/

// The page of the dashboard has no database: its words are those of people.
const sources = packageSources().filter(({ path }) => !path.startsWith('packages/dashboard/src/app/'))

describe('SQL', () => {
  it('is found at all', () => {
    expect(sources.filter(({ path }) => HOME.test(path)).flatMap(statementsOf).length).toBeGreaterThan(10)
  })

  it('stands only in stores, schemas, migrations and the database folder [STR-1]', () => {
    const strays = sources.filter(({ path }) => !HOME.test(path)).flatMap(statementsOf)
    expect(strays.map(({ place, text }) => `${place} ${text.slice(0, 60)}`)).toEqual([])
  })

  it('is written through drizzle or pg in those files only [STR-1]', () => {
    const importing = sources.filter(({ tree }) =>
      tree.statements.some((statement) =>
        /^import \{[^}]*\bsql\b[^}]*\} from 'drizzle-orm'/.test(statement.getText(tree)),
      ),
    )
    expect(importing.map(({ path }) => path).filter((path) => !HOME.test(path))).toEqual([])
  })

  it('changes a status column only from a named status [STR-2]', () => {
    const unguarded = sources.flatMap(statementsOf).flatMap(({ place, text }) => {
      const column = unguardedColumn(text)
      return column === undefined ? [] : [`${place} writes ${column} unguarded`]
    })
    expect(unguarded).toEqual([])
  })

  it.each([
    ['update proposals set state = $ where id = $', 'state'],
    ['update agents set lifecycle = $, epoch = epoch + 1 where id = $ and lifecycle = any($)', undefined],
    ['update proposals p set state = $ where id = $ and state = $ returning id', undefined],
    ['update proposals set state = $', 'state'],
    ["update sessions set state = $ where id = $ and state not in ('completed')", undefined],
    ['update sessions set state = $ where id = $ and estate = $', 'state'],
    ['with done as (update executions set status = $ where id = $ returning id) select 1', 'status'],
    ['update agents set updated_at = $ where id = $', undefined],
  ])('recognises %s', (statement, column) => {
    expect(unguardedColumn(statement)).toBe(column)
  })
})
