import type { JsonValue } from '@preceptor/client'
import { headerProblem, type OutboundMethod, redact, redactText } from '@preceptor/core/plugin'
import { z } from 'zod'

/** A header: a text, or a reference to a secret that is filled in at the call. */
export type HeaderValue = string | { readonly $secret: string; readonly prefix?: string | undefined }

/** Args of a call to an API. */
export interface ApiCallArgs {
  readonly method: OutboundMethod
  readonly url: string
  readonly headers?: Readonly<Record<string, HeaderValue>> | undefined
  readonly body?: JsonValue | undefined
}

const LONGEST_URL = 2_048
const MOST_HEADERS = 50
const MOST_BODY_BYTES = 262_144
// An answer is read as it comes, and a body is sent as it is written.
const UNSUPPORTED = new Set(['accept-encoding', 'content-encoding'])

const header = z.union([
  z.string(),
  z.strictObject({ $secret: z.string().min(1).max(100), prefix: z.string().max(32).optional() }),
])

const headers = z.record(z.string(), header).superRefine((given, context) => {
  const names = Object.keys(given).map((name) => name.toLowerCase())
  const problems = Object.entries(given).map(([name, value]) => headerRefusal(name, value))
  if (names.length > MOST_HEADERS) problems.push(`at most ${MOST_HEADERS} headers can be set`)
  if (new Set(names).size < names.length) problems.push('a header is named twice')
  for (const message of problems) if (message !== undefined) context.addIssue({ code: 'custom', message })
})

const url = z.string().max(LONGEST_URL).refine(isAddress, 'must be an http or https address without a user in it')

const body = z
  .unknown()
  .refine(
    (value) => value === undefined || Buffer.byteLength(JSON.stringify(value)) <= MOST_BODY_BYTES,
    `must be at most ${MOST_BODY_BYTES} bytes as JSON`,
  )

/** The schema of the args of calls by some methods. */
export function apiCallSchema<const Methods extends readonly [OutboundMethod, ...OutboundMethod[]]>(
  methods: Methods,
  { hasBody }: { readonly hasBody: boolean },
): z.ZodType<ApiCallArgs> {
  const common = { method: z.enum(methods), url, headers: headers.optional() }
  // Args are JSON before they come here.
  const schema = hasBody ? z.strictObject({ ...common, body: body.optional() }) : z.strictObject(common)
  return schema as z.ZodType<ApiCallArgs>
}

/**
 * Why a header is not taken. What redaction would hide must be a reference: then what people see, what is hashed and what is
 * sent is the same, and no secret is in a definition, a proposal or a row.
 */
export function headerRefusal(name: string, value: HeaderValue): string | undefined {
  const text = typeof value === 'string' ? value : (value.prefix ?? '')
  const problem = headerProblem(name, text)
  if (problem !== undefined) return problem
  const lower = name.toLowerCase()
  if (UNSUPPORTED.has(lower)) return `the header ${lower} is not supported`
  const isHidden = redactText(text) !== text || (typeof value === 'string' && isSecretName(name))
  return isHidden ? `the header ${lower} holds a secret: write { "$secret": its name } instead` : undefined
}

function isSecretName(name: string): boolean {
  return JSON.stringify(redact({ [name]: 'x' })) !== JSON.stringify({ [name]: 'x' })
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
}
