import { describe, expect, it } from 'vitest'
import { useApi } from './support.ts'

const api = useApi()

let keys = 0
const withKey = (key?: string) => {
  keys += 1
  return { headers: { 'idempotency-key': key ?? `key-${keys}` } }
}

describe('Idempotency-Key', () => {
  it('gives a repeat the stored answer and does the work once [I-22]', async () => {
    const key = withKey()
    const first = await api.request('POST', '/agents', { ...key, body: { id: 'once' } })
    const again = await api.request('POST', '/agents', { ...key, body: { id: 'once' } })
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.text).toBe(first.text)
    const without = await api.request('POST', '/agents', { body: { id: 'once' } })
    expect([without.status, without.body.code]).toEqual([409, 'AGENT_EXISTS'])
  })

  it('lets one of twenty at once through [I-22]', async () => {
    const key = withKey()
    const send = () => api.request('POST', '/agents', { ...key, body: { id: 'raced' } })
    const answers = await Promise.all(Array.from({ length: 20 }, send))
    const made = answers.filter(({ status }) => status === 201)
    expect(made.length).toBeGreaterThan(0)
    expect(new Set(made.map(({ text }) => text)).size).toBe(1)
    const others = answers.filter(({ status }) => status !== 201).map(({ status, body }) => `${status} ${body.code}`)
    expect([...new Set(others)].filter((code) => code !== '409 IDEMPOTENCY_IN_FLIGHT')).toEqual([])
    expect((await send()).status).toBe(201)
  })

  it('refuses other content with 422, and the key of one route on another [I-22]', async () => {
    const key = withKey()
    await api.request('POST', '/agents', { ...key, body: { id: 'first' } })
    const other = await api.request('POST', '/agents', { ...key, body: { id: 'second' } })
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
    expect((await api.request('GET', '/agents/second')).status).toBe(404)
    // Routes have keys of their own; two agents on one route do not.
    const pause = { ...key, body: { reason: 'a test' } }
    expect((await api.request('POST', '/agents/first/pause', pause)).status).toBe(200)
    expect((await api.request('POST', '/agents/bot/pause', pause)).body.code).toBe('IDEMPOTENCY_KEY_REUSED')
  })

  it('never stores an answer that held a secret [I-22, AUTH-1]', async () => {
    const key = withKey()
    const body = { displayName: 'k', principalKind: 'agent', principalId: 'bot' }
    const first = await api.request('POST', '/keys', { ...key, body })
    expect([first.status, first.body.secret]).toEqual([201, expect.stringMatching(/^pcp_/)])
    const again = await api.request('POST', '/keys', { ...key, body })
    expect([again.status, again.body.code]).toEqual([409, 'IDEMPOTENCY_SECRET'])
    expect(again.text).not.toContain('pcp_')
  })

  it('belongs to the caller: another one, and another workspace, start anew [I-22, I-34]', async () => {
    const key = withKey()
    const body = { target: 'agent', agent: 'bot', reason: 'a test' }
    const asAdmin = await api.request('POST', '/stops', { ...key, body })
    const asSupervisor = await api.request('POST', '/stops', { ...key, body, as: 'supervisor' })
    expect(asSupervisor.body.id).not.toBe(asAdmin.body.id)
    const register = { ...key, body: { id: 'elsewhere' } }
    const here = await api.request('POST', '/agents', register)
    const there = await api.request('POST', '/agents', { ...register, as: { key: api.foreignKey } })
    expect([here.status, there.status]).toEqual([201, 201])
    await api.admin.stops.lift(asAdmin.body.id, 'a test')
    await api.admin.stops.lift(asSupervisor.body.id, 'a test')
  })

  it('keeps no error: the same request may succeed later [I-22]', async () => {
    const key = withKey()
    const demote = { ...key, body: { to: 'student', reason: 'a test' } }
    expect((await api.request('POST', '/agents/later/demote', demote)).status).toBe(404)
    await api.agent('later', 'intern')
    expect((await api.request('POST', '/agents/later/demote', demote)).body.maturity).toBe('student')
  })

  it('is also the key of the attempt: one decision, one proposal [I-22, I-4]', async () => {
    await api.agent('keyed', 'intern')
    await api.admin.registerActions({ 'refund.create': {} })
    const key = withKey()
    const body = { agent: 'keyed', action: 'refund.create', args: { cents: 5 }, type: 'workflow_trigger' }
    const service = await api.admin.keys.create({
      displayName: 'sync',
      principalKind: 'service',
      principalId: 'sync2',
      scopes: ['triggers.decide'],
    })
    const first = await api.request('POST', '/triggers', { ...key, body, as: { key: service.secret } })
    const again = await api.request('POST', '/triggers', { ...key, body, as: { key: service.secret } })
    expect(first.body.route).toBe('proposal')
    expect(again.body).toMatchObject({ id: first.body.id, proposal: first.body.proposal })
    const proposals = await api.request('GET', '/maturity/proposals?agent=keyed')
    expect(proposals.body.items).toHaveLength(1)
    const { key: attempt } = { key: key.headers['idempotency-key'] }
    const inBody = await api.request('POST', '/triggers', {
      body: { ...body, idempotencyKey: attempt },
      as: { key: service.secret },
    })
    expect(inBody.body.proposal.id).toBe(first.body.proposal.id)
    const { id, version, actionHash } = first.body.proposal
    await api.request('POST', `/maturity/proposals/${id}/approve`, { as: 'supervisor', body: { version, actionHash } })
    const claiming = { ...key, body: { ...body, claim: true }, as: { key: service.secret } }
    expect((await api.request('POST', '/triggers', claiming)).body.code).toBe('IDEMPOTENCY_KEY_REUSED')
    const claimed = { body: { ...body, idempotencyKey: attempt, claim: true }, as: { key: service.secret } }
    expect((await api.request('POST', '/triggers', claimed)).body).toMatchObject({
      route: 'execution',
      approval: { proposal: id },
    })
  })

  it.each(['', 'k'.repeat(201)])('of %j is refused [I-22]', async (key) => {
    const answer = await api.request('POST', '/agents', { ...withKey(key), body: { id: 'never' } })
    expect([answer.status, answer.body.code]).toEqual([400, 'INPUT_INVALID'])
    expect((await api.request('GET', '/agents/never')).status).toBe(404)
  })
})
