import { OPEN_OPERATIONS, OPERATIONS, type Operation, PERMISSIONS, REFINEMENTS } from '@preceptor/core/testing'
import { describe, expect, it } from 'vitest'
import { SAMPLES, sampleOf } from './samples.ts'
import { type Caller, SERVICE_SCOPES, useApi } from './support.ts'

const api = useApi()

const CALLERS = ['admin', 'supervisor', 'viewer', 'agent', 'service', 'system'] as const
const cells = OPERATIONS.filter((operation) => REFINEMENTS[operation] === undefined).flatMap((operation) =>
  CALLERS.map((caller) => ({ operation, caller, access: PERMISSIONS[operation][caller] })),
)

async function statusOf(operation: Operation, caller: Caller): Promise<{ status: number; code: string | undefined }> {
  const [method, path, body] = sampleOf(operation, caller)
  const answer = await api.request(method, path, { as: caller, ...(body === undefined ? {} : { body }) })
  return { status: answer.status, code: answer.body?.code }
}

describe('permission matrix over HTTP', () => {
  it('has a route for every operation, and an operation for every route [I-36, AUTH-6]', async () => {
    const { body } = await api.request('GET', '/openapi.json', { as: 'anonymous' })
    const paths: Record<string, Record<string, { 'x-permission': string }>> = body.paths
    const routed = Object.values(paths).flatMap((path) => Object.values(path).map((route) => route['x-permission']))
    const own = OPERATIONS.filter((operation) => REFINEMENTS[operation] === undefined)
    expect([...new Set(routed)].sort()).toEqual([...own].sort())
    expect(Object.keys(SAMPLES).sort()).toEqual([...own].sort())
  })

  it.each(cells)('$operation as $caller: $access [I-36, AUTH-3]', async ({ operation, caller, access }) => {
    const { status, code } = await statusOf(operation, caller)
    if (access === 'never') expect({ status, code }).toEqual({ status: 403, code: 'PERMISSION_DENIED' })
    else expect([401, 403, 400, 500]).not.toContain(status)
  })

  it.each(Object.keys(SAMPLES) as Operation[])('%s without a credential: 401 [I-36, I-35]', async (operation) => {
    const { status, code } = await statusOf(operation, 'anonymous')
    if (OPEN_OPERATIONS.has(operation)) expect(status).toBe(200)
    else expect({ status, code }).toEqual({ status: 401, code: 'PRINCIPAL_REQUIRED' })
  })

  it.each(SERVICE_SCOPES.filter((scope) => scope !== 'presence.available') as Operation[])(
    '%s as a service without that scope: 403, naming the scope [AUTH-3, I-36]',
    async (operation) => {
      const [method, path, body] = sampleOf(operation, 'unscoped')
      const answer = await api.request(method, path, { as: 'unscoped', ...(body === undefined ? {} : { body }) })
      expect(answer.status).toBe(403)
      expect(answer.body.detail).toContain(operation)
    },
  )

  it('knows every scope that a service can be given [I-36]', () => {
    const scoped = OPERATIONS.filter((operation) => PERMISSIONS[operation].service === 'scoped')
    expect([...SERVICE_SCOPES].sort()).toEqual([...scoped].sort())
  })
})
