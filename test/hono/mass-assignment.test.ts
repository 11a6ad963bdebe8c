import { OPERATIONS, type Operation, REFINEMENTS } from '@preceptor/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { sampleOf } from './samples.ts'
import { useApi } from './support.ts'

const api = useApi()

/** What a body might smuggle in: who one is, where, and what was earned. */
const SMUGGLED: Readonly<Record<string, unknown>> = {
  roles: ['admin'],
  workspace: 'default',
  workspaceId: 'other',
  id: 'chosen',
  createdBy: 'user:ada',
  createdAt: '2020-01-01T00:00:00Z',
  ownerId: 'system',
  principal: { kind: 'system', id: 'x', roles: [] },
  state: 'approved',
  maturity: 'autonomous',
  confidence: 10_000,
  route: 'execution',
  source: 'manual',
  scopes: ['*'],
  isAdmin: true,
  constructor: { prototype: { isAdmin: true } },
  prototype: {},
}

interface JsonSchema {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: unknown
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
}

let bodies: ReadonlyMap<string, JsonSchema> = new Map()
let named: Readonly<Record<string, JsonSchema>> = {}

beforeAll(async () => {
  const { body } = await api.request('GET', '/openapi.json')
  named = body.components.schemas
  const found = new Map<string, JsonSchema>()
  for (const [path, methods] of Object.entries<Record<string, { readonly requestBody?: unknown }>>(body.paths)) {
    for (const [method, { requestBody }] of Object.entries(methods)) {
      const schema = (requestBody as { readonly content?: Record<string, { readonly schema: JsonSchema }> } | undefined)
        ?.content?.['application/json']?.schema
      if (schema !== undefined) found.set(`${method.toUpperCase()} ${path}`, schema)
    }
  }
  bodies = found
})

function resolved(schema: JsonSchema): JsonSchema {
  return schema.$ref === undefined ? schema : (named[schema.$ref.split('/').at(-1) ?? ''] ?? {})
}

const variantsOf = ({ anyOf = [], oneOf = [], allOf = [] }: JsonSchema): readonly JsonSchema[] => [
  ...anyOf,
  ...oneOf,
  ...allOf,
]

/** Places in a schema that take keys beside those that it names. */
function openPlaces(schema: JsonSchema, place: string): readonly string[] {
  const { properties, additionalProperties, items, ...rest } = resolved(schema)
  const own = properties !== undefined && additionalProperties !== false ? [place] : []
  return [
    ...own,
    ...Object.entries(properties ?? {}).flatMap(([name, inner]) => openPlaces(inner, `${place}.${name}`)),
    ...(items === undefined ? [] : openPlaces(items, `${place}[]`)),
    ...variantsOf(rest).flatMap((variant) => openPlaces(variant, place)),
  ]
}

/** Keys that a body may have. */
function keysOf(schema: JsonSchema): ReadonlySet<string> {
  const { properties = {}, ...rest } = resolved(schema)
  return new Set([...Object.keys(properties), ...variantsOf(rest).flatMap((variant) => [...keysOf(variant)])])
}

const refused = (status: number, code: string): boolean =>
  (status === 400 && code === 'INPUT_INVALID') || (status === 403 && /^(?:WORKSPACE|SOURCE)_MISMATCH$/.test(code))

describe('a body', () => {
  it(verifies('I-36', 'has no place that takes keys beside its own, on any route'), () => {
    expect(bodies.size).toBeGreaterThan(40)
    expect([...bodies].flatMap(([route, schema]) => openPlaces(schema, route))).toEqual([])
  })

  const own = OPERATIONS.filter((operation) => REFINEMENTS[operation] === undefined)
  const withBody = own.filter((operation) => sampleOf(operation, 'admin')[2] !== undefined)

  it.each(withBody)(verifies('I-36', '%s with any key more is refused'), async (operation: Operation) => {
    const system = operation.startsWith('workspaces.')
    const [method, path, sample] = sampleOf(operation, 'admin')
    const schema = [...bodies].find(([route]) => matches(route, `${method} ${path}`))?.[1]
    const allowed = schema === undefined ? new Set<string>() : keysOf(schema)
    const taken: string[] = []
    const text = JSON.stringify(sample).slice(0, -1)
    const comma = Object.keys(sample as object).length === 0 ? '' : ','
    for (const [name, value] of [...Object.entries(SMUGGLED), ['__proto__', { isAdmin: true }] as const]) {
      if (allowed.has(name)) continue
      const raw = `${text}${comma}${JSON.stringify(name)}:${JSON.stringify(value)}}`
      const { status, body } = await api.request(method, path, { as: system ? 'system' : 'admin', raw })
      if (!refused(status, body?.code)) taken.push(`${name}: ${status} ${body?.code}`)
    }
    expect(taken).toEqual([])
  })

  it(verifies('I-39', 'leaves every prototype as it is'), () => {
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined()
    expect(
      Reflect.get(
        Object(() => undefined),
        'isAdmin',
      ),
    ).toBeUndefined()
  })
})

function matches(route: string, asked: string): boolean {
  const [wanted, given] = [route, asked.split('?')[0] ?? ''].map((text) => text.split('/'))
  if (wanted === undefined || given === undefined || wanted.length !== given.length) return false
  return wanted.every((part, index) => part === given[index] || part.startsWith('{'))
}
