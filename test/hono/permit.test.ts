import { randomUUID } from 'node:crypto'
import type { JsonObject } from '@preceptor/client'
import { describe, expect, it, vi } from 'vitest'
import { createAgent, createHostApp, refund, SHAPES, send } from './host-app.ts'
import { useApi } from './support.ts'

const api = useApi()

interface Shown {
  readonly id: string
  readonly version: number
  readonly actionHash: string
}

const decide = ({ id, version, actionHash }: Shown, verb: string, rest: object = {}) =>
  api.request('POST', `/maturity/proposals/${id}/${verb}`, { as: 'supervisor', body: { version, actionHash, ...rest } })

describe.each(SHAPES)('%s() and an approval', (shape) => {
  async function proposed() {
    const { key } = await createAgent(api, 'intern')
    const handler = vi.fn(refund)
    const { app } = createHostApp(api, { shape, handler })
    const attempt = (headers: Record<string, string>, more: { path?: string; body?: unknown } = {}) =>
      send(app, key, { ...more, headers })
    const { body } = await attempt({})
    return { app, handler, attempt, proposal: body.decision.proposal as Shown }
  }

  it('runs the same request with its permit once, and nothing else with it [HTTP-9, HTTP-7, I-2, I-3, I-22]', async () => {
    const { app, handler, attempt, proposal } = await proposed()
    const permit = { 'preceptor-permit': proposal.id }
    expect((await attempt(permit)).status).toBe(202)
    expect((await decide(proposal, 'approve')).status).toBe(200)
    expect((await attempt(permit, { body: { cents: 6 } })).body).toMatchObject({ status: 403, code: 'PERMIT_REFUSED' })
    expect((await attempt(permit, { path: '/refunds/8' })).body).toMatchObject({ code: 'PERMIT_REFUSED' })
    const stranger = await createAgent(api, 'intern')
    expect((await send(app, stranger.key, { headers: permit })).body).toMatchObject({ code: 'PERMIT_REFUSED' })
    expect(handler).not.toHaveBeenCalled()
    const [first, second] = await Promise.all([attempt(permit), attempt(permit)])
    expect([first.status, second.status].sort()[0]).toBe(200)
    expect((await attempt(permit)).status).toBe(200)
    expect(handler).toHaveBeenCalledTimes(1)
  })

  it('tells one of two reviewers who came first [PROP-1, HTTP-2, I-6]', async () => {
    const { proposal } = await proposed()
    expect((await decide(proposal, 'approve')).status).toBe(200)
    const late = await decide(proposal, 'reject', { category: 'other', reason: 'No.' })
    expect(late.body).toMatchObject({
      status: 409,
      code: 'PROPOSAL_DECIDED',
      details: { state: 'approved', decidedBy: ['user:sue'] },
    })
  })

  it('shows what changed since it was asked for, and when what has to wait may run [PROP-10, PROP-11, HTTP-2]', async () => {
    const { handler, attempt, proposal } = await proposed()
    const { action } = await api.admin.proposals.get(proposal.id)
    const put = async (document: JsonObject) => {
      const { version } = await api.admin.policies.current()
      await api.admin.policies.put(document, { basedOn: version, reason: 'a test' })
    }
    await put({ actions: { [action]: { waitMs: 3_600_000 } } })
    const changed = await decide(proposal, 'approve')
    expect(changed.body).toMatchObject({ status: 409, code: 'PROPOSAL_CHANGED', details: { version: 2 } })
    expect((await decide({ ...proposal, ...changed.body.details }, 'approve')).body).toMatchObject({
      state: 'approved',
    })
    const early = await attempt({ 'preceptor-permit': proposal.id })
    expect(early).toMatchObject({ status: 202, body: { decision: { proposal: { runnableAt: expect.any(String) } } } })
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(3_000)
    expect(handler).not.toHaveBeenCalled()
    await put({})
  })

  it('answers with what a reviewer said in its place [HTTP-7]', async () => {
    const { handler, attempt, proposal } = await proposed()
    await decide(proposal, 'respond', { response: { refunded: 'by hand' } })
    const answered = await attempt({ 'preceptor-permit': proposal.id })
    expect(answered).toMatchObject({ status: 200, body: { refunded: 'by hand' } })
    expect(handler).not.toHaveBeenCalled()
  })

  it('runs a repeated request with its own key too, once it is approved [HTTP-4, I-4]', async () => {
    const { handler, attempt } = await proposed()
    const keyed = { 'idempotency-key': randomUUID() }
    const { body } = await attempt(keyed)
    await decide(body.decision.proposal, 'approve')
    expect((await attempt(keyed)).status).toBe(200)
    expect((await attempt(keyed)).status).toBe(200)
    expect(handler).toHaveBeenCalledTimes(1)
  })
})
