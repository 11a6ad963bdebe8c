import { GovernanceError } from '../errors/governance-error.ts'
import type { Connection } from './connection.ts'
import { answerInvalid, readAnswer } from './read-answer.ts'

const BEGIN_WITHIN_MS = 10_000
const MOST_BYTES_OF_PROBLEM = 262_144
const TEXT_TYPE = /^(?:application\/x-ndjson|text\/csv)\s*(?:;|$)/i

/**
 * Asks for a text of any length, which is read as it is asked for; one that breaks off throws.
 *
 * @throws GovernanceError with the code that the server states, `GOVERNOR_UNREACHABLE`, `GOVERNOR_ANSWER_INVALID`.
 */
export async function openDownload(
  { url, token, workspace, closed }: Connection,
  { path, signal }: { readonly path: string; readonly signal?: AbortSignal | undefined },
): Promise<AsyncIterable<string>> {
  closed.throwIfAborted()
  const begun = new AbortController()
  const ending = AbortSignal.any([closed, begun.signal, ...(signal === undefined ? [] : [signal])])
  const late = new GovernanceError('DEADLINE_EXCEEDED', { message: 'The download did not begin in time.' })
  const timer = setTimeout(() => begun.abort(late), BEGIN_WITHIN_MS)
  const headers = {
    accept: 'application/x-ndjson, text/csv, application/problem+json',
    authorization: `Bearer ${token}`,
    'preceptor-workspace': workspace,
  }
  try {
    const response = await fetch(`${url}${path}`, { headers, signal: ending, redirect: 'manual' })
    if (response.status === 200 && response.body !== null && isText(response)) return textOf(response.body, ending)
    await readAnswer(response, { mostBytes: MOST_BYTES_OF_PROBLEM })
    throw answerInvalid('it is no download')
  } catch (error) {
    throw toFault(error, ending)
  } finally {
    clearTimeout(timer)
  }
}

function isText({ headers }: Response): boolean {
  return TEXT_TYPE.test(headers.get('content-type') ?? '')
}

async function* textOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      const text = decoder.decode(value, { stream: !done })
      if (text !== '') yield text
      if (done) return
    }
  } catch (error) {
    throw toFault(error, signal)
  } finally {
    reader.cancel().catch(() => undefined)
  }
}

function toFault(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  if (GovernanceError.isInstance(error)) return error
  return new GovernanceError('GOVERNOR_UNREACHABLE', { message: 'The download broke off.', cause: error })
}
