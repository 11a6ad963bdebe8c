import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { ControlScope } from '@preceptor/client'
import type { Catalogue } from '@preceptor/mcp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../../verifies.ts'
import { catalogueOf, connect, contentOf, filesystem, openPlane, type ProxyPlane } from './public-servers.ts'

let plane: ProxyPlane
let folder: string
let catalogue: Catalogue
let sam: ControlScope
let unattended: ReturnType<typeof leaveAlone>

beforeAll(async () => {
  plane = await openPlane({
    novice: 'student',
    clerk: 'intern',
    watched: 'supervised',
    unwatched: 'supervised',
    chief: 'autonomous',
  })
  folder = join(plane.folder, 'data')
  mkdirSync(folder)
  catalogue = await catalogueOf(filesystem(folder), { read_text_file: 'safe' })
  await plane.test.admin.members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
  sam = plane.test.user('sam', 'supervisor')
  await sam.presence.heartbeat()
  // It takes its time while the others run.
  unattended = leaveAlone()
})
afterAll(() => plane.close())

const clients = new Map<string, Promise<Client>>()
/** The one client of an agent. */
function through(agent: string): Promise<Client> {
  const client = clients.get(agent) ?? plane.through({ agent, upstream: filesystem(folder), catalogue })
  clients.set(agent, client)
  return client
}
const fileAt = (name: string): string => join(folder, name)
const write = (client: Client, name: string, content: string) =>
  client.callTool({ name: 'write_file', arguments: { path: fileAt(name), content } })
/** A call of a run to which nobody attaches. */
async function leaveAlone() {
  const client = await through('unwatched')
  const from = performance.now()
  const answer = await write(client, 'unwatched.txt', 'never')
  return { answer, took: performance.now() - from }
}
const META = 'io.preceptor/decision'
const pendingOf = (answer: object) => Object(answer)._meta?.[META]

describe(verifies(['MCP-1', 'MCP-7'], 'the public server of files behind the gate'), () => {
  it('lists what it lists without the gate', async () => {
    const [one, other] = [await connect(filesystem(folder)), await through('novice')]
    expect(await other.listTools()).toEqual(await one.listTools())
    expect(other.getServerCapabilities()).toEqual(one.getServerCapabilities())
    expect(other.getServerVersion()).toEqual(one.getServerVersion())
    await one.close()
  })

  it('writes nothing for a student, who is told why and what to do', async () => {
    const client = await through('novice')
    writeFileSync(fileAt('old.txt'), 'old')
    const answer = await write(client, 'student.txt', 'a')
    expect(answer).toMatchObject({ isError: true })
    expect(pendingOf(answer)).toMatchObject({ status: 'blocked', route: 'training', action: 'files.write_file' })
    expect(pendingOf(answer).next).toContain('a person decides')
    expect(contentOf(fileAt('student.txt'))).toBeUndefined()
    const { items } = await plane.test.admin.blockedTriggers.list({ agent: 'novice' })
    expect(items).toMatchObject([{ action: 'files.write_file', source: 'ai_coordinator', maturity: 'student' }])
    const read = await client.callTool({ name: 'read_text_file', arguments: { path: fileAt('old.txt') } })
    expect(read.structuredContent).toEqual({ content: 'old' })
  })

  it('writes what an intern proposed once, after a person approved just that', async () => {
    const client = await through('clerk')
    const asked = await write(client, 'intern.txt', 'one')
    expect(asked).toMatchObject({ isError: true })
    expect(pendingOf(asked)).toMatchObject({ status: 'pending', proposal: { version: 1 } })
    expect(pendingOf(asked).next).toContain('exactly the same arguments')
    expect(contentOf(fileAt('intern.txt'))).toBeUndefined()
    const { id } = pendingOf(asked).proposal
    const { version, actionHash } = await sam.proposals.get(id)
    await sam.proposals.approve(id, { version, actionHash })
    expect(contentOf(fileAt('intern.txt'))).toBeUndefined()

    const other = await write(client, 'intern.txt', 'another')
    expect(pendingOf(other)).toMatchObject({ status: 'pending' })
    expect(pendingOf(other).proposal.id).not.toBe(id)
    expect(contentOf(fileAt('intern.txt'))).toBeUndefined()

    expect((await write(client, 'intern.txt', 'one')).isError).toBeUndefined()
    expect(contentOf(fileAt('intern.txt'))).toBe('one')
    const { mtimeNs } = statSync(fileAt('intern.txt'), { bigint: true })
    const again = await write(client, 'intern.txt', 'one')
    expect(pendingOf(again)).toMatchObject({ status: 'pending' })
    expect(pendingOf(again).proposal.id).not.toBe(id)
    expect(statSync(fileAt('intern.txt'), { bigint: true }).mtimeNs).toBe(mtimeNs)
    expect(await sam.proposals.get(id)).toMatchObject({ state: 'succeeded' })
  })

  it('appends once under one approval, however often it is repeated at once', async () => {
    const client = await through('clerk')
    writeFileSync(fileAt('list.txt'), 'head\n')
    const edit = () =>
      client.callTool({
        name: 'edit_file',
        arguments: { path: fileAt('list.txt'), edits: [{ oldText: 'head\n', newText: 'head\nline\n' }] },
      })
    const { id } = pendingOf(await edit()).proposal
    const { version, actionHash } = await sam.proposals.get(id)
    await sam.proposals.approve(id, { version, actionHash })
    const answers = await Promise.all([edit(), edit(), edit()])
    expect(contentOf(fileAt('list.txt'))).toBe('head\nline\n')
    expect(answers.filter(({ isError }) => isError !== true).length).toBeGreaterThan(0)
    await edit()
    expect(contentOf(fileAt('list.txt'))).toBe('head\nline\n')
  })
})

it(
  verifies('MCP-7', 'a tool that is another one than somebody looked at waits for two people, whoever calls it'),
  async () => {
    const { write_file: written, move_file: moved, ...tools } = catalogue.upstreams.files?.tools ?? {}
    if (written === undefined || moved === undefined) throw new Error('The server has other tools.')
    const looked = { ...tools, write_file: { ...written, definition: moved.definition }, file_move: moved }
    const client = await plane.through({
      agent: 'chief',
      upstream: filesystem(folder),
      catalogue: { version: 1, upstreams: { files: { tools: looked } } },
    })
    writeFileSync(fileAt('from.txt'), 'stays')
    const move = { source: fileAt('from.txt'), destination: fileAt('to.txt') }
    for (const answer of [
      await write(client, 'changed.txt', 'a'),
      await client.callTool({ name: 'move_file', arguments: move }),
      await client.callTool({ name: 'file_move', arguments: move }),
    ]) {
      expect(pendingOf(answer)).toMatchObject({ status: 'pending', route: 'proposal' })
      const proposal = await sam.proposals.get(pendingOf(answer).proposal.id)
      expect(proposal).toMatchObject({ risk: 'critical', requiredApprovals: 2 })
    }
    expect([contentOf(fileAt('changed.txt')), contentOf(fileAt('to.txt'))]).toEqual([undefined, undefined])
    const edit = { path: fileAt('from.txt'), edits: [{ oldText: 'stays', newText: 'changed' }] }
    expect((await client.callTool({ name: 'edit_file', arguments: edit })).isError).toBeUndefined()
    expect(contentOf(fileAt('from.txt'))).toBe('changed')
  },
)

describe(verifies(['MCP-9'], 'a write that somebody watches'), () => {
  /** The session that waits for somebody, or is watched, of the one run of an agent. */
  async function sessionOf(agent: string): Promise<string> {
    const active = async () =>
      (await sam.sessions.list({ state: 'active' })).items.find((session) => session.agent === agent)
    await expect.poll(async () => (await active()) !== undefined).toBe(true)
    return (await active())?.id ?? ''
  }
  const waitingIn = async (id: string) =>
    (await sam.sessions.get(id)).steps.filter(({ state }) => state === 'waiting').length

  it('is what the supervisor made of it, or does not happen', async () => {
    await sam.presence.heartbeat()
    const client = await through('watched')
    const first = write(client, 'watched.txt', 'first')
    const id = await sessionOf('watched')
    expect(contentOf(fileAt('watched.txt'))).toBeUndefined()
    await sam.sessions.attach(id)
    expect((await first).isError).toBeUndefined()
    expect(contentOf(fileAt('watched.txt'))).toBe('first')

    await sam.sessions.intervene(id, { type: 'pause', reason: 'Wait.' })
    const second = write(client, 'watched.txt', 'wrong')
    await expect.poll(() => waitingIn(id)).toBe(1)
    expect(contentOf(fileAt('watched.txt'))).toBe('first')
    const args = { path: fileAt('watched.txt'), content: 'corrected' }
    await sam.sessions.intervene(id, { type: 'correct', args, guidance: 'Not like this.' })
    await sam.sessions.intervene(id, { type: 'resume' })
    const { content, structuredContent, isError } = await second
    expect(isError).toBeUndefined()
    expect(contentOf(fileAt('watched.txt'))).toBe('corrected')
    expect(structuredContent).toEqual({ content: `Successfully wrote to ${fileAt('watched.txt')}` })
    expect(JSON.stringify(content)).toContain('Not like this.')

    await sam.sessions.intervene(id, { type: 'pause' })
    const third = write(client, 'ended.txt', 'never')
    await expect.poll(() => waitingIn(id)).toBe(1)
    await sam.sessions.intervene(id, { type: 'terminate', reason: 'It went wrong.' })
    const ended = await third
    expect(pendingOf(ended)).toMatchObject({ status: 'denied', code: 'RUN_TERMINATED' })
    expect(pendingOf(await write(client, 'ended.txt', 'never'))).toMatchObject({ code: 'RUN_TERMINATED' })
    expect(contentOf(fileAt('ended.txt'))).toBeUndefined()
  })

  it('goes to the queue when nobody came within ten seconds', async () => {
    const { answer, took } = await unattended
    expect(took).toBeGreaterThan(9_000)
    expect(pendingOf(answer)).toMatchObject({ status: 'queued', route: 'queue' })
    const { next, queueEntry } = pendingOf(answer)
    const text = `files.write_file: Nobody watched the run in time. It waits as queue entry ${queueEntry.id}. ${next}`
    expect(answer.content).toEqual([{ type: 'text', text }])
    expect(contentOf(fileAt('unwatched.txt'))).toBeUndefined()
  })
})
