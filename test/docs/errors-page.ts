import { ERROR_CODES, type ErrorCodeEntry } from '@preceptor/client'

/** Writes the page of all error codes from their table. */
export function errorsPage(): string {
  const entries = Object.entries(ERROR_CODES).sort(([one], [other]) => (one < other ? -1 : 1))
  return `${HEAD}\n${entries.map(([code, entry]) => section(code, entry)).join('\n')}`
}

const HEAD = `# Error codes

Every error and every denial of Preceptor carries one of these codes. This page is generated from the table in
\`packages/client/src/errors/error-codes.ts\`; \`preceptor explain CODE\` prints the same offline. "Retry" says whether the
same call may succeed later without being changed.
`

function section(code: string, { status, retryable, summary, advice }: ErrorCodeEntry): string {
  return `## ${code}

${summary} ${advice}

HTTP ${status} · retry: ${retryable ? 'yes' : 'no'}
`
}
