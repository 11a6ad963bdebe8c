import type { JsonValue } from '@preceptor/client'
import type { SensitivePath } from './redact-schema.ts'
import { isCardNumber, REDACTED, redactText } from './redact-text.ts'

/** What is known of the value. */
export interface RedactOptions {
  /** Places that the schema of the value marks as sensitive. */
  readonly sensitivePaths?: readonly SensitivePath[]
}

/** What is left to do. */
interface Walk {
  left: number
}

const DEEPEST = 64
const MOST_VALUES = 500_000
const SENSITIVE_KEY =
  /pass[_-]?(?:word|phrase|wd|code)|secret(?!ar)|authorization|credential|(?:api|access|private|signing|encryption)[_-]?key|(?:token|cookie)s?$|(?:token|secret)[_-]?value$|pwd$|(?:^|[_-])(?:pin|cvv|cvc|otp)$/i
const COUNT_OF_TOKENS = /tokens$/i

/**
 * A copy of a value in which secrets are `[redacted]`: by the schema, by the name of the key, and by their form in any
 * text. Never throws: what cannot be read is redacted as well.
 */
export function redact(value: JsonValue, { sensitivePaths = [] }: RedactOptions = {}): JsonValue {
  try {
    return copy(value, sensitivePaths, { left: MOST_VALUES }, 0)
  } catch {
    return REDACTED
  }
}

function copy(value: unknown, paths: readonly SensitivePath[], walk: Walk, depth: number): JsonValue {
  walk.left -= 1
  if (walk.left < 0 || depth > DEEPEST || paths.some((path) => path.length === 0)) return REDACTED
  switch (typeof value) {
    case 'string':
      return redactText(value)
    case 'number':
      return isPlainNumber(value) ? value : REDACTED
    case 'boolean':
      return value
    case 'object':
      if (value === null) return null
      if (!Array.isArray(value)) return copyObject(value, paths, walk, depth)
      return value.map((item, index) => copy(item, below(paths, String(index)), walk, depth + 1))
    default:
      return REDACTED
  }
}

function copyObject(value: object, paths: readonly SensitivePath[], walk: Walk, depth: number): JsonValue {
  // Defines each key, so that `__proto__` is a key like any other.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redactText(key),
      isSecret(key, item) ? REDACTED : copy(item, below(paths, key), walk, depth + 1),
    ]),
  )
}

/** Whether the name of the key says that the value is a secret; a flag or null gives nothing away. */
function isSecret(key: string, value: unknown): boolean {
  if (value === null || typeof value === 'boolean' || !SENSITIVE_KEY.test(key)) return false
  return typeof value !== 'number' || !COUNT_OF_TOKENS.test(key)
}

function below(paths: readonly SensitivePath[], key: string): readonly SensitivePath[] {
  if (paths.length === 0) return paths
  return paths.filter(([step]) => step === '*' || step === key).map((path) => path.slice(1))
}

function isPlainNumber(value: number): boolean {
  return Number.isFinite(value) && !(value >= 1e12 && Number.isInteger(value) && isCardNumber(String(value)))
}
