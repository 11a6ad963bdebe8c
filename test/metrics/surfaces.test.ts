import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { type ControlPlane, type ControlScope, connectGovernor, type Surface } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { dashboard } from '@preceptor/dashboard'
import { governanceApi } from '@preceptor/hono-middleware'
import { metricsApp } from '@preceptor/hono-middleware/metrics'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseMetrics } from './parse-metrics.ts'

const ANA = { kind: 'user', id: 'ana', roles: ['supervisor'] } as const
const IDENTITY = { workspace: 'default', principal: ANA } as const

describe('what a decision came by', () => {
  let test: TestGovernor
  let server: ServerType
  let remote: ControlPlane
  let url: string
  let key: string
  beforeAll(async () => {
    test = await createTestGovernor()
    await test.register('bot', 'intern')
    await test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
    const asked = { displayName: 'Ana', principalKind: 'user', principalId: 'ana', roles: ['supervisor'] } as const
    key = (await test.admin.keys.create(asked)).secret
    const app = new Hono().route('/api', governanceApi(test.governor)).route('/desk', dashboard(test.governor))
    server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    remote = connectGovernor({ url: `${url}/api`, token: key })
  })
  afterAll(async () => {
    await remote.close()
    await new Promise((resolve) => server.close(resolve))
    await test.close()
  })

  async function propose(): Promise<{ readonly id: string; readonly body: { version: number; actionHash: string } }> {
    const decision = await test.agent('bot').decide({ agent: 'bot', action: 'refund.create', args: {} })
    if (decision.route !== 'proposal') throw new Error(decision.reason)
    const { id, version, actionHash } = decision.proposal
    return { id, body: { version, actionHash } }
  }

  const approveAs = async (scope: ControlScope): Promise<void> => {
    const { id, body } = await propose()
    await scope.proposals.approve(id, body)
  }

  async function approveBy(path: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const { id, body } = await propose()
    const answer = await fetch(`${url}${path}/maturity/proposals/${id}/approve`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    expect(answer.status).toBe(200)
  }

  async function signIn(): Promise<Record<string, string>> {
    const own = { origin: url, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/desk/session`, { method: 'POST', headers: own, body: JSON.stringify({ key }) })
    const { token } = (await answer.json()) as { readonly token: string }
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return { ...own, cookie, authorization: `Bearer ${token}` }
  }

  async function counted(): Promise<Readonly<Record<string, number>>> {
    const scraped = parseMetrics(await (await metricsApp(test.governor).request('/metrics')).text())
    return scraped.get('governance_proposal_decisions_total')?.numbers ?? {}
  }

  it('is counted by the adapter or the credential, and never by what a caller says [OBS-11]', async () => {
    const { governor } = test
    await approveAs(governor.as(IDENTITY))
    await approveBy('/api', { authorization: `Bearer ${key}` })
    await approveBy('/desk/api', await signIn())
    for (const surface of ['cli', 'mcp', 'langchain'] as const) await approveAs(remote.as(IDENTITY, surface))
    for (const credential of ['slack:T1/U1', 'email:0123456789abcdef']) {
      await approveAs(governor.as({ workspace: 'default', principal: { ...ANA, credential } }))
    }
    const each = { host: 1, api: 1, dashboard: 1, cli: 1, mcp: 1, langchain: 1, slack: 1, email: 1 }
    const named = (counts: Readonly<Record<string, number>>) =>
      Object.fromEntries(Object.entries(counts).map(([channel, count]) => [`approved ${channel}`, count]))
    expect(await counted()).toEqual(named(each))
    // Of these only its server can know; and no other name is one.
    for (const forged of ['dashboard', 'slack', 'email', 'host', 'reviewer', 'x'.repeat(200)]) {
      await approveBy('/api', { authorization: `Bearer ${key}`, 'preceptor-surface': forged })
    }
    await approveBy('/desk/api', { ...(await signIn()), 'preceptor-surface': 'cli' })
    expect(await counted()).toEqual(named({ ...each, api: 7, dashboard: 2 }))
  })

  it('is on record, and changes nobody’s rights [OBS-11]', async () => {
    const { items } = await test.admin.journal.list({ kind: 'proposal.approved', limit: 100 })
    const via = items.map(({ body }) => body.via ?? 'host')
    expect(new Set(via)).toEqual(new Set(['host', 'api', 'dashboard', 'cli', 'mcp', 'langchain', 'slack', 'email']))
    const { id, body } = await propose()
    for (const surface of ['dashboard', 'cli'] as const) {
      const viewer = { workspace: 'default', principal: { kind: 'user', id: 'vera', roles: ['viewer'] } } as const
      await expect(test.governor.as(viewer, surface).proposals.approve(id, body)).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
      })
      const bot = { workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } } as const
      await expect(test.governor.as(bot, surface).proposals.approve(id, body)).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
      })
    }
    expect(() => test.governor.as(IDENTITY, 'fax' as Surface)).toThrow(/no surface/)
  })
})

describe('the page about metrics', () => {
  it('names every metric with its type and labels, and no other [OBS-12]', async () => {
    const page = readFileSync(new URL('../../docs/monitoring.md', import.meta.url), 'utf8')
    const rows = [...page.matchAll(/^\| `(governance_\w+)(?:\{([\w,]+)\})?` \| (\w+) \|/gm)]
    const test = await createTestGovernor()
    const [families, text] = [
      await test.governor.metrics(),
      await (await metricsApp(test.governor).request('/metrics')).text(),
    ]
    await test.close()
    const labels = new Map(families.map(({ name, labelNames }) => [name, labelNames.join(',')]))
    const there = [...text.matchAll(/^# TYPE (governance_\w+) (\w+)$/gm)]
    const registered = there.map(([, name = '', type]) => `${name} ${labels.get(name) ?? ''} ${type}`)
    const written = rows.map(([, name, named = '', type]) => `${name} ${named} ${type}`)
    expect(written.sort()).toEqual(registered.sort())
    expect(registered.length).toBeGreaterThanOrEqual(23)
  })
})
