import type { JsonValue } from '@preceptor/client'

/** What can be wrong with a text of JSON; a message for people stands under each. */
export type JsonFault =
  | 'end'
  | 'value'
  | 'string'
  | 'escape'
  | 'number'
  | 'key'
  | 'colon'
  | 'comma'
  | 'double'
  | 'rest'
  | 'deep'

/** The first thing that is wrong with a text. */
export interface JsonProblem {
  readonly fault: JsonFault
  readonly line: number
  readonly column: number
  /** Place in the text. */
  readonly at: number
}

/** A text of JSON, read. */
export type JsonReading =
  | {
      readonly value: JsonValue
      /** Where each value stands, by its path: `limits.0.most`. */
      readonly places: ReadonlyMap<string, number>
    }
  | { readonly problem: JsonProblem }

const DEEPEST = 100
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids these in texts
const PLAIN = /[^"\\\u0000-\u001f]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** Where a reader is, and what it found. */
interface Reader {
  readonly text: string
  at: number
  readonly places: Map<string, number>
}

class Fault extends Error {
  readonly fault: JsonFault
  readonly at: number
  constructor(fault: JsonFault, at: number) {
    super(fault)
    this.fault = fault
    this.at = at
  }
}

/**
 * Reads a text of JSON as `JSON.parse` does, and says where it stops being that, in every browser alike. A key that
 * stands twice in an object is a problem: of a policy, nobody can tell which one was meant.
 */
export function readJson(text: string): JsonReading {
  const reader: Reader = { text, at: 0, places: new Map() }
  try {
    const value = readValue(reader, '', 0)
    skipSpace(reader)
    if (reader.at < text.length) throw new Fault('rest', reader.at)
    return { value, places: reader.places }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { problem: { fault: error.fault, at: error.at, ...lineAt(text, error.at) } }
  }
}

/** The line and column of a place in a text, both from 1. */
export function lineAt(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

function skipSpace(reader: Reader): void {
  while (' \t\n\r'.includes(reader.text[reader.at] ?? 'x')) reader.at += 1
}

function readValue(reader: Reader, path: string, depth: number): JsonValue {
  skipSpace(reader)
  reader.places.set(path, reader.at)
  if (depth > DEEPEST) throw new Fault('deep', reader.at)
  const letter = reader.text[reader.at]
  if (letter === undefined) throw new Fault('end', reader.at)
  if (letter === '{') return readObject(reader, path, depth)
  if (letter === '[') return readList(reader, path, depth)
  if (letter === '"') return readString(reader)
  for (const [word, value] of [['true', true] as const, ['false', false] as const, ['null', null] as const]) {
    if (reader.text.startsWith(word, reader.at)) {
      reader.at += word.length
      return value
    }
  }
  if (letter === '-' || (letter >= '0' && letter <= '9')) return readNumber(reader)
  throw new Fault('value', reader.at)
}

function readNumber(reader: Reader): number {
  const found = matched(reader, NUMBER)
  const next = reader.text[reader.at] ?? ''
  if (found === '' || /[\w.+-]/.test(next)) throw new Fault('number', reader.at)
  return Number(found)
}

function readString(reader: Reader): string {
  const begin = reader.at
  reader.at += 1
  for (;;) {
    matched(reader, PLAIN)
    const letter = reader.text[reader.at]
    if (letter === '"') {
      reader.at += 1
      return JSON.parse(reader.text.slice(begin, reader.at)) as string
    }
    if (letter === undefined) throw new Fault('end', reader.at)
    if (letter !== '\\') throw new Fault('string', reader.at)
    if (matched(reader, ESCAPE) === '') throw new Fault('escape', reader.at)
  }
}

function matched(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at
  const found = pattern.exec(reader.text)?.[0] ?? ''
  reader.at += found.length
  return found
}

function readList(reader: Reader, path: string, depth: number): JsonValue {
  const items: JsonValue[] = []
  readParts(reader, ']', () => {
    items.push(readValue(reader, join(path, String(items.length)), depth + 1))
  })
  return items
}

function readObject(reader: Reader, path: string, depth: number): JsonValue {
  const entries = new Map<string, JsonValue>()
  readParts(reader, '}', () => {
    if (reader.text[reader.at] !== '"') throw new Fault(reader.at < reader.text.length ? 'key' : 'end', reader.at)
    const at = reader.at
    const key = readString(reader)
    if (entries.has(key)) throw new Fault('double', at)
    skipSpace(reader)
    if (reader.text[reader.at] !== ':') throw new Fault(reader.at < reader.text.length ? 'colon' : 'end', reader.at)
    reader.at += 1
    entries.set(key, readValue(reader, join(path, key), depth + 1))
  })
  return Object.fromEntries(entries)
}

/** Reads what stands between brackets, separated by commas. */
function readParts(reader: Reader, close: string, readPart: () => void): void {
  reader.at += 1
  skipSpace(reader)
  if (reader.text[reader.at] === close) {
    reader.at += 1
    return
  }
  for (;;) {
    skipSpace(reader)
    readPart()
    skipSpace(reader)
    const letter = reader.text[reader.at]
    if (letter !== ',' && letter !== close) throw new Fault(letter === undefined ? 'end' : 'comma', reader.at)
    reader.at += 1
    if (letter === close) return
  }
}

const join = (path: string, part: string): string => (path === '' ? part : `${path}.${part}`)
