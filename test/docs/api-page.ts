/** An OpenAPI document, as plain data. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface ApiOperation {
  readonly summary: string
  readonly tags: readonly string[]
  readonly 'x-permission': string
  readonly security?: readonly unknown[]
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

/** What each kind of caller may do with an operation. */
type Permissions = Readonly<Record<string, Readonly<Record<string, string>>>>

const CALLERS = ['admin', 'supervisor', 'viewer', 'agent', 'service'] as const

/** Writes the page of the API from the document that a server answers with, and the table of permissions. */
export function apiPage({ paths, components }: ApiDocument, permissions: Permissions): string {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const groups = [...new Set(rows.map(({ operation }) => operation.tags[0] ?? 'other'))].sort()
  const sections = groups.map((group) => {
    const lines = rows
      .filter(({ operation }) => (operation.tags[0] ?? 'other') === group)
      .map(({ path, method, operation }) => line(method, path, operation, permissions))
    return `## ${group}\n\n${TABLE}\n${lines.join('\n')}\n`
  })
  const shapes = Object.entries(components.schemas).map(([name, schema]) => `### ${name}\n\n${fields(schema)}\n`)
  return `${HEAD}\n${sections.join('\n')}\n## Shapes\n\n${SHAPES}\n\n${shapes.join('\n')}`
}

const HEAD = `# The API

Every operation of the REST API, with those of the plugins for learning and orchestration. This page is generated from the
document at \`/openapi.json\`, which has every field, limit and form; \`governanceApi(governor)\` serves both.

- Every request but those marked "open" brings \`Authorization: Bearer\` with an API key or a JWT.
- The permission is the scope as well: a service needs it among its scopes. "May" says who else: in full, with args and bodies
  left out (redacted), or only what is one's own.
- Every POST takes \`Idempotency-Key\`. An error is \`application/problem+json\` with one of the [codes](errors.md).
- In a request \`?\` marks what may be left out.
`

const TABLE = `| operation | what it does | permission | may | request | answer |
|---|---|---|---|---|---|`

const SHAPES = 'What is shown of the resources of core, by name; `?` marks what may be missing.'

function line(method: string, path: string, operation: ApiOperation, permissions: Permissions): string {
  const permission = operation['x-permission']
  const cells = [
    `\`${method.toUpperCase()} ${path}\``,
    operation.summary.replaceAll('|', '\\|'),
    `\`${permission}\``,
    operation.security?.length === 0 ? 'open' : mayOf(permissions[permission]),
    requestOf(operation),
    answerOf(operation),
  ]
  return `| ${cells.join(' | ')} |`
}

function mayOf(permission: Readonly<Record<string, string>> | undefined): string {
  if (permission === undefined) throw new Error('An operation has no row in the table of permissions.')
  const parts = CALLERS.flatMap((caller) => {
    const access = permission[caller]
    if (access === undefined || access === 'never') return []
    return [access === 'any' || access === 'scoped' ? caller : `${caller} (${access})`]
  })
  return parts.join(', ') || 'system only'
}

function requestOf({ parameters, requestBody }: ApiOperation): string {
  const query = parameters.filter((parameter) => parameter.in === 'query')
  const asked = query.map(({ name, required }) => `\`${name}${required === true ? '' : '?'}\``)
  const body = Object.values(requestBody?.content ?? {})[0]?.schema
  const parts = [
    ...(asked.length === 0 ? [] : [`query ${asked.join(' ')}`]),
    ...(body === undefined ? [] : [`body ${shapeOf(body)}`]),
  ]
  return parts.join('; ')
}

function answerOf({ responses }: ApiOperation): string {
  const answers = Object.entries(responses).filter(([status]) => status !== 'default')
  return answers
    .map(([status, { content = {} }]) => {
      const [type, form] = Object.entries(content)[0] ?? []
      const stream = type === undefined || type === 'application/json' ? '' : ` ${type}`
      return `${status}${stream}${form === undefined ? '' : ` ${shapeOf(form.schema)}`}`
    })
    .join('; ')
}

/** A name with a link where a schema has one, else what stands in it. */
function shapeOf(schema: Schema): string {
  const named = schema.$ref?.split('/').at(-1)
  if (named !== undefined) return `[${named}](#${named.toLowerCase()})`
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return choices.map(shapeOf).join(' or ')
  if (schema.type === 'array') return `list of ${shapeOf(schema.items ?? {})}`
  const { items } = schema.properties ?? {}
  if (items?.items !== undefined && schema.properties?.next !== undefined) return `page of ${shapeOf(items.items)}`
  return fields(schema)
}

function fields({ properties, required = [], type }: Schema): string {
  const names = Object.keys(properties ?? {})
  if (names.length === 0) return `\`${typeof type === 'string' ? type : 'any'}\``
  return names.map((name) => `\`${name}${required.includes(name) ? '' : '?'}\``).join(' ')
}
