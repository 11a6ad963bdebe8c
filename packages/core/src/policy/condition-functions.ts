import { type CelFunc, CelScalar, celFunc, celMethod, objectType } from '@bufbuild/cel'
import { TimestampSchema, timestampDate } from '@bufbuild/protobuf/wkt'
import { RE2JS } from '@bufbuild/re2'
import type { Refuse } from './condition-guard.ts'
import type { Meter } from './condition-values.ts'

/** What the functions of one condition are made from. */
export interface ConditionFunctionOptions {
  /** All patterns that the condition matches with. */
  readonly patterns: ReadonlySet<string>
  readonly meter: Meter
  readonly invalid: Refuse
}

const LONGEST_PATTERN = 128
const LARGEST_PATTERN = 250
const LONGEST_TEXT = 1_024
const INSTRUCTIONS_PER_STEP = 16
const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/
const WHOLE_NUMBER = /^-?\d{1,18}$/

const { BOOL, DOUBLE, INT, STRING } = CelScalar
const TIMESTAMP = objectType(TimestampSchema)

/** The parts of a time, in UTC: the library's own go through the time zone of the machine. */
const TIME_PARTS: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
}

const TIME_FUNCTIONS = Object.entries(TIME_PARTS).map(([name, part]) =>
  celMethod(name, TIMESTAMP, [], INT, function () {
    return BigInt(part(timestampDate(this.message)))
  }),
)

// The library reads '' as 0 and, as a double, any other text as NaN, which makes the opposite of a comparison true.
const CONVERSIONS = [
  celFunc('int', [STRING], INT, (text) => BigInt(fitting(text, WHOLE_NUMBER))),
  celFunc('double', [STRING], DOUBLE, (text) => Number(fitting(text, NUMBER))),
]

/** The functions that replace those of the library in one condition. */
export function conditionFunctions({ patterns, meter, invalid }: ConditionFunctionOptions): CelFunc[] {
  const compiled = new Map([...patterns].map((pattern) => [pattern, compilePattern(pattern, invalid)]))
  const matches = celMethod('matches', STRING, [STRING], BOOL, function (pattern) {
    const expression = compiled.get(pattern)
    if (expression === undefined || this.length > LONGEST_TEXT) throw new Error('the text cannot be matched')
    // In time linear in the text for each instruction.
    meter.spend(Math.ceil((this.length * sizeOf(expression)) / INSTRUCTIONS_PER_STEP))
    return expression.test(this)
  })
  return [matches, ...TIME_FUNCTIONS, ...CONVERSIONS]
}

function compilePattern(pattern: string, invalid: Refuse): RE2JS {
  if (pattern.length > LONGEST_PATTERN) throw invalid(`a pattern has more than ${LONGEST_PATTERN} characters`)
  const compiled = parsePattern(pattern, invalid)
  if (sizeOf(compiled) <= LARGEST_PATTERN) return compiled
  throw invalid(`${JSON.stringify(pattern)} repeats too much`)
}

function parsePattern(pattern: string, invalid: Refuse): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (cause) {
    throw invalid(`${JSON.stringify(pattern)} is no RE2 pattern`, cause)
  }
}

function sizeOf(compiled: RE2JS): number {
  return compiled.re2Input.prog.numInst()
}

function fitting(text: string, form: RegExp): string {
  if (form.test(text)) return text
  throw new Error('the text is no number')
}
