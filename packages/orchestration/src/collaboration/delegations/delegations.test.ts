import { createTestClock } from '@preceptor/core/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CollaborationMember } from '../../client/collaboration.ts'
import type { CollaborationParts } from '../../client/collaboration-parts.ts'
import type { Delegation } from '../../client/delegations.ts'
import {
  begin,
  type CollaborationGovernor,
  called,
  codeOf,
  kindsAbout,
  openCollaborationGovernor,
  person,
} from '../collaboration-governor.test.helper.ts'
import { chooseMember } from './choose-member.ts'

const clock = createTestClock()
let test: CollaborationGovernor
let ana: CollaborationParts
let id: string

const members = [
  called('boss', 'lead'),
  called('writer'),
  called('editor'),
  { kind: 'agent', id: 'scout' } as const,
  person('ben'),
]

beforeAll(async () => {
  test = await openCollaborationGovernor({ clock })
  for (const one of ['boss', 'writer', 'editor', 'scout']) await test.register(one, 'intern')
  ana = test.as('ana', 'supervisor')
})
afterAll(() => test.close())
afterEach(async () => {
  await codeOf(ana.collaborations.cancel(id, 'The test has ended.'))
  expect(test.steps()).toEqual([])
})

/** A hierarchical collaboration whose lead has delegated these. */
async function planned(delegations: readonly object[]): Promise<readonly Delegation[]> {
  ;({ id } = await begin(ana, { mode: 'hierarchical', task: 'Launch.', members }))
  await test.succeed('boss', { delegations: delegations.map((one) => ({ task: 'Do.', priority: 5, ...one })) })
  return [...(await ana.delegations.list({ collaboration: id })).items].reverse()
}

describe('a deadline that passes', () => {
  it('takes the call back and gives the delegation to another agent with as much time, once', async () => {
    const [one] = await planned([{ to: 'agent:writer', deadlineSeconds: 60 }])
    const late = test.stepOf('writer')
    await test.work()
    expect(test.steps()).toEqual([late])
    clock.advance(60_000)
    await test.work()
    expect(test.steps().map(({ agent }) => agent)).toEqual(['editor'])
    const moved = await ana.delegations.get(one?.id ?? '')
    expect(moved).toMatchObject({ to: 'agent:editor', state: 'running', reassigned: 1 })
    expect(Date.parse(moved.deadline ?? '') - Date.parse(one?.deadline ?? '')).toBeGreaterThanOrEqual(60_000)
    // What comes too late counts for nothing.
    await test.tell({ id: late.id, ownerId: id, output: 'late' })
    await test.work()
    expect((await ana.delegations.get(moved.id)).state).toBe('running')
    clock.advance(60_000)
    await test.work()
    expect(await ana.delegations.get(moved.id)).toMatchObject({ state: 'failed', failure: { code: 'STEP_TIMED_OUT' } })
    expect(test.stepOf('boss').told).toMatchObject({ phase: 'aggregate', results: [{ state: 'failed' }] })
    expect(await kindsAbout(test, moved.id)).toEqual([
      'delegation.created',
      'delegation.reassigned',
      'delegation.failed',
    ])
    const rows = (await test.admin.journal.list({ limit: 100 })).items.filter(({ subjectId }) => subjectId === moved.id)
    expect(rows.map(({ agent }) => agent).reverse()).toEqual(['writer', 'editor', 'editor'])
  })

  it('hands on nothing that has begun, because it might be done twice', async () => {
    const [one] = await planned([{ to: 'agent:writer', deadlineSeconds: 60 }])
    test.beginStep('writer')
    clock.advance(60_000)
    await test.work()
    expect(await ana.delegations.get(one?.id ?? '')).toMatchObject({
      to: 'agent:writer',
      state: 'failed',
      reassigned: 0,
      failure: { code: 'OUTCOME_UNKNOWN' },
    })
    // Nobody does the part: the lead is told that it failed.
    expect(test.steps().map(({ agent }) => agent)).toEqual(['boss'])
    expect(test.stepOf('boss').told).toMatchObject({ results: [{ failure: { code: 'OUTCOME_UNKNOWN' } }] })
  })

  it('finds people, too', async () => {
    const [one] = await planned([{ to: 'user:ben', deadlineSeconds: 60 }])
    expect(test.steps()).toEqual([])
    clock.advance(60_000)
    await test.work()
    expect(await ana.delegations.get(one?.id ?? '')).toMatchObject({ to: 'agent:writer', state: 'running' })
  })
})

describe('a delegation', () => {
  it('is made by the lead or a person, and acts for the lead with no more than its authority', async () => {
    ;({ id } = await begin(ana, { mode: 'sequential', task: 'Write.', members }))
    const request = { collaboration: id, to: 'agent:editor', task: 'Check.' } as const
    expect(await codeOf(test.asAgent('writer').delegations.create(request))).toBe('MEMBER_REQUIRED')
    expect(await codeOf(ana.delegations.create({ ...request, to: 'agent:boss' }))).toBe('INPUT_INVALID')
    expect(await codeOf(ana.delegations.create({ ...request, to: 'user:eve' }))).toBe('INPUT_INVALID')
    expect(await codeOf(ana.delegations.create({ ...request, priority: 0 }))).toBe('INPUT_INVALID')
    const ofLead = await test.asAgent('boss').delegations.create(request)
    const ofAna = await ana.delegations.create({ ...request, to: 'agent:writer', priority: 10 })
    expect(ofLead).toMatchObject({ from: 'agent:boss', state: 'running', priority: 5, deadline: null })
    expect(ofAna).toMatchObject({ from: 'user:ana', state: 'running', priority: 10 })
    expect(test.stepOf('editor').delegation).toEqual(['boss'])
    expect(test.stepOf('writer').delegation).toBeUndefined()
    await test.succeed('editor', 'checked')
    expect(await ana.delegations.get(ofLead.id)).toMatchObject({ state: 'completed', output: 'checked' })
  })

  it('is completed by who has it or by a person, and a call of its agent is taken back', async () => {
    const [mine, other] = await planned([{ to: 'agent:scout' }, { to: 'agent:writer' }])
    const scout = test.asAgent('scout')
    expect((await ana.delegations.get(mine?.id ?? '')).state).toBe('running')
    expect(await codeOf(scout.delegations.complete(other?.id ?? '', { output: 'mine' }))).toBe('MEMBER_REQUIRED')
    await scout.delegations.complete(mine?.id ?? '', { output: ['found'] })
    expect(await codeOf(scout.delegations.complete(mine?.id ?? '', {}))).toBe('CONFLICT')
    await ana.delegations.complete(other?.id ?? '', { output: 'by hand' })
    expect(test.steps().map(({ agent }) => agent)).toEqual(['boss'])
    expect(test.stepOf('boss').told).toMatchObject({
      results: [
        { member: 'agent:scout', output: ['found'] },
        { member: 'agent:writer', output: 'by hand' },
      ],
    })
  })

  it('is given to another member for a reason', async () => {
    const [one] = await planned([{ to: 'agent:writer' }])
    const change = { to: 'agent:editor', reason: 'The writer is busy.' } as const
    expect(await codeOf(test.asAgent('writer').delegations.reassign(one?.id ?? '', change))).toBe('MEMBER_REQUIRED')
    expect(await codeOf(ana.delegations.reassign(one?.id ?? '', { ...change, to: 'agent:writer' }))).toBe('CONFLICT')
    expect(await codeOf(ana.delegations.reassign(one?.id ?? '', { ...change, to: 'agent:boss' }))).toBe('INPUT_INVALID')
    expect(await codeOf(ana.delegations.reassign(one?.id ?? '', { ...change, reason: ' ' }))).toBe('INPUT_INVALID')
    expect(await test.asAgent('boss').delegations.reassign(one?.id ?? '', change)).toMatchObject({
      to: 'agent:editor',
      state: 'running',
      reassigned: 1,
    })
    expect(test.steps().map(({ agent }) => agent)).toEqual(['editor'])
    // By hand it does not use up the one time that a failure gives it to somebody else; who had it does not get it back.
    await test.fail('editor')
    expect(await ana.delegations.get(one?.id ?? '')).toMatchObject({ state: 'failed', to: 'agent:editor' })
    expect(await codeOf(ana.delegations.reassign(one?.id ?? '', change))).toBe('CONFLICT')
  })

  it('is handed to nobody by itself when its outcome is unknown, because it might be done twice', async () => {
    const [unknown, failed] = await planned([{ to: 'agent:writer', priority: 9 }, { to: 'agent:editor' }])
    await test.fail('writer', 'OUTCOME_UNKNOWN')
    expect(await ana.delegations.get(unknown?.id ?? '')).toMatchObject({
      to: 'agent:writer',
      state: 'failed',
      reassigned: 0,
      failure: { code: 'OUTCOME_UNKNOWN' },
    })
    expect(await kindsAbout(test, unknown?.id ?? '')).toEqual(['delegation.created', 'delegation.failed'])
    expect(test.steps().map(({ agent }) => agent)).toEqual(['editor'])
    // What is known to have failed is.
    await test.fail('editor')
    expect(await ana.delegations.get(failed?.id ?? '')).toMatchObject({ to: 'agent:writer', state: 'running' })
    // A person who knows what happened has it done anew.
    const anew = await ana.delegations.create({ collaboration: id, to: 'agent:editor', task: 'Do.' })
    expect(anew).toMatchObject({ to: 'agent:editor', state: 'running' })
  })

  it('ends with its collaboration', async () => {
    const [one] = await planned([{ to: 'agent:writer' }])
    await ana.collaborations.cancel(id, 'Enough.')
    expect(await ana.delegations.get(one?.id ?? '')).toMatchObject({ state: 'cancelled', output: null, failure: null })
    expect(await codeOf(ana.delegations.complete(one?.id ?? '', {}))).toBe('CONFLICT')
    expect(await codeOf(ana.delegations.create({ collaboration: id, to: 'agent:writer', task: 'x' }))).toBe('CONFLICT')
  })
})

describe('who is given what somebody else did not do', () => {
  const member = (name: string, more: Partial<CollaborationMember> = {}): CollaborationMember => ({
    name: `agent:${name}`,
    kind: 'agent',
    id: name,
    role: 'member',
    action: 'note.write',
    ...more,
  })
  const all = [
    member('lead', { role: 'lead' }),
    member('a'),
    member('b'),
    member('quiet', { action: null }),
    member('c'),
  ]
  const busy = (name: string, state: Delegation['state'] = 'running'): Pick<Delegation, 'to' | 'state'> => ({
    to: `agent:${name}`,
    state,
  })

  it.each([
    ['the first', ['agent:a'], [], 'b'],
    ['the one with the fewest open', ['agent:a'], [busy('b'), busy('b', 'pending'), busy('c')], 'c'],
    ['whatever has ended', ['agent:a'], [busy('b', 'completed'), busy('b', 'failed'), busy('c')], 'b'],
    ['nobody who had it', ['agent:a', 'agent:b'], [], 'c'],
    ['nobody when nobody is left', ['agent:a', 'agent:b', 'agent:c'], [], undefined],
  ] as const)('is %s', (_, holders, open, expected) => {
    expect(chooseMember(all, { holders }, open)?.id).toBe(expected)
  })
})
