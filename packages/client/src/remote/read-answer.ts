import { ERROR_CODES, isErrorCode } from '../errors/error-codes.ts'
import { GovernanceError } from '../errors/governance-error.ts'
import type { JsonObject, JsonValue } from '../port/json.ts'

const JSON_TYPE = /^application\/(?:problem\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i
const LONGEST_TEXT = 2_000

/**
 * Reads the answer to a request: the JSON of a success, or the error that a problem (RFC 9457) states. Everything else
 * is an answer that is not understood, which denies.
 *
 * @throws GovernanceError with the code of the problem, `GOVERNOR_UNREACHABLE` for a server error without one, or
 * `GOVERNOR_ANSWER_INVALID`.
 */
export async function readAnswer(response: Response, options: { readonly mostBytes: number }): Promise<JsonValue> {
  const { status } = response
  if (status >= 300 && status < 400) throw discarded(response, 'it redirects, and a credential goes nowhere else')
  if (!JSON_TYPE.test(response.headers.get('content-type') ?? '')) {
    throw status >= 500 ? faultOf(response) : discarded(response, 'it is not JSON')
  }
  const value = parseJson(await readText(response, options.mostBytes), response)
  if (status >= 200 && status < 300) return value
  throw problemOf(response, value)
}

/** An answer of the governor that cannot be understood. */
export function answerInvalid(problem: string): GovernanceError {
  return new GovernanceError('GOVERNOR_ANSWER_INVALID', { message: `The answer is not understood: ${problem}.` })
}

/** Tells whether JSON is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function discarded(response: Response, problem: string): GovernanceError {
  discard(response)
  return answerInvalid(`${problem} (HTTP ${response.status})`)
}

function faultOf(response: Response): GovernanceError {
  discard(response)
  return new GovernanceError('GOVERNOR_UNREACHABLE', { message: `The governor answered with HTTP ${response.status}.` })
}

/** What is not read must not keep its connection. */
function discard({ body }: Response): void {
  body?.cancel().catch(() => undefined)
}

async function readText(response: Response, mostBytes: number): Promise<string> {
  if (Number(response.headers.get('content-length')) > mostBytes) throw discarded(response, 'it is too large')
  if (response.body === null) throw answerInvalid(`it is empty (HTTP ${response.status})`)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let size = 0
  // Not every browser can iterate over a stream.
  const reader = response.body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text + decode(decoder)
      size += value.byteLength
      if (size > mostBytes) throw answerInvalid('it is too large')
      text += decode(decoder, value)
    }
  } finally {
    reader.cancel().catch(() => undefined)
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
  } catch {
    throw answerInvalid('it is not UTF-8')
  }
}

function parseJson(text: string, { status }: Response): JsonValue {
  try {
    return JSON.parse(text)
  } catch {
    throw answerInvalid(`it is not JSON (HTTP ${status})`)
  }
}

function problemOf({ status }: Response, value: JsonValue): GovernanceError {
  const problem = isJsonObject(value) ? value : {}
  const { code, detail, hint, details, traceId } = problem
  if (!isErrorCode(code)) {
    const named = typeof code === 'string' ? ` and the unknown code ${JSON.stringify(code.slice(0, 64))}` : ''
    if (status >= 500) {
      const message = `The governor answered with HTTP ${status}${named}.`
      return new GovernanceError('GOVERNOR_UNREACHABLE', { message })
    }
    return answerInvalid(`it is an error (HTTP ${status})${named === '' ? ' without a code' : named}`)
  }
  return new GovernanceError(code, {
    message: textOf(detail) ?? ERROR_CODES[code].summary,
    hint: textOf(hint) ?? ERROR_CODES[code].advice,
    details: {
      ...(isJsonObject(details) ? details : {}),
      ...(typeof traceId === 'string' ? { traceId: traceId.slice(0, 64) } : {}),
    },
  })
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_TEXT) : undefined
}
