import { expect } from 'vitest'
import type { ApiRoute, OpenRoute } from './api-route.ts'

/** An answer as the tests of answers read it. */
interface Answer {
  readonly status: number
  readonly text: string
  // What an answer holds is what each test is about.
  readonly body: ReturnType<typeof JSON.parse>
}

/** What sends the same request again and again, with more headers and something behind its body. */
export type SendSame = (headers: Readonly<Record<string, string>>, behind?: string) => Promise<Answer>

const AT_ONCE = 4
let keys = 0

/**
 * Sends a request of a POST route several times at once under one key, then again, then with another body: one effect, one
 * answer, and nothing that a secret could be read from. Any other request is sent once.
 */
export async function sendOnce(route: ApiRoute | OpenRoute, send: SendSame): Promise<Answer> {
  if (route.method !== 'post') return send({})
  keys += 1
  const headers = { 'idempotency-key': `step-${keys}` }
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => send(headers)))
  const first = answers.find(({ status }) => status < 300)
  if (first === undefined) return answers[0] ?? (await send(headers))
  const again = await send(headers)
  for (const answer of [...answers, again]) {
    if (answer === first || answer.body.code === 'IDEMPOTENCY_IN_FLIGHT') continue
    if (route.secret === true) expect([route.path, answer.body.code]).toEqual([route.path, 'IDEMPOTENCY_SECRET'])
    else if (route.isPending?.(first.body) === true) expect(answer.body.id).toBe(first.body.id)
    else expect([route.path, answer.text]).toEqual([route.path, first.text])
  }
  // What takes no body has nothing that could differ.
  if (!('body' in route)) return first
  const other = await send(headers, ' ')
  expect([route.path, other.status, other.body.code]).toEqual([route.path, 422, 'IDEMPOTENCY_KEY_REUSED'])
  return first
}

/** Nothing that was sent reached a prototype. */
export function assertUnpolluted(route: string): void {
  const reached = [Object.prototype, Array.prototype, Function.prototype].flatMap((prototype) => Object.keys(prototype))
  expect([route, reached]).toEqual([route, []])
}
