import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../../verifies.ts'
import { catalogueOf, everything, openPlane, type ProxyPlane, type WatchedServer, watched } from './public-servers.ts'

const LONG = 'trigger-long-running-operation'
let plane: ProxyPlane

beforeAll(async () => {
  plane = await openPlane({ chief: 'autonomous', watched: 'supervised' })
})
afterAll(() => plane.close())

let servers = 0
async function behindGate(agent: string, risk: 'medium' | 'high') {
  servers += 1
  const folder = join(plane.folder, `server-${servers}`)
  mkdirSync(folder)
  const server = watched(everything(), folder)
  const client = await plane.through({
    agent,
    upstream: server.command,
    catalogue: await catalogueOf(everything(), risk),
  })
  return { server, client }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function kill(server: WatchedServer): Promise<void> {
  const pid = server.pid()
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => isAlive(pid)).toBe(false)
}

const callsIn = (server: WatchedServer, text: string): number =>
  server
    .input()
    .split('\n')
    .filter((line) => line.includes('"tools/call"') && line.includes(text)).length

describe(verifies(['MCP-8', 'MCP-11'], 'a public server that is killed'), () => {
  it('is there again for the next call, and lists what it listed', async () => {
    const { server, client } = await behindGate('chief', 'medium')
    const before = await client.listTools()
    const first = server.pid()
    await kill(server)
    await expect
      .poll(() => client.callTool({ name: 'echo', arguments: { message: 'after' } }).catch(() => undefined))
      .toMatchObject({ content: [{ text: 'Echo: after' }] })
    expect(server.pid()).not.toBe(first)
    expect(await client.listTools()).toEqual(before)
  })

  it('ends the call that it was at with a code, and is not sent it again', async () => {
    const { server, client } = await behindGate('chief', 'medium')
    const call = { name: LONG, arguments: { duration: 60, steps: 1 } }
    const failed = client.callTool(call).catch((error: unknown) => error)
    await expect.poll(() => callsIn(server, LONG)).toBe(1)
    await kill(server)
    const error = await failed
    expect(error).toMatchObject({ data: { error: { code: 'OUTCOME_UNKNOWN' } } })
    expect(String(error)).toContain('Look whether it took effect before you call it again.')
    const again = await client.callTool({ name: 'echo', arguments: { message: 'after' } })
    expect(again).toMatchObject({ content: [{ text: 'Echo: after' }] })
    expect(callsIn(server, LONG)).toBe(1)
    const { items } = await plane.test.admin.journal.list({ agent: 'chief', kind: 'run.failed', limit: 1 })
    const { execution } = await plane.test.admin.decisions.get(String(items[0]?.body.decisionId))
    expect(execution?.state).toBe('failed')
    // It is no evidence against the agent.
    await plane.test.governor.jobs.run('count-evidence', {})
    const { items: evidence } = await plane.test.admin.agents.confidence('chief')
    expect(evidence.filter(({ requested }) => requested < 0)).toEqual([])
  })
})

describe(verifies(['MCP-8', 'MCP-9'], 'a call that is ended'), () => {
  it('by its client is ended at the server, too', async () => {
    const { server, client } = await behindGate('chief', 'medium')
    const cancelled = new AbortController()
    const call = { name: LONG, arguments: { duration: 60, steps: 1 } }
    const failed = client.callTool(call, undefined, { signal: cancelled.signal }).catch((error: unknown) => error)
    await expect.poll(() => callsIn(server, LONG)).toBe(1)
    cancelled.abort('No more.')
    expect(await failed).toBeInstanceOf(Error)
    await expect.poll(() => server.input()).toContain('notifications/cancelled')
  })

  it('by its supervisor is ended at the server, too, and its client is told by whom', async () => {
    await plane.test.admin.members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
    const sam = plane.test.user('sam', 'supervisor')
    await sam.presence.heartbeat()
    const { server, client } = await behindGate('watched', 'high')
    const call = { name: LONG, arguments: { duration: 60, steps: 1 } }
    const failed = client.callTool(call).catch((error: unknown) => error)
    const active = async () => (await sam.sessions.list({ state: 'active' })).items[0]?.id
    await expect.poll(active).toBeDefined()
    const id = (await active()) ?? ''
    await sam.sessions.attach(id)
    await expect.poll(() => callsIn(server, LONG)).toBe(1)
    await sam.sessions.intervene(id, { type: 'terminate', reason: 'It takes too long.' })
    expect(await failed).toMatchObject({ data: { error: { code: 'RUN_TERMINATED' } } })
    await expect.poll(() => server.input()).toContain('notifications/cancelled')
  })
})
