import { describe, expect, it } from 'vitest'
import { describeApi, routesWith } from './api-routes.ts'
import { STREAM_ROUTES } from './stream-routes.ts'

// A document of this size is read as the plain data that it is.
type Node = ReturnType<typeof JSON.parse>
const SERVED = routesWith([])
const document: Node = JSON.parse(JSON.stringify(describeApi(SERVED)))
const operations: readonly { path: string; method: string; operation: Node }[] = Object.entries<Node>(
  document.paths,
).flatMap(([path, methods]) =>
  Object.entries<Node>(methods).map(([method, operation]) => ({ path, method, operation })),
)

function refsIn(node: Node): readonly string[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) => (key === '$ref' ? [String(value)] : refsIn(value)))
}

describe('openapi.json', () => {
  it('lists every route of the table, and no other [HTTP-4]', () => {
    const listed = operations.map(({ path, method }) => `${method} ${path}`).sort()
    expect(listed).toEqual(
      [...SERVED.routes, ...STREAM_ROUTES, ...SERVED.downloads, ...SERVED.open]
        .map(({ path, method }) => `${method} ${path}`)
        .sort(),
    )
    expect(document.openapi).toMatch(/^3\.1\./)
  })

  it('describes groups of the foundation [HTTP-4]', () => {
    const groups = new Set(operations.map(({ path }) => path.split('/')[1]))
    const expected = [
      'agents',
      'analytics',
      'actions',
      'activity',
      'triggers',
      'decisions',
      'runs',
      'blocked-triggers',
      'maturity',
      'supervision',
      'supervised-queue',
      'policies',
      'journal',
      'events',
      'keys',
      'stops',
      'bypasses',
      'workspaces',
      'stream-tickets',
      'ws',
      'memberships',
      'users',
      'grants',
      'playbooks',
      'webhooks',
      'escalations',
      'alerts',
      'reviews',
      'reviewers',
      'healthz',
      'identity',
      'readyz',
      'openapi.json',
    ]
    expect([...groups].sort()).toEqual(expected.sort())
  })

  it('refers to nothing that is not there, and has no name twice [HTTP-4]', () => {
    const refs = new Set(refsIn(document))
    expect(refs.size).toBeGreaterThan(10)
    for (const ref of refs) {
      const target = ref
        .slice(2)
        .split('/')
        .reduce((node: Node, key) => node?.[key], document)
      expect([ref, typeof target]).toEqual([ref, 'object'])
    }
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('declares each part of a path, once and required [HTTP-4]', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const declared = operation.parameters.filter((parameter: Node) => parameter.in === 'path')
      expect([path, declared.map(({ name }: Node) => name)]).toEqual([path, inPath])
      expect(declared.every(({ required }: Node) => required === true)).toBe(true)
    }
  })

  it('asks for a credential everywhere but where none is needed, and shows what errors look like [HTTP-4, HTTP-2]', () => {
    expect(document.security).toEqual([{ bearer: [] }])
    expect(document.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' })
    const open = operations.filter(({ operation }) => operation.security?.length === 0).map(({ path }) => path)
    expect(open.sort()).toEqual(['/healthz', '/openapi.json', '/readyz'])
    for (const { operation } of operations) {
      expect(operation.responses.default.content['application/problem+json'].schema.$ref).toBe(
        '#/components/schemas/Problem',
      )
    }
  })

  it('takes Idempotency-Key on every POST, and no unknown key in any body [HTTP-4, HTTP-3]', () => {
    for (const { path, method, operation } of operations) {
      const names = operation.parameters.map(({ name }: Node) => name)
      expect([path, names.includes('Idempotency-Key')]).toEqual([path, method === 'post'])
      const body = operation.requestBody?.content['application/json'].schema
      if (body === undefined) continue
      // A body that may be left out may be null.
      const shapes = (body.oneOf ?? body.anyOf ?? [body]).filter(({ type }: Node) => type !== 'null')
      expect([path, shapes.every((shape: Node) => shape.additionalProperties === false)]).toEqual([path, true])
    }
  })

  it('is plain data: no undefined, no schema that says nothing of a resource [HTTP-4]', () => {
    expect(document).toEqual(describeApi(SERVED))
    expect(document.components.schemas.Agent.properties.maturity.enum).toEqual([
      'student',
      'intern',
      'supervised',
      'autonomous',
    ])
    expect(document.components.schemas.Decision.oneOf).toHaveLength(6)
  })
})
