import { type ParserPlugin, parse as parseScript } from '@babel/parser'
import { parse as parseCsv } from 'csv-parse/sync'
import { parseAllDocuments } from 'yaml'
import { sqlProblem } from './sql.ts'

// Longer code is left unparsed, because a parser holds the process.
const LONGEST_CODE = 100_000
const LONGEST_PROBLEM = 200

type Parser = (code: string) => string | null

const PARSERS: ReadonlyMap<string, Parser> = new Map([
  ...named(['js', 'javascript', 'mjs', 'cjs', 'node'], script(['jsx'])),
  ...named(['jsx'], script(['jsx'])),
  ...named(['ts', 'typescript', 'mts', 'cts'], script(['typescript', 'decorators-legacy'])),
  ...named(['tsx'], script(['typescript', 'jsx', 'decorators-legacy'])),
  ...named(['json'], (code) => void JSON.parse(code)),
  ...named(['jsonl', 'ndjson'], (code) => {
    for (const line of code.split('\n')) if (line.trim() !== '') JSON.parse(line)
  }),
  ...named(['yaml', 'yml'], (code) => {
    for (const document of parseAllDocuments(code)) if (document.errors[0] !== undefined) throw document.errors[0]
  }),
  ...named(['csv'], (code) => void parseCsv(code)),
  ...named(['sql', 'postgres', 'postgresql', 'mysql', 'sqlite'], (code) => {
    const problem = sqlProblem(code)
    if (problem !== null) throw new Error(problem)
  }),
])

/**
 * Why code does not parse: null when it does, undefined where no parser knows its language or it is too long. Nothing of it is run.
 */
export function parseProblem(language: string, code: string): string | null | undefined {
  if (code.length > LONGEST_CODE) return undefined
  return PARSERS.get(language)?.(code)
}

function named(names: readonly string[], parse: (code: string) => void): readonly (readonly [string, Parser])[] {
  return names.map((name) => [name, (code) => problemOf(() => parse(code))])
}

function script(plugins: readonly ParserPlugin[]): (code: string) => void {
  return (code) => {
    // Pieces of code in an answer return and await outside of a function.
    const lenient = { allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true, allowUndeclaredExports: true }
    parseScript(code, { ...lenient, sourceType: 'unambiguous', plugins: [...plugins] })
  }
}

function problemOf(parse: () => void): string | null {
  try {
    parse()
    return null
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, LONGEST_PROBLEM) ?? ''
  }
}
