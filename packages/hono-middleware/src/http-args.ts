import type { JsonObject, StandardIssue, StandardResult, StandardSchema } from '@preceptor/client'
import type { Context } from 'hono'
import { readBody } from './read-body.ts'

/** Schemas of the parts of a request; without one a part is taken as it comes. */
export interface RequestSchema {
  /** Path parameters: texts. */
  readonly params?: StandardSchema
  /** Query parameters: texts, or a list of texts where a name is repeated. */
  readonly query?: StandardSchema
  /** The JSON body; null without one. */
  readonly body?: StandardSchema
}

const PARTS = ['params', 'query', 'body'] as const

/**
 * What a governed request attempts, and all of it: method and route stand beside params, query and body, so that an
 * approval of one route is none of another. Below a wildcard the route is the whole path, which then holds the params.
 */
export async function readHttpArgs(c: Context): Promise<JsonObject> {
  // The helper of `hono/route` knows requests of its own copy only, and a CommonJS host has another one.
  const pattern = c.req.routePath
  return {
    method: c.req.method,
    route: pattern.includes('*') ? c.req.path : pattern,
    params: { ...c.req.param() },
    query: readQuery(c.req.url),
    body: (await readBody(c)).value,
  }
}

/** The query of an address. A name that reaches a prototype stays a plain name, which the gate refuses. */
export function readQuery(url: string): JsonObject {
  const start = url.indexOf('?')
  if (start < 0) return {}
  const query = new Map<string, string | readonly string[]>()
  for (const [name, value] of new URLSearchParams(url.slice(start))) {
    const before = query.get(name)
    query.set(name, before === undefined ? value : [...(typeof before === 'string' ? [before] : before), value])
  }
  return Object.fromEntries(query)
}

/** One schema over the parts that have one, which also states itself as JSON Schema, for the digest of the action. */
export function argsSchema(schema: RequestSchema): StandardSchema {
  const parts = PARTS.flatMap((part) =>
    schema[part] === undefined ? [] : [{ part, standard: schema[part]['~standard'] }],
  )
  const propertiesOf = (way: 'input' | 'output'): object =>
    Object.fromEntries(parts.map(({ part, standard }) => [part, describe(standard, way)]))
  const describeParts = (way: 'input' | 'output') => () => ({ type: 'object', properties: propertiesOf(way) })
  const validate = async (value: unknown): Promise<StandardResult> => {
    const parsed: Record<string, unknown> = { ...(value as JsonObject) }
    const issues: StandardIssue[] = []
    for (const { part, standard } of parts) {
      const result = await standard.validate(parsed[part])
      if (result.issues)
        issues.push(...result.issues.map(({ message, path = [] }) => ({ message, path: [part, ...path] })))
      else parsed[part] = result.value
    }
    return issues.length > 0 ? { issues } : { value: parsed }
  }
  const jsonSchema = { input: describeParts('input'), output: describeParts('output') }
  const standard = { version: 1 as const, vendor: 'preceptor', validate, jsonSchema }
  return { '~standard': standard }
}

type Describe = (options: { readonly target: string }) => object
/** https://standardschema.dev/json-schema */
type Described = StandardSchema['~standard'] & { readonly jsonSchema?: Partial<Record<'input' | 'output', Describe>> }

const describe = ({ jsonSchema, vendor }: Described, way: 'input' | 'output'): object =>
  jsonSchema?.[way]?.({ target: 'draft-2020-12' }) ?? { $comment: `opaque schema of ${vendor}` }
