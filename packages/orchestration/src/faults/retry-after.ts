const SECONDS = /^\d{1,9}$/

/**
 * Milliseconds that a server asks to wait for (RFC 9110, 10.2.3): seconds, or a date, which is held against the date that the
 * server gave itself, and else against `now`. Undefined for what is neither.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const text = headers['retry-after']?.trim()
  if (text === undefined) return undefined
  if (SECONDS.test(text)) return Number(text) * 1_000
  const due = Date.parse(text)
  if (Number.isNaN(due)) return undefined
  const sent = Date.parse(headers.date ?? '')
  return Math.max(0, due - (Number.isNaN(sent) ? now : sent))
}
