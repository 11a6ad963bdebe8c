import type { Role } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CollaborationParts } from '../client/collaboration-parts.ts'
import {
  begin,
  type CollaborationGovernor,
  called,
  codeOf,
  keyOf,
  kindsAbout,
  openCollaborationGovernor,
  person,
  type ServedGovernor,
  serveCollaboration,
} from './collaboration-governor.test.helper.ts'

let test: CollaborationGovernor
let served: ServedGovernor

beforeAll(async () => {
  test = await openCollaborationGovernor()
  for (const id of ['writer', 'editor', 'stranger']) await test.register(id, 'intern')
  served = await serveCollaboration(test)
})
afterAll(async () => {
  await served.close()
  await test.close()
})

interface Plane {
  user(id: string, role: Role): Promise<CollaborationParts>
  agent(id: string): Promise<CollaborationParts>
}

const planes: readonly (readonly [string, () => Plane])[] = [
  ['embedded', () => ({ user: async (id, role) => test.as(id, role), agent: async (id) => test.asAgent(id) })],
  [
    'remote',
    () => ({
      user: async (id, role) => served.connect(await keyOf(test.admin, 'user', id, role)),
      agent: async (id) => served.connect(await keyOf(test.admin, 'agent', id)),
    }),
  ],
]

describe.each(planes)('collaborations on an %s governor', (name, plane) => {
  let ana: CollaborationParts
  let ben: CollaborationParts
  let writer: CollaborationParts
  let stranger: CollaborationParts
  let viewer: CollaborationParts
  const members = [called('writer', 'lead'), called('editor'), person(`ben-${name}`)]

  beforeAll(async () => {
    const { user, agent } = plane()
    ana = await user(`ana-${name}`, 'supervisor')
    ben = await user(`ben-${name}`, 'supervisor')
    viewer = await user(`vic-${name}`, 'viewer')
    writer = await agent('writer')
    stranger = await agent('stranger')
  })

  const make = (): Promise<{ readonly id: string }> =>
    ana.collaborations.create({ mode: 'sequential', task: 'Write a letter.', members, context: { tone: 'kind' } })

  it('are made, read and listed', async () => {
    const made = await ana.collaborations.create({ mode: 'parallel', task: 'Try.', members })
    expect(made).toMatchObject({
      mode: 'parallel',
      task: 'Try.',
      state: 'open',
      members: [
        { name: 'agent:writer', kind: 'agent', id: 'writer', role: 'lead', action: 'note.write' },
        { name: 'agent:editor', role: 'member' },
        { name: `user:ben-${name}`, kind: 'user', action: null },
      ],
      contextVersion: 1,
      input: null,
      output: null,
      createdBy: `user:ana-${name}`,
      startedBy: null,
    })
    expect(await ana.collaborations.get(made.id)).toEqual({ ...made, turns: [] })
    expect((await writer.collaborations.list({ state: 'open', mode: 'parallel' })).items[0]).toEqual(made)
  })

  it('gain and lose members until they begin', async () => {
    const { id } = await make()
    const joined = await ana.collaborations.join(id, person(`eve-${name}`))
    expect(joined.members.map((one) => one.name)).toContain(`user:eve-${name}`)
    expect(await codeOf(ana.collaborations.join(id, person(`eve-${name}`)))).toBe('CONFLICT')
    expect(await codeOf(ana.collaborations.join(id, called('stranger', 'lead')))).toBe('CONFLICT')
    expect(await codeOf(ana.collaborations.join(id, called('nobody')))).toBe('NOT_FOUND')
    expect(await codeOf(writer.collaborations.join(id, called('stranger')))).toBe('PERMISSION_DENIED')
    const left = await ana.collaborations.leave(id, 'agent:editor')
    expect(left.members.map((one) => one.name)).toEqual(['agent:writer', `user:ben-${name}`, `user:eve-${name}`])
    expect(await codeOf(ana.collaborations.leave(id, 'agent:editor'))).toBe('NOT_FOUND')
    await ana.collaborations.execute(id)
    expect(await codeOf(ana.collaborations.join(id, called('editor')))).toBe('CONFLICT')
    expect(await codeOf(ana.collaborations.leave(id, 'agent:writer'))).toBe('CONFLICT')
    expect(await codeOf(ana.collaborations.execute(id))).toBe('CONFLICT')
    await ana.collaborations.cancel(id, 'Enough.')
    expect(await kindsAbout(test, id)).toEqual([
      'collaboration.created',
      'collaboration.member_joined',
      'collaboration.member_left',
      'collaboration.started',
      'collaboration.cancelled',
    ])
  })

  it('hold numbered messages of their members, without the secrets in them', async () => {
    const { id } = await make()
    await ben.collaborations.send(id, 'The key is sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789')
    const second = await writer.collaborations.send(id, 'Thank you.')
    expect(second).toMatchObject({ number: 2, author: 'agent:writer', text: 'Thank you.' })
    expect(await codeOf(ana.collaborations.send(id, 'I supervise.'))).toBe('MEMBER_REQUIRED')
    expect(await codeOf(stranger.collaborations.send(id, 'Hello.'))).toBe('NOT_FOUND')
    expect(await codeOf(ben.collaborations.send(id, ' '))).toBe('INPUT_INVALID')
    expect(await codeOf(ben.collaborations.send(id, 'é'.repeat(8_001)))).toBe('INPUT_INVALID')
    await ben.collaborations.send(id, 'é'.repeat(8_000))
    const first = await ana.collaborations.messages(id, { limit: 2 })
    expect(first.items.map(({ number, author }) => [number, author])).toEqual([
      [1, `user:ben-${name}`],
      [2, 'agent:writer'],
    ])
    expect(first.items[0]?.text).not.toContain('sk-ant')
    const rest = await ana.collaborations.messages(id, { limit: 2, cursor: first.next ?? '' })
    expect([rest.items.map(({ number }) => number), rest.next]).toEqual([[3], null])
    await ana.collaborations.cancel(id, 'Enough.')
    expect(await codeOf(ben.collaborations.send(id, 'Late.'))).toBe('CONFLICT')
  })

  it('keep each version of what is shared, and lose no change', async () => {
    const { id } = await make()
    expect(await writer.collaborations.context(id)).toMatchObject({
      version: 1,
      value: { tone: 'kind' },
      author: `user:ana-${name}`,
    })
    const written = await writer.collaborations.putContext(id, { base: 1, value: { tone: 'short' } })
    expect(written).toMatchObject({ version: 2, author: 'agent:writer' })
    expect(await codeOf(ben.collaborations.putContext(id, { base: 1, value: {} }))).toBe('CONFLICT')
    const codes = await Promise.all(
      [ana, ben, writer].map((one) => codeOf(one.collaborations.putContext(id, { base: 2, value: { by: 'one' } }))),
    )
    expect(codes.sort()).toEqual(['CONFLICT', 'CONFLICT', 'nothing'])
    expect((await ana.collaborations.context(id, { version: 2 })).value).toEqual({ tone: 'short' })
    expect(await codeOf(ana.collaborations.context(id, { version: 9 }))).toBe('NOT_FOUND')
    expect((await ana.collaborations.get(id)).contextVersion).toBe(3)
  })

  it('are there for their members, and for nobody else among agents [COLLAB-2]', async () => {
    const { id } = await begin(ana, { mode: 'sequential', task: 'Write.', members })
    const delegation = await ana.delegations.create({ collaboration: id, to: `user:ben-${name}`, task: 'Sign.' })
    const vote = await ana.consensus.open({ collaboration: id, topic: 'Good?' })
    const seen = [
      stranger.collaborations.get(id),
      stranger.collaborations.messages(id),
      stranger.collaborations.context(id),
      stranger.collaborations.putContext(id, { base: 1, value: {} }),
      stranger.delegations.get(delegation.id),
      stranger.delegations.create({ collaboration: id, to: 'agent:editor', task: 'Mine.' }),
      stranger.delegations.complete(delegation.id, {}),
      stranger.delegations.reassign(delegation.id, { to: 'agent:editor', reason: 'Mine.' }),
      stranger.consensus.get(vote.id),
      stranger.consensus.vote(vote.id, { option: 'yes' }),
    ]
    expect(new Set(await Promise.all(seen.map(codeOf)))).toEqual(new Set(['NOT_FOUND']))
    const lists = [stranger.collaborations.list(), stranger.delegations.list(), stranger.consensus.list()]
    expect((await Promise.all(lists)).flatMap<unknown>(({ items }) => items)).toEqual([])
    const acts = [
      writer.collaborations.create({ mode: 'parallel', task: 'Mine.', members }),
      writer.collaborations.execute(id),
      writer.collaborations.cancel(id, 'Mine.'),
    ]
    expect(new Set(await Promise.all(acts.map(codeOf)))).toEqual(new Set(['PERMISSION_DENIED']))
    expect((await writer.delegations.list({ collaboration: id })).items).toEqual([delegation])
    await ana.collaborations.cancel(id, 'Enough.')
  })

  it('show a viewer who works with whom, and not what they say', async () => {
    const secret = `quinquereme ${name}`
    const { id } = await ana.collaborations.create({
      mode: 'sequential',
      task: secret,
      members,
      context: { plan: secret },
    })
    await ben.collaborations.send(id, secret)
    await ana.collaborations.execute(id, { input: { order: secret } })
    const delegation = await ana.delegations.create({ collaboration: id, to: `user:ben-${name}`, task: secret })
    await ben.delegations.complete(delegation.id, { output: secret })
    const vote = await ana.consensus.open({ collaboration: id, topic: secret, data: { about: secret } })
    await ben.consensus.vote(vote.id, { option: 'yes', reason: secret })
    const shown = [
      await viewer.collaborations.get(id),
      await viewer.collaborations.list(),
      await viewer.collaborations.messages(id),
      await viewer.collaborations.context(id),
      await viewer.delegations.get(delegation.id),
      await viewer.delegations.list(),
      await viewer.consensus.get(vote.id),
      await viewer.consensus.list(),
    ]
    expect(JSON.stringify(shown)).not.toContain('quinquereme')
    expect(await codeOf(viewer.collaborations.send(id, 'Hello.'))).toBe('PERMISSION_DENIED')
    await ana.collaborations.cancel(id, 'Enough.')
  })

  it.each([
    ['without members', { members: [] }],
    ['with a member twice', { members: [called('writer'), called('writer')] }],
    ['with two leads', { members: [called('writer', 'lead'), called('editor', 'lead')] }],
    ['with a mode that is none', { mode: 'chaotic' }],
    ['with the settings of another mode', { parallel: { result: 'first' } }],
    ['with an action for a person', { members: [{ kind: 'user', id: 'ben', action: 'note.write' }] }],
    ['with a task that cannot be stored', { task: 'a\0b' }],
    ['with a context that is no object', { context: ['a'] }],
    ['with a confidence that is typed in', { members: [{ ...called('writer'), confidence: 10_000 }] }],
    ['with a threshold of half', { mode: 'consensus', consensus: { threshold: 0.5 } }],
  ])('are refused %s', async (_, wrong) => {
    const request = { mode: 'sequential', task: 'Try.', members, ...wrong }
    expect(await codeOf(ana.collaborations.create(request as never))).toBe('INPUT_INVALID')
  })

  it('take no agent that is not there, or is retired', async () => {
    const request = { mode: 'sequential', task: 'Try.' } as const
    expect(await codeOf(ana.collaborations.create({ ...request, members: [called('nobody')] }))).toBe('NOT_FOUND')
    await test.register(`old-${name}`, 'intern')
    await test.admin.agents.retire(`old-${name}`, 'A test.')
    expect(await codeOf(ana.collaborations.create({ ...request, members: [called(`old-${name}`)] }))).toBe('CONFLICT')
  })
})

describe('a service', () => {
  it('reaches the collaborations of its agents with its scopes, and no other', async () => {
    const scopes = ['orchestration.collaborations.create', 'orchestration.collaborations.get'] as const
    const service = { kind: 'service', id: 'crm', roles: [], scopes, agents: ['writer'] } as const
    const crm = test.governor.as({ workspace: 'default', principal: service })
    const { collaborations } = crm.plugin({ name: 'orchestration', connect: () => test.as('nobody') })
    const request = { mode: 'sequential', task: 'Try.' } as const
    const own = await collaborations.create({ ...request, members: [called('writer')] })
    expect((await collaborations.get(own.id)).id).toBe(own.id)
    const mixed = { ...request, members: [called('writer'), called('editor')] }
    expect(await codeOf(collaborations.create(mixed))).toBe('PERMISSION_DENIED')
    const other = await test.as('ana', 'supervisor').collaborations.create(mixed)
    expect(await codeOf(collaborations.get(other.id))).toBe('NOT_FOUND')
    expect(await codeOf(collaborations.execute(own.id))).toBe('PERMISSION_DENIED')
  })
})
