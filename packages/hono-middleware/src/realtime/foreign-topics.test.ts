import type { ControlScope } from '@preceptor/client'
import { inWorkspace, type PluginHost } from '@preceptor/core/plugin'
import { createTestGovernor, EVENT_KINDS, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { STREAM_ROUTES } from '../routes/stream-routes.ts'
import { SOCKET_PATHS } from './socket-routes.ts'
import { type Client, connectSocket, follow, serveSockets } from './sockets.test.helper.ts'

/** Ids of what is in the workspace `default` only. */
interface Ids {
  readonly agent: string
  readonly proposal: string
  readonly session: string
  readonly user: string
}

/** A topic of each kind, about what is in another workspace, and what is answered there. */
const TOPICS: Readonly<Record<string, { readonly topic: (ids: Ids) => string; readonly answer: string }>> = {
  workspace: { topic: () => 'workspace', answer: 'silence' },
  agent: { topic: ({ agent }) => `agent:${agent}`, answer: 'NOT_FOUND' },
  proposal: { topic: ({ proposal }) => `proposal:${proposal}`, answer: 'NOT_FOUND' },
  session: { topic: ({ session }) => `session:${session}`, answer: 'NOT_FOUND' },
  // Whoever is of that name here is somebody else.
  user: { topic: ({ user }) => `user:${user}`, answer: 'silence' },
  learning: { topic: () => 'learning:support', answer: 'silence' },
  workflow: { topic: () => 'workflow:any', answer: 'silence' },
}

/** Every path that streams, with ids of another workspace. */
const PATHS: Readonly<Record<string, { readonly path: (ids: Ids) => string; readonly status: number }>> = {
  '/events': { path: () => '/events', status: 200 },
  '/supervision/sessions/{id}/stream': {
    path: ({ session }) => `/supervision/sessions/${session}/stream`,
    status: 404,
  },
  '/ws': { path: () => '/ws', status: 101 },
  '/supervision/sessions/{id}/ws': { path: ({ session }) => `/supervision/sessions/${session}/ws`, status: 404 },
}

let test: TestGovernor
let host: PluginHost
let served: Awaited<ReturnType<typeof serveSockets>>
let ids: Ids
let foreignKey = ''
const clients: Client[] = []
const opened: AbortController[] = []

beforeAll(async () => {
  test = await createTestGovernor({
    workspaces: ['default', 'other'],
    // Workflows are of a plugin: this one is there to write what is heard of them.
    plugins: [
      {
        port: { name: 'workflows', connect: () => ({}) },
        permissions: {},
        migrations: [],
        open(given) {
          host = given
          return { scope: () => ({}), jobs: {} }
        },
      },
    ],
  })
  served = await serveSockets(test.governor)
  const other = test.governor.as({ workspace: 'other', principal: { kind: 'system', id: 'host', roles: [] } })
  await other.members.put('sue', { displayName: 'Sue', roles: ['admin'] })
  const sue = { displayName: 'Sue', principalKind: 'user', principalId: 'sue', roles: ['admin'] } as const
  foreignKey = (await other.keys.create(sue)).secret
  await test.admin.members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
  await test.register('theirs', 'intern')
  await test.register('watched', 'supervised')
  await test.user('sue', 'supervisor').presence.heartbeat()
  const watched = { agent: 'watched', action: 'refund.create', args: {}, run: 'run-1' }
  const [asked, run] = [await attempt('theirs'), await test.agent('watched').decide(watched)]
  ids = {
    agent: 'theirs',
    user: 'sue',
    proposal: asked.route === 'proposal' ? asked.proposal.id : '',
    session: run.route === 'supervision' ? run.session.id : '',
  }
}, 30_000)
afterEach(() => {
  for (const client of clients.splice(0)) client.socket.terminate()
  for (const controller of opened.splice(0)) controller.abort()
})
afterAll(async () => {
  await served.close()
  await test.close()
})

const attempt = (agent: string) => test.agent(agent).decide({ agent, action: 'refund.create', args: {} })

/** What the topic of the workflow `any` says in a workspace. */
const tell = (workspace: string, displayName: string) =>
  inWorkspace(host.context.database, { workspace }, (tx) =>
    host.context.journal.append(tx, { kind: 'workflow.versioned', subject: 'any', body: { displayName } }),
  )

/** Does something in this workspace on every topic that there is. */
async function stir(): Promise<void> {
  await test.admin.proposals.assign(ids.proposal, 'sue')
  await test.admin.agents.change(ids.agent, { displayName: `Stirred ${performance.now()}` })
  await test.admin.members.put('sue', { displayName: `Sue ${performance.now()}`, roles: ['supervisor'] })
  await test.user('sue', 'supervisor').presence.override('sue', { state: 'away' })
  await test.user('sue', 'supervisor').presence.clearOverride('sue')
  const instructions = `Stirred ${performance.now()}`
  await test.admin.playbooks.write({ agentType: 'support', instructions, note: instructions })
  await tell('default', instructions)
  await attempt(ids.agent)
}

/** What happens in the other workspace is heard there, and comes after whatever was heard of this one. */
async function mark(): Promise<string> {
  const other: ControlScope = test.governor.as({
    workspace: 'other',
    principal: { kind: 'system', id: 'host', roles: [] },
  })
  const displayName = `mark-${performance.now()}`
  await other.members.put('sue', { displayName, roles: ['admin'] })
  await other.playbooks.write({ agentType: 'support', instructions: displayName, note: displayName })
  await tell('other', displayName)
  return displayName
}

async function socket(key = foreignKey): Promise<Client> {
  const client = await connectSocket({ at: served.address, key })
  clients.push(client)
  return client
}

describe('a socket of another workspace', () => {
  it('is asked for every kind of topic that there is [I-34]', () => {
    expect(Object.keys(TOPICS).sort()).toEqual([...new Set([...EVENT_KINDS.values()].flat())].sort())
  })

  it.each(Object.keys(TOPICS))('hears nothing of this one on a topic of the kind %s [I-34]', async (kind) => {
    const { topic, answer } = TOPICS[kind] ?? { topic: () => '', answer: '' }
    const client = await socket()
    const first = await follow(client, topic(ids))
    if (answer !== 'silence') {
      expect(first).toMatchObject({ type: 'error', data: { code: answer } })
      // Asked from the beginning it is the same.
      const again = await socket()
      expect(await follow(again, topic(ids), 0)).toMatchObject({ type: 'error', data: { code: answer } })
      return
    }
    expect(first).toMatchObject({ type: 'subscribed' })
    await stir()
    const name = await mark()
    await expect.poll(() => JSON.stringify(client.frames)).toContain(name)
    const heard = JSON.stringify(client.frames)
    for (const foreign of [ids.proposal, ids.session, 'theirs', 'Stirred']) expect(heard).not.toContain(foreign)
    const events = client.frames.filter(({ topic: on, type }) => on === topic(ids) && type !== 'subscribed')
    expect(events.map(({ data }) => data.body?.displayName ?? name)).toEqual(events.map(() => name))
  })

  it('is the same that hears this one with a key of it: what is silent above is not silent by itself', async () => {
    const ada = { displayName: 'Ada', principalKind: 'user', principalId: 'ada', roles: ['admin'] } as const
    await test.admin.members.put('ada', { displayName: 'Ada', roles: ['admin'] })
    const client = await socket((await test.admin.keys.create(ada)).secret)
    const silent = Object.values(TOPICS).filter(({ answer }) => answer !== 'INPUT_INVALID')
    for (const { topic } of silent) expect(await follow(client, topic(ids))).toMatchObject({ type: 'subscribed' })
    await stir()
    for (const topic of [
      'workspace',
      'agent:theirs',
      'user:sue',
      'learning:support',
      'workflow:any',
      `proposal:${ids.proposal}`,
    ]) {
      const heard = () => client.frames.filter((frame) => frame.topic === topic && frame.type !== 'subscribed')
      await expect.poll(heard).not.toEqual([])
    }
  })
})

describe('a stream of another workspace', () => {
  it('is asked for on every path that streams [I-34]', () => {
    expect(Object.keys(PATHS).sort()).toEqual([...STREAM_ROUTES.map(({ path }) => path), ...SOCKET_PATHS].sort())
  })

  it.each(Object.keys(PATHS))('shows nothing of this one on %s [I-34]', async (name) => {
    const { path, status } = PATHS[name] ?? { path: () => '', status: 0 }
    const controller = new AbortController()
    opened.push(controller)
    const headers = { authorization: `Bearer ${foreignKey}` }
    if (SOCKET_PATHS.includes(name)) {
      const opening = connectSocket({ at: served.address, key: foreignKey, path: `/api${path(ids)}` })
      if (status !== 101) return expect(opening).rejects.toThrow(String(status))
      return void clients.push(await opening)
    }
    for (const after of ['', '?after=0']) {
      const address = `http://${served.address}/api${path(ids)}${after}`
      const response = await fetch(address, { headers, signal: controller.signal })
      expect(response.status).toBe(status)
      if (status !== 200) continue
      await stir()
      const marked = await mark()
      const heard = await readUntil(response, marked)
      for (const foreign of [ids.proposal, ids.session, 'theirs', 'Stirred']) expect(heard).not.toContain(foreign)
    }
  })
})

async function readUntil(response: Response, end: string): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.includes(end)) break
  }
  return text
}
