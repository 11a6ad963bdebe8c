import type { ErrorCode } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CollaborationParts } from '../client/collaboration-parts.ts'
import {
  begin,
  type CollaborationGovernor,
  called,
  codeOf,
  openCollaborationGovernor,
} from './collaboration-governor.test.helper.ts'

let test: CollaborationGovernor
let ana: CollaborationParts

beforeAll(async () => {
  test = await openCollaborationGovernor()
  for (const one of ['boss', 'writer', 'editor']) await test.register(one, 'intern')
  ana = test.as('ana', 'supervisor')
})
afterAll(() => test.close())

/** What an agent that leads can write, each by its name. */
async function writes(): Promise<Readonly<Record<string, () => Promise<unknown>>>> {
  const members = [called('boss', 'lead'), called('writer'), called('editor')]
  const { id: collaboration } = await begin(ana, { mode: 'sequential', task: 'Write.', members })
  const { id: vote } = await ana.consensus.open({ collaboration, topic: 'Good?' })
  const { id: delegation } = await ana.delegations.create({ collaboration, to: 'agent:writer', task: 'Check.' })
  const boss = test.asAgent('boss')
  const writer = test.asAgent('writer')
  return {
    send: () => boss.collaborations.send(collaboration, 'Hello.'),
    context: () => boss.collaborations.putContext(collaboration, { base: 1, value: { by: 'boss' } }),
    vote: () => boss.consensus.vote(vote, { option: 'yes' }),
    open: () => boss.consensus.open({ collaboration, topic: 'Sure?' }),
    create: () => boss.delegations.create({ collaboration, to: 'agent:editor', task: 'Read.' }),
    reassign: () => boss.delegations.reassign(delegation, { to: 'agent:editor', reason: 'It is late.' }),
    complete: () => writer.delegations.complete(delegation, { output: 'done' }),
  }
}

async function codesOf(all: Awaited<ReturnType<typeof writes>>): Promise<readonly string[]> {
  const codes: string[] = []
  for (const work of Object.values(all)) codes.push(await codeOf(work()))
  return codes
}

describe('an agent that may attempt nothing', () => {
  const stop = (request: Parameters<CollaborationGovernor['admin']['stops']['set']>[0]) => async () => {
    const { id } = await test.admin.stops.set(request)
    return () => test.admin.stops.lift(id, 'The test has ended.')
  }
  const agents = ['boss', 'writer'] as const
  const change = (of: 'pause' | 'stop') => async () => {
    for (const agent of agents) await test.admin.agents[of](agent, 'A test.')
    return async () => {
      for (const agent of agents) await test.admin.agents.resume(agent, 'The test has ended.')
    }
  }

  it.each<[string, () => Promise<() => Promise<unknown>>, ErrorCode]>([
    ['while the workspace is stopped', stop({ target: 'workspace', reason: 'A test.' }), 'STOPPED'],
    ['while it is stopped', change('stop'), 'AGENT_STOPPED'],
    ['while it is paused', change('pause'), 'AGENT_PAUSED'],
  ])('takes no part by its credential %s', async (_, set, code) => {
    const all = await writes()
    const lift = await set()
    expect(await codesOf(all)).toEqual(Object.keys(all).map(() => code))
    await lift()
    expect(await codesOf(all)).toEqual(
      Object.keys(all).map((name) => (name === 'complete' ? 'MEMBER_REQUIRED' : 'nothing')),
    )
  })

  it('is stopped alone, and people go on', async () => {
    const all = await writes()
    const lift = await stop({ target: 'agent', agent: 'boss', reason: 'A test.' })()
    const { complete, ...ofBoss } = all
    expect(await codesOf(ofBoss)).toEqual(Object.keys(ofBoss).map(() => 'STOPPED'))
    expect(await codeOf(complete?.() ?? Promise.resolve())).toBe('nothing')
    const { items } = await ana.collaborations.list({ state: 'running' })
    expect(items.length).toBeGreaterThan(0)
    await lift()
  })
})
