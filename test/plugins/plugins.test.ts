import { serve } from '@hono/node-server'
import { connectGovernor, type Role } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { describeWithPostgres, freePort, useTestDatabase } from '@preceptor/test-setup'
import { createWorker } from '@preceptor/worker'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { noteRoutes, notes, notesPlugin } from './notes.ts'

const WITHIN = { timeout: 30_000, interval: 20 }
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(options: Parameters<typeof createGovernor>[0] = { memory: true }): Promise<EmbeddedGovernor> {
  const governor = await createGovernor({
    workspaces: ['default', 'other'],
    plugins: [notesPlugin],
    report: () => undefined,
    ...options,
  })
  closing.push(() => governor.close())
  return governor
}

const as = (governor: EmbeddedGovernor, role: Role, workspace = 'default') =>
  governor.as({ workspace, principal: { kind: 'user', id: role, roles: [role] } })

/** A server of a governor, and the governor of another process that asks it. */
async function connect(governor: EmbeddedGovernor, routes = [noteRoutes]) {
  const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'test', roles: [] } })
  const { secret } = await system.keys.create({
    displayName: 'notes',
    principalKind: 'service',
    principalId: 'keeper',
    scopes: ['notes.add', 'notes.list'],
  })
  const port = await freePort()
  const server = serve({ fetch: governanceApi(governor, { routes }).fetch, port, hostname: '127.0.0.1' })
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  const url = `http://127.0.0.1:${port}`
  const remote = connectGovernor({ url, token: secret })
  closing.push(() => remote.close())
  const identity = await remote.authenticate(secret)
  return { url, scope: remote.as(identity) }
}

function behavesAsOne(options: () => Parameters<typeof createGovernor>[0]): void {
  it('adds its operations, with its permissions, in one workspace only [PLUG-1]', async () => {
    const governor = await open(options())
    const added = await as(governor, 'admin').plugin(notes).add('look here')
    expect(await as(governor, 'viewer').plugin(notes).all()).toEqual({ items: [added] })
    await expect(as(governor, 'viewer').plugin(notes).add('no')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    expect(await as(governor, 'admin', 'other').plugin(notes).all()).toEqual({ items: [] })
    const { items } = await as(governor, 'admin').journal.list({ subject: added.id })
    expect(items).toMatchObject([{ kind: 'feedback.received', body: { actor: 'user:admin' } }])
  })

  it('has its work done by any worker, and work that the queue lost is found again [PLUG-2]', async () => {
    const governor = await open(options())
    const scope = as(governor, 'admin').plugin(notes)
    await scope.add('first')
    const worker = await createWorker(governor)
    closing.push(() => worker.close())
    const unread = async (): Promise<number> => (await scope.all()).items.filter(({ isRead }) => !isRead).length
    await vi.waitFor(async () => expect(await unread()).toBe(0), WITHIN)
    await worker.close()
    await scope.add('second')
    expect(await unread()).toBe(1)
    // The job finds by itself what is due.
    await governor.jobs.run('notes-read', {})
    expect(await unread()).toBe(0)
  })
}

describe('a plugin on the embedded database', () => {
  behavesAsOne(() => ({ memory: true }))

  it('is asked over HTTP as in the process: same answers, same refusals, in openapi.json [PLUG-3]', async () => {
    const governor = await open()
    const { url, scope } = await connect(governor)
    const added = await scope.plugin(notes).add('from afar')
    expect(await scope.plugin(notes).all()).toEqual({ items: [added] })
    expect(await as(governor, 'viewer').plugin(notes).all()).toEqual({ items: [added] })
    await expect(scope.plugin(notes).add('')).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    const openapi: unknown = await (await fetch(`${url}/openapi.json`)).json()
    expect(openapi).toMatchObject({ paths: { '/notes': { post: { 'x-permission': 'notes.add', tags: ['notes'] } } } })
    expect((await fetch(`${url}/notes`, { method: 'DELETE' })).status).toBe(405)
    expect((await fetch(`${url}/notes`)).status).toBe(401)
  })

  it('is missing where the governor was opened without it, here and over HTTP [PLUG-1]', async () => {
    const governor = await open({ memory: true, plugins: [] })
    expect(() => as(governor, 'admin').plugin(notes)).toThrow(expect.objectContaining({ code: 'PLUGIN_MISSING' }))
    const scopes = ['notes.add']
    const key = { displayName: 'notes', principalKind: 'service', principalId: 'keeper', scopes } as const
    await expect(as(governor, 'admin').keys.create(key)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('does a job that fails in one workspace in the others too [PLUG-2]', async () => {
    const ran: string[] = []
    const failing = {
      ...notesPlugin,
      open: () => ({
        scope: () => ({ add: async () => Promise.reject(new Error('none')), all: async () => ({ items: [] }) }),
        jobs: {
          read: {
            find: async () => [{ workspace: 'default' }, { workspace: 'other' }],
            run: async ({ workspace }: { readonly workspace: string }) => {
              ran.push(workspace)
              if (workspace === 'default') throw new Error('not this one')
            },
          },
        },
      }),
    }
    const governor = await open({ memory: true, plugins: [failing] })
    await expect(governor.jobs.run('notes-read', {})).rejects.toThrow('not this one')
    expect(ran).toEqual(['default', 'other'])
    await expect(governor.jobs.run('notes-none', {})).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it.each([
    ['two of one name', [notesPlugin, notesPlugin]],
    ['the name of core', [{ ...notesPlugin, port: { ...notes, name: 'core' } }]],
    ['an operation of core', [{ ...notesPlugin, permissions: { 'agents.get': notesPlugin.permissions['notes.add'] } }]],
    ['what is none', [{}]],
  ])('is refused: %s [PLUG-1]', async (_, plugins) => {
    await expect(createGovernor({ memory: true, plugins: plugins as never })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    })
  })
})

describeWithPostgres('a plugin on Postgres', () => {
  const database = useTestDatabase()
  behavesAsOne(() => ({ database: database.url, migrate: true }))
})
