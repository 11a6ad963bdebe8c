import type { PreviewBlock, PreviewItem } from '@preceptor/client'
import type { ApiCallArgs, HeaderValue } from './api-call-args.ts'

const LONGEST_SUMMARY = 180
// A block takes 16 kB: characters may take several bytes each.
const LONGEST_CODE = 5_000

/** One line on a call. */
export function summaryOf({ method, url }: ApiCallArgs): string {
  const { host, pathname } = new URL(url)
  const line = `Sends ${method} to ${host}${pathname}`
  return line.length > LONGEST_SUMMARY ? `${line.slice(0, LONGEST_SUMMARY)}…` : line
}

/** A call as it will be sent, but for the values of secrets, which nobody sees. */
export function previewOf({ method, url, headers = {}, body }: ApiCallArgs): readonly PreviewBlock[] {
  const { host, pathname, search, protocol } = new URL(url)
  const items: PreviewItem[] = [
    { label: 'Method', value: method },
    { label: 'Host', value: host },
    { label: 'Path', value: pathname },
    ...(search === '' ? [] : [{ label: 'Query', value: search }]),
    ...Object.entries(headers).map(([name, value]) => ({ label: `Header ${name}`, value: shown(value) })),
  ]
  const warnings = protocol === 'http:' ? [{ kind: 'warning', text: 'The connection is not encrypted.' } as const] : []
  return [...warnings, { kind: 'kv', items }, ...(body === undefined ? [] : codeOf(JSON.stringify(body, null, 2)))]
}

function shown(value: HeaderValue): string {
  return typeof value === 'string' ? value : `${value.prefix ?? ''}{secret ${value.$secret}}`
}

function codeOf(text: string): readonly PreviewBlock[] {
  const parts: PreviewBlock[] = []
  for (let start = 0; start < text.length; start += LONGEST_CODE) {
    parts.push({ kind: 'code', code: text.slice(start, start + LONGEST_CODE), language: 'json' })
  }
  return parts
}
