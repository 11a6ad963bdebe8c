import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerType } from '@hono/node-server'
import { type ApiKeyRequest, connectGovernor, type HostScope, type Role } from '@preceptor/client'
import { createFileCheckpoints, createGovernor, type EmbeddedGovernor, verifyExportedJournal } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { addressOf, close, listen } from './server.ts'

const folder = mkdtempSync(join(tmpdir(), 'preceptor-export-'))
const path = join(folder, 'checkpoints.jsonl')
const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const checkpoints = { store: createFileCheckpoints(path), key }
let governor: EmbeddedGovernor
let system: HostScope
let server: ServerType
let url: string
const keys: Record<string, string> = {}

beforeAll(async () => {
  governor = await createGovernor({ memory: true, checkpoints, report: () => undefined })
  system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'test', roles: [] } })
  await system.agents.register({ id: 'bot' })
  const make = async (name: string, request: Partial<ApiKeyRequest>): Promise<void> => {
    const common = { displayName: name, principalKind: 'user', principalId: name, roles: [], scopes: [] } as const
    const created = await system.keys.create({ ...common, ...request })
    keys[name] = created.secret
  }
  for (const role of ['admin', 'supervisor', 'viewer'] as const satisfies readonly Role[]) {
    await system.members.put(role, { displayName: role, roles: [role] })
    await make(role, { principalKind: 'user', roles: [role] })
  }
  await make('bot', { principalKind: 'agent' })
  await make('scoped', { principalKind: 'service', scopes: ['journal.export'] })
  await make('unscoped', { principalKind: 'service', scopes: ['journal.list'] })
  for (let count = 0; count < 300; count += 1) await system.agents.change('bot', { displayName: `=${count}` })
  server = await listen(new Hono().route('/api', governanceApi(governor)))
  url = `${addressOf(server)}/api`
  await sealed()
}, 60_000)
afterAll(async () => {
  await close(server)
  await governor.close()
  rmSync(folder, { recursive: true, force: true })
})

const sealed = () => vi.waitFor(async () => expect((await system.journal.verify()).unsealed).toBe(0), 10_000)
const get = (as: string, query = '', signal?: AbortSignal) =>
  fetch(`${url}/journal/export${query}`, {
    headers: { authorization: `Bearer ${keys[as]}` },
    ...(signal && { signal }),
  })

async function statusOf(as: string, query = ''): Promise<number> {
  const response = await get(as, query)
  await response.text()
  return response.status
}

async function* pieceOf(text: string): AsyncGenerator<string> {
  yield text
}

describe('GET /journal/export', () => {
  it(
    verifies(['I-32', 'I-36'], 'is for administrators, supervisors and services with its scope, and nobody else'),
    async () => {
      const statuses = await Promise.all(
        Object.keys(keys).map(async (name) => {
          const response = await get(name)
          await response.text()
          return [name, response.status]
        }),
      )
      expect(Object.fromEntries(statuses)).toEqual({
        admin: 200,
        supervisor: 200,
        viewer: 403,
        bot: 403,
        scoped: 200,
        unscoped: 403,
      })
      expect((await fetch(`${url}/journal/export`)).status).toBe(401)
      expect((await get('admin', '?format=xml')).status).toBe(400)
      expect((await get('admin', '?after=999999')).status).toBe(400)
      expect((await fetch(`${url}/journal/export`, { method: 'POST' })).status).toBe(405)
    },
  )

  it(
    verifies(['I-32'], 'streams the chain as lines of JSON and as CSV, the same as in process, and is on record'),
    async () => {
      const response = await get('admin')
      expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
      expect(response.headers.get('content-disposition')).toBe('attachment; filename="journal-default.jsonl"')
      const text = await response.text()
      const found = await verifyExportedJournal(pieceOf(text))
      expect(found).toMatchObject({ ok: true, workspace: 'default' })
      expect(found.checked).toBeGreaterThan(300)
      const csv = await get('supervisor', '?format=csv&kind=agent.changed')
      expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
      expect((await csv.text()).split('\r\n')).toHaveLength(302)
      const remote = connectGovernor({ url, token: String(keys.admin) })
      const scope = remote.as(await remote.authenticate(String(keys.admin)))
      let [there, here] = ['', '']
      for await (const piece of await scope.journal.export({ kind: 'agent.changed' })) there += piece
      for await (const piece of await system.journal.export({ kind: 'agent.changed' })) here += piece
      expect(there.split('\n').slice(1)).toEqual(here.split('\n').slice(1))
      await expect(scope.journal.export({ after: -1 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
      await remote.close()
      const { items } = await system.journal.list({ kind: 'journal.exported' })
      expect(items.map(({ body }) => [body.actor, body.format])).toEqual(
        expect.arrayContaining([
          ['user:admin', 'jsonl'],
          ['user:supervisor', 'csv'],
          ['service:scoped', 'jsonl'],
          ['system:test', 'jsonl'],
        ]),
      )
    },
  )

  it(verifies(['I-32'], 'has two places for each principal, which a reader that goes away gives back'), async () => {
    const controllers = [new AbortController(), new AbortController()]
    const open = await Promise.all(controllers.map((controller) => get('admin', '', controller.signal)))
    expect(open.map(({ status }) => status)).toEqual([200, 200])
    expect(await statusOf('admin')).toBe(429)
    expect(await statusOf('supervisor')).toBe(200)
    for (const controller of controllers) controller.abort()
    await vi.waitFor(async () => expect(await statusOf('admin')).toBe(200), 10_000)
  })
})

describe('GET /journal/verify', () => {
  it(
    verifies(['I-31-ANCHOR'], 'says up to where the journal is anchored, and what is wrong with its checkpoints'),
    async () => {
      const verify = async () => {
        const response = await fetch(`${url}/journal/verify`, { headers: { authorization: `Bearer ${keys.admin}` } })
        return response.json()
      }
      expect(await verify()).toMatchObject({ ok: true, anchor: { checkpoints: 0, takenAt: null } })
      await Promise.all(Array.from({ length: 4 }, () => governor.jobs.run('checkpoint-journal', {})))
      expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(1)
      await sealed()
      expect(await verify()).toMatchObject({ ok: true, anchor: { checkpoints: 1 } })
      const line = readFileSync(path, 'utf8')
      writeFileSync(path, line.replace(/"count":\d/, '"count":9'))
      expect(await verify()).toMatchObject({
        ok: false,
        problem: { what: expect.stringMatching(/^Checkpoint 1 was changed/) },
      })
      writeFileSync(path, line)
      expect(await verify()).toMatchObject({ ok: true })
    },
  )
})
