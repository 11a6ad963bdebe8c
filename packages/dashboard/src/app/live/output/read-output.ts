import type { JsonObject, JsonValue } from '@preceptor/client'
import { isObject } from '../../data/is-object.ts'

/** Rows and columns that were read from an output. */
export interface OutputTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly JsonValue[])[]
}

/** A column of numbers, one for each row; null where a row has none. */
export interface NumberColumn {
  readonly name: string
  readonly values: readonly (number | null)[]
}

/** What can be drawn of a table. */
export interface OutputChart {
  /** What each row is called. */
  readonly labels: readonly string[]
  readonly series: readonly NumberColumn[]
}

/** An output of a run as it can be looked at; what it is not is undefined. */
export interface OutputReading {
  readonly text: string
  readonly json: JsonValue | undefined
  readonly table: OutputTable | undefined
  readonly chart: OutputChart | undefined
}

/** Reads what a run put out. */
export function readOutput(text: string): OutputReading {
  const json = jsonIn(text)
  const table = json === undefined ? separatedTable(text) : tableIn(json)
  return { text, json, table, chart: table === undefined ? undefined : chartOf(table) }
}

function jsonIn(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function tableIn(json: JsonValue): OutputTable | undefined {
  if (!Array.isArray(json)) return isObject(json) ? tableOfObject(json) : undefined
  if (json.length === 0) return undefined
  if (json.every(isObject)) return tableOfRecords(json)
  return json.every(Array.isArray) ? tableOfLists(json) : undefined
}

function tableOfRecords(records: readonly JsonObject[]): OutputTable | undefined {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))]
  if (columns.length === 0) return undefined
  return { columns, rows: records.map((record) => columns.map((name) => record[name] ?? null)) }
}

/** Lists of one length; the first one names the columns where it holds nothing but texts. */
function tableOfLists(lists: readonly (readonly JsonValue[])[]): OutputTable | undefined {
  const [first = [], ...rest] = lists
  if (first.length === 0 || lists.some(({ length }) => length !== first.length)) return undefined
  const isHead = rest.length > 0 && first.every((cell) => typeof cell === 'string')
  return {
    columns: first.map((cell, index) => (isHead ? String(cell) : String(index + 1))),
    rows: isHead ? rest : lists,
  }
}

/** Names with a plain value each. */
function tableOfObject(value: JsonObject): OutputTable | undefined {
  const entries = Object.entries(value)
  if (entries.length < 2 || entries.some(([, item]) => typeof item === 'object' && item !== null)) return undefined
  return { columns: ['name', 'value'], rows: entries }
}

/** Lines whose cells are separated by tabs or commas, the first of them the names. */
function separatedTable(text: string): OutputTable | undefined {
  const lines = text.trim().split(/\r?\n/)
  const [head = ''] = lines
  const separator = head.includes('\t') ? '\t' : ','
  const cells = lines.map((line) => line.split(separator).map((cell) => cell.trim()))
  const [columns = [], ...rows] = cells
  const isTable = columns.length > 1 && rows.length > 0 && rows.every(({ length }) => length === columns.length)
  // Sentences have commas, too: names are short, and no two of them are alike.
  if (!isTable || new Set(columns).size < columns.length || columns.some((name) => !NAME.test(name))) return undefined
  return { columns, rows: rows.map((row) => row.map(cellOf)) }
}

const NAME = /^\S(?:.{0,30}\S)?$/

function cellOf(cell: string): JsonValue {
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(cell) ? Number(cell) : cell
}

function chartOf({ columns, rows }: OutputTable): OutputChart | undefined {
  const parts: readonly AnyColumn[] = columns.map((name, index) => ({
    name,
    values: rows.map((row) => row[index] ?? null),
  }))
  const series = parts.filter(isNumeric)
  if (rows.length < 2 || series.length === 0) return undefined
  const names = parts.find((part) => !isNumeric(part))?.values
  return { series, labels: rows.map((_, index) => labelOf(names?.[index]) ?? String(index + 1)) }
}

interface AnyColumn {
  readonly name: string
  readonly values: readonly JsonValue[]
}

function isNumeric(part: AnyColumn): part is NumberColumn {
  const filled = part.values.filter((value) => value !== null)
  return filled.length > 0 && filled.every((value) => typeof value === 'number')
}

function labelOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}
