import { GovernanceError, type JsonObject } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import type { GovernorPlugin } from '@preceptor/core/plugin'
import { describe, expect, it } from 'vitest'
import { sendJson, useApi } from '../api-calls/api-server.test.helper.ts'
import { StepFault } from '../faults/step-fault.ts'
import { type EndpointActionOptions, endpointAction } from './endpoint-action.ts'
import { useActions } from './governed-actions.test.helper.ts'
import type { OrchestrationAction } from './orchestration-action.ts'

const TOKEN = 'canary-token-7'
const api = useApi()
const make =
  (options: Partial<EndpointActionOptions>): OrchestrationAction =>
  (host) =>
    endpointAction({ url: `${api.origin}/review`, ...options })(host)
const actions = useActions(
  () => ({
    'tax.review': make({ risk: 'medium', idempotent: true, headers: { Authorization: `Bearer ${TOKEN}` } }),
    'tax.file': make({}),
    'tax.slow': make({ timeoutSeconds: 1 }),
  }),
  () => ({ memory: true, outbound: { allow: [api.origin] } }),
)

const faultOf = async (action: string, args: JsonObject = {}): Promise<StepFault> => {
  const fault = await actions.attempt(action, args).catch((error: unknown) => error)
  if (!StepFault.isInstance(fault)) throw new Error(`No fault: ${JSON.stringify(fault)}`)
  return fault
}

describe('an agent behind HTTP', () => {
  it('is told args, key and attempt, and gives an output', async () => {
    api.answer = (_, response) => sendJson(response, { output: { score: 3 }, more: true })
    const result = await actions.attempt('tax.review', { client: 'ana' }, { idempotencyKey: 'run-1' })
    expect(result).toMatchObject({ status: 'executed', value: { score: 3 } })
    const [request] = api.received
    expect(request).toMatchObject({ method: 'POST', path: '/review' })
    expect(JSON.parse(request?.body ?? '')).toEqual({ args: { client: 'ana' }, idempotencyKey: 'run-1', attempt: 1 })
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'idempotency-key': 'run-1',
    })
  })

  it('runs once for one key, and its output is kept for the others', async () => {
    api.answer = (_, response) => sendJson(response, { output: 'filed' })
    const agent = await actions.agent('autonomous')
    const attempt = { agent, idempotencyKey: 'run-2' }
    expect(await actions.attempt('tax.file', {}, attempt)).toMatchObject({ status: 'executed', value: 'filed' })
    const again = await actions.attempt('tax.file', {}, attempt)
    expect(again).toMatchObject({ status: 'replayed', outcome: { status: 'succeeded', value: 'filed', stored: true } })
    expect(api.received).toHaveLength(1)
  })

  it.each([
    ['no JSON', 200, 'done', 'what is no JSON'],
    ['no output', 200, '{"answer":1}', 'without an "output"'],
    ['a list', 200, '[1]', 'without an "output"'],
    ['another status', 202, '{"output":1}', 'answered 202, and not 200'],
    ['a redirect', 307, '', 'answered 307, and not 200'],
    ['more than is kept', 200, JSON.stringify({ output: 'x'.repeat(65_535) }), '65537 bytes of JSON, and 65536'],
    ['far more than is kept', 200, JSON.stringify({ output: 'x'.repeat(600_000) }), 'more than the 64 kB'],
    ['a deep value', 200, `{"output":${'['.repeat(99)}${']'.repeat(99)}}`, 'nested deeper'],
  ])('fails for good where it answers with %s', async (_, status, body, said) => {
    api.answer = (_request, response) => void response.writeHead(status).end(body)
    const fault = await faultOf('tax.review')
    expect(fault.message).toContain(said)
    expect(fault).toMatchObject({ isRetryable: false, isInfrastructure: false })
  })

  it('keeps as much as is said', async () => {
    const output = 'x'.repeat(65_534)
    api.answer = (_, response) => sendJson(response, { output })
    const result = await actions.attempt('tax.review', {})
    expect(result.status === 'executed' && result.value === output).toBe(true)
  })

  it('is tried again where that may help and does no harm, and its headers come back in no error', async () => {
    api.answer = ({ headers }, response) => sendJson(response, { headers }, 503)
    const fault = await faultOf('tax.review')
    expect(fault).toMatchObject({ isRetryable: true, isInfrastructure: true })
    expect(fault.message).toContain(`The agent at ${api.origin}/review was answered 503`)
    expect(fault.message).not.toContain(TOKEN)
    api.answer = (_, response) => void response.destroy()
    expect(await faultOf('tax.review')).toMatchObject({ isRetryable: true, isEffectUnknown: false })
    expect(await faultOf('tax.file')).toMatchObject({ isRetryable: false, isEffectUnknown: true })
    api.answer = () => undefined
    expect(await faultOf('tax.slow')).toMatchObject({ code: 'ETIMEDOUT', isEffectUnknown: true })
  })

  it.each([
    ['no time', { timeoutSeconds: 0 }],
    ['no number of seconds', { timeoutSeconds: Number.NaN }],
    ['a header of the connection', { headers: { Host: TOKEN } }],
    ['a header of two lines', { headers: { 'x-note': `${TOKEN}\r\nb: 2` } }],
  ])('is not made with %s', (_, options) => {
    const error = thrownBy(() => endpointAction({ url: 'https://agents.example.com/', ...options }))
    expect(GovernanceError.isInstance(error) && error.code).toBe('OPTION_INVALID')
    expect(String(error)).not.toContain(TOKEN)
  })

  it('is not opened at an address that is never called', async () => {
    const action = endpointAction({ url: 'http://127.0.0.1:1/x' })
    const plugin: GovernorPlugin = {
      port: { name: 'probe', connect: () => ({}) },
      permissions: {},
      migrations: [],
      open: ({ context }) => ({ scope: () => ({}), jobs: {}, actions: { 'tax.review': action(context) } }),
    }
    await expect(createGovernor({ memory: true, plugins: [plugin] })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}
