import { parse as parseCsv } from 'csv-parse/sync'
import { absenceFinding, type Check, shareFinding } from './checks/check.ts'
import { codeBlocks } from './checks/code-blocks.ts'
import { codeParses, fencesComplete } from './checks/code-parses.ts'
import { noSecrets } from './checks/no-secrets.ts'
import { type SqlStatement, sqlStatements } from './checks/sql.ts'
import { sectionsWith } from './sections.ts'
import type { Strategy } from './strategy.ts'

const LONGEST = 100_000
const SQL = new Set(['sql', 'postgres', 'postgresql', 'mysql', 'sqlite'])

/** Columns of a table in CSV, or in JSON as a list of objects: one list of names for each row; null for anything else. */
function columnsOf(language: string, code: string): readonly string[] | null {
  if (language === 'csv') {
    const rows: readonly (readonly string[])[] = parseCsv(code, { relaxColumnCount: true })
    return rows.map((row) => String(row.length))
  }
  if (language !== 'json') return null
  const rows: unknown = JSON.parse(code)
  if (!Array.isArray(rows) || rows.length < 2) return null
  const objects = rows.filter((row): row is object => typeof row === 'object' && row !== null && !Array.isArray(row))
  return objects.length === rows.length ? objects.map((row) => JSON.stringify(Object.keys(row).sort())) : null
}

/** Every row of a table has the columns of the first one. */
const columnsConsistent: Check = {
  name: 'columns-consistent',
  kind: 'code',
  run(subject) {
    const rows = codeBlocks(subject).flatMap(({ language, code }) => {
      const columns = code.length > LONGEST ? null : readColumns(language, code)
      return columns?.map((one) => one === columns[0]) ?? []
    })
    if (rows.length === 0) return null
    const good = rows.filter(Boolean).length
    return shareFinding(good, rows.length, `${good} of ${rows.length} rows have the columns of the first one.`)
  },
}

/** What does not parse at all is the finding of another check. */
function readColumns(language: string, code: string): readonly string[] | null {
  try {
    return columnsOf(language, code)
  } catch {
    return null
  }
}

/** SQL changes and deletes only the rows that it names. */
const changesBounded: Check = {
  name: 'changes-bounded',
  kind: 'safety',
  run(subject) {
    const scripts = codeBlocks(subject).filter(({ language, code }) => SQL.has(language) && code.length <= LONGEST)
    if (scripts.length === 0) return null
    const statements = scripts.flatMap(({ code }) => sqlStatements(code))
    return absenceFinding(statements.flatMap(unboundedChange), 'Every change names its rows.')
  },
}

function unboundedChange(statement: SqlStatement): readonly string[] {
  const has = (word: string): boolean => statement.includes(word)
  const [first = ''] = statement
  if (first === 'delete' && !has('where')) return ['a delete of all rows']
  if (first === 'update' && !has('where')) return ['an update of all rows']
  const empties = /^(?:truncate|drop)$/.test(first) && (first !== 'drop' || has('table'))
  return empties ? [`${first} of a table`] : []
}

/** Queries and data whose columns agree. */
export const dataEngineer: Strategy = {
  agentType: 'data_engineer',
  criteria: [
    {
      name: 'data_correctness',
      weight: 2,
      description: 'Joins, types, time zones, missing values and duplicates are handled right.',
    },
    { name: 'efficiency', weight: 1, description: 'It reads and moves no more than needed, and can use an index.' },
    { name: 'repeatability', weight: 1, description: 'Run again, it gives the same data and doubles nothing.' },
  ],
  prompt: {
    template: 'improve-data-engineer',
    guidance: [
      'Name the columns; keep them the same in every row and every step.',
      'Handle missing values, duplicates and time zones.',
      'Change only rows that are named, in a way that can be run again.',
    ],
    sections: sectionsWith({ context: 'Tables, schemas and engine' }),
  },
  checks: [codeParses, fencesComplete, columnsConsistent, changesBounded, noSecrets],
}
