import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CollaborationParts } from '../../client/collaboration-parts.ts'
import {
  begin,
  type CollaborationGovernor,
  called,
  codeOf,
  kindsAbout,
  openCollaborationGovernor,
  person,
} from '../collaboration-governor.test.helper.ts'

let test: CollaborationGovernor
let ana: CollaborationParts

beforeAll(async () => {
  test = await openCollaborationGovernor()
  for (const id of ['boss', 'writer', 'editor', 'critic']) await test.register(id, 'intern')
  ana = test.as('ana', 'supervisor')
})
afterAll(() => test.close())
beforeEach(() => expect(test.steps()).toEqual([]))

const three = [called('writer'), called('editor'), called('critic')]

describe('sequential', () => {
  it('calls each member in order, with what was given before it [COLLAB-1]', async () => {
    const { id } = await begin(ana, { mode: 'sequential', task: 'Write a letter.', members: [...three, person('ben')] })
    expect(test.steps()).toHaveLength(1)
    expect(test.stepOf('writer')).toMatchObject({
      owner: { kind: 'collaboration', id },
      action: 'note.write',
      startedBy: 'user:ana',
      told: {
        phase: 'work',
        collaboration: id,
        task: 'Write a letter.',
        input: { order: 7 },
        context: {},
        previous: [],
      },
    })
    await test.succeed('writer', { text: 'Dear' })
    expect(test.stepOf('editor').told).toMatchObject({
      previous: [{ member: 'agent:writer', output: { text: 'Dear' } }],
    })
    await ana.collaborations.putContext(id, { base: 1, value: { tone: 'kind' } })
    await test.succeed('editor', 'Dear Ms Cole')
    expect(test.stepOf('critic').told).toMatchObject({
      context: { tone: 'kind' },
      previous: [
        { member: 'agent:writer', output: { text: 'Dear' } },
        { member: 'agent:editor', output: 'Dear Ms Cole' },
      ],
    })
    await test.succeed('critic', { final: true })
    const ended = await ana.collaborations.get(id)
    expect(ended).toMatchObject({ state: 'completed', output: { final: true }, failure: null, startedBy: 'user:ana' })
    expect(ended.turns.map(({ member, state }) => [member, state])).toEqual([
      ['agent:writer', 'succeeded'],
      ['agent:editor', 'succeeded'],
      ['agent:critic', 'succeeded'],
    ])
    expect(await kindsAbout(test, id)).toEqual([
      'collaboration.created',
      'collaboration.started',
      'collaboration.context_changed',
      'collaboration.completed',
    ])
  })

  it('fails when one fails, and calls nobody after it', async () => {
    const { id } = await begin(ana, { mode: 'sequential', task: 'Write.', members: three })
    await test.succeed('writer', 1)
    await test.fail('editor', 'TRAINING_REQUIRED')
    expect(await ana.collaborations.get(id)).toMatchObject({
      state: 'failed',
      output: null,
      failure: { member: 'agent:editor', code: 'TRAINING_REQUIRED', message: 'editor could not.' },
    })
  })

  it('goes on once, however often the end of a step is told', async () => {
    const { id } = await begin(ana, { mode: 'sequential', task: 'Write.', members: three })
    const step = test.stepOf('writer')
    await test.succeed('writer', 1)
    await test.tell({ id: step.id, ownerId: id, output: 2 })
    await test.tell({ id: 'wst_unknown', ownerId: id, output: 2 })
    await test.tell({ id: step.id, ownerId: 'col_unknown', output: 2 })
    expect(test.steps().map(({ agent }) => agent)).toEqual(['editor'])
    await ana.collaborations.cancel(id, 'Enough.')
    expect(test.steps()).toEqual([])
    await test.tell({ id: step.id, ownerId: id, output: 2 })
    expect((await ana.collaborations.get(id)).turns.map(({ state, output }) => [state, output])).toEqual([
      ['succeeded', 1],
      ['cancelled', null],
    ])
    expect((await kindsAbout(test, id)).at(-1)).toBe('collaboration.cancelled')
    expect(await codeOf(ana.collaborations.cancel(id, 'Again.'))).toBe('CONFLICT')
  })
})

describe('parallel', () => {
  it('collects the outputs of all by member [COLLAB-1]', async () => {
    const { id } = await begin(ana, { mode: 'parallel', task: 'Check.', members: three })
    expect(test.steps().map(({ agent }) => agent)).toEqual(['writer', 'editor', 'critic'])
    await test.succeed('critic', 3)
    await test.succeed('writer', 1)
    expect((await ana.collaborations.get(id)).state).toBe('running')
    await test.succeed('editor', null)
    expect(await ana.collaborations.get(id)).toMatchObject({
      state: 'completed',
      output: { 'agent:writer': 1, 'agent:editor': null, 'agent:critic': 3 },
    })
  })

  it('takes the first output, and takes the other calls back', async () => {
    const { id } = await begin(ana, { mode: 'parallel', task: 'Check.', members: three, parallel: { result: 'first' } })
    await test.succeed('editor', 'quick')
    expect(await ana.collaborations.get(id)).toMatchObject({ state: 'completed', output: 'quick' })
    expect(test.steps()).toEqual([])
  })

  it('fails at once by a failure, or goes on without who failed', async () => {
    const failing = await begin(ana, { mode: 'parallel', task: 'Check.', members: three })
    await test.fail('editor')
    expect(await ana.collaborations.get(failing.id)).toMatchObject({
      state: 'failed',
      failure: { member: 'agent:editor' },
    })
    expect(test.steps()).toEqual([])
    const parallel = { result: 'majority', onFailure: 'ignore' } as const
    const going = await begin(ana, { mode: 'parallel', task: 'Check.', members: three, parallel })
    await test.fail('editor')
    await test.succeed('writer', { b: 1, a: [2] })
    await test.succeed('critic', { a: [2], b: 1 })
    expect((await ana.collaborations.get(going.id)).output).toEqual({
      outcome: 'agreed',
      value: { b: 1, a: [2] },
      members: ['agent:writer', 'agent:critic'],
      asked: 3,
    })
  })
})

describe('hierarchical', () => {
  const members = [called('boss', 'lead'), called('writer'), called('editor'), called('critic'), person('ben')]

  it('asks the lead for a plan, has it done by priority, and asks the lead for the output [COLLAB-1]', async () => {
    const { id } = await begin(ana, { mode: 'hierarchical', task: 'Launch.', members, hierarchical: { parallel: 2 } })
    expect(test.stepOf('boss').told).toMatchObject({
      phase: 'plan',
      members: [{ name: 'agent:writer' }, { name: 'agent:editor' }, { name: 'agent:critic' }, { name: 'user:ben' }],
    })
    await test.succeed('boss', {
      delegations: [
        { to: 'agent:writer', task: 'Low.', priority: 1 },
        { to: 'agent:editor', task: 'High.', priority: 9, deadlineSeconds: 60 },
        { to: 'user:ben', task: 'Sign.', priority: 3 },
        { to: 'agent:critic', task: 'Middle.', priority: 5 },
      ],
    })
    expect(test.steps().map(({ agent, delegation }) => [agent, delegation])).toEqual([
      ['editor', ['boss']],
      ['critic', ['boss']],
    ])
    expect(test.stepOf('editor').told).toMatchObject({
      phase: 'delegated',
      task: 'Launch.',
      delegation: { task: 'High.', priority: 9, from: 'agent:boss', deadline: expect.any(String) },
    })
    await test.succeed('critic', 'fine')
    await test.succeed('editor', 'edited')
    await test.succeed('writer', 'written')
    expect((await ana.collaborations.get(id)).state).toBe('waiting')
    expect((await ana.collaborations.list({ state: 'waiting' })).items.map((one) => one.id)).toEqual([id])
    const [mine] = (await ana.delegations.list({ collaboration: id, to: 'user:ben' })).items
    await test.as('ben', 'supervisor').delegations.complete(mine?.id ?? '', { output: { signed: true } })
    expect(test.stepOf('boss').told).toMatchObject({
      phase: 'aggregate',
      results: [
        { member: 'agent:editor', state: 'completed', output: 'edited' },
        { member: 'agent:critic', state: 'completed', output: 'fine' },
        { member: 'user:ben', state: 'completed', output: { signed: true } },
        { member: 'agent:writer', state: 'completed', output: 'written' },
      ],
    })
    const late = { collaboration: id, to: 'agent:writer', task: 'More.' } as const
    expect(await codeOf(ana.delegations.create(late))).toBe('CONFLICT')
    await test.succeed('boss', { launched: true })
    expect(await ana.collaborations.get(id)).toMatchObject({ state: 'completed', output: { launched: true } })
    expect(await kindsAbout(test, mine?.id ?? '')).toEqual(['delegation.created', 'delegation.completed'])
  })

  it.each([
    ['no plan', 'as you like', /plan/],
    ['nobody', { delegations: [] }, /plan\.delegations/],
    ['a stranger', { delegations: [{ to: 'agent:other', task: 'x', priority: 1 }] }, /"agent:other" is no member/],
    ['the lead', { delegations: [{ to: 'agent:boss', task: 'x', priority: 1 }] }, /"agent:boss" leads it/],
    ['no priority', { delegations: [{ to: 'agent:writer', task: 'x', priority: 11 }] }, /delegations\.0\.priority/],
    ['more', { delegations: [{ to: 'agent:writer', task: 'x', priority: 1, hurry: true }] }, /"hurry"/],
    [
      'too many',
      { delegations: Array.from({ length: 51 }, () => ({ to: 'agent:writer', task: 'x', priority: 1 })) },
      /plan\.delegations/,
    ],
  ])('fails by a plan that names %s, and says so', async (_, plan, says) => {
    const { id } = await begin(ana, { mode: 'hierarchical', task: 'Launch.', members })
    await test.succeed('boss', plan)
    const { state, failure } = await ana.collaborations.get(id)
    expect([state, failure?.member, failure?.code]).toEqual(['failed', 'agent:boss', 'STEP_FAILED'])
    expect(failure?.message).toMatch(says)
    expect((await ana.delegations.list({ collaboration: id })).items).toEqual([])
  })

  it('gives what failed to another agent once, and tells the lead what was not done', async () => {
    const { id } = await begin(ana, { mode: 'hierarchical', task: 'Launch.', members })
    await test.succeed('boss', {
      delegations: [
        { to: 'agent:writer', task: 'One.', priority: 5 },
        { to: 'agent:editor', task: 'Two.', priority: 4 },
      ],
    })
    await test.fail('writer')
    // The editor has one, the critic none, and the person is never called.
    expect(test.stepOf('critic').told).toMatchObject({ delegation: { task: 'One.' } })
    await test.fail('critic', 'STEP_TIMED_OUT')
    await test.succeed('editor', 2)
    expect(test.stepOf('boss').told).toMatchObject({
      results: [
        { member: 'agent:critic', state: 'failed', output: null, failure: { code: 'STEP_TIMED_OUT' } },
        { member: 'agent:editor', state: 'completed', output: 2 },
      ],
    })
    const [, one] = (await ana.delegations.list({ collaboration: id })).items
    expect(one).toMatchObject({ to: 'agent:critic', reassigned: 1, state: 'failed' })
    expect(await kindsAbout(test, one?.id ?? '')).toEqual([
      'delegation.created',
      'delegation.reassigned',
      'delegation.failed',
    ])
    await test.fail('boss')
    expect(await ana.collaborations.get(id)).toMatchObject({ state: 'failed', failure: { member: 'agent:boss' } })
  })
})

describe('what a mode needs', () => {
  it.each([
    ['sequential', [person('ben')]],
    ['parallel', [{ kind: 'agent', id: 'writer' } as const]],
    ['hierarchical', [called('writer'), called('editor')]],
    ['hierarchical', [called('boss', 'lead')]],
    ['consensus', [called('writer')]],
  ] as const)('is asked for before a %s one begins', async (mode, members) => {
    const { id } = await ana.collaborations.create({ mode, task: 'Try.', members })
    expect(await codeOf(ana.collaborations.execute(id))).toBe('CONFLICT')
    expect((await ana.collaborations.get(id)).state).toBe('open')
  })
})
