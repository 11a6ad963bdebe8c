import type { HostScope } from '@preceptor/client'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const clock = createTestClock()
let test: TestGovernor
let proposal = ''

beforeAll(async () => {
  test = await createTestGovernor({ clock, workspaces: ['default', 'other'] })
  await test.register('bot', 'intern')
})
beforeEach(async () => {
  const decided = await test.agent('bot').decide({ agent: 'bot', action: 'refund.create', args: { cents: 1 } })
  proposal = decided.route === 'proposal' ? decided.proposal.id : ''
})
afterAll(() => test.close())

const person = (id: string, workspace = 'default'): HostScope =>
  test.governor.as({ workspace, principal: { kind: 'user', id, roles: ['supervisor'] } })
const join = (user: string, place: string) => person(user).view(proposal, { kind: 'viewer.joined', place })
const leave = (user: string, place: string) => person(user).view(proposal, { kind: 'viewer.left', place })
const present = () => person('sue').viewers(proposal)

/** What was told of the viewers, in order. */
async function told(): Promise<readonly string[]> {
  const { items } = await test.admin.journal.list({ subject: proposal, limit: 100 })
  return items
    .filter(({ kind }) => kind.startsWith('viewer.'))
    .map(({ kind, body }) => `${body.actor} ${kind.slice('viewer.'.length)}`)
    .reverse()
}

it('knows who looks at a proposal through any process, and tells of each once [WS-4]', async () => {
  for (const place of ['one', 'two', 'one']) await join('ada', place)
  await join('sue', 'two')
  expect(await present()).toEqual(['ada', 'sue'])
  await leave('ada', 'one')
  expect(await present()).toEqual(['ada', 'sue'])
  await leave('ada', 'two')
  await leave('ada', 'two')
  expect(await present()).toEqual(['sue'])
  expect(await told()).toEqual(['user:ada joined', 'user:sue joined', 'user:ada left'])
})

it('forgets whom a process left behind that died, and tells of it once [WS-4]', async () => {
  await join('ada', 'dies')
  await join('sue', 'dies')
  await join('sue', 'lives')
  clock.advance(40_000)
  expect(await test.governor.keepViewers('lives')).toBe(1)
  clock.advance(30_000)
  expect(await present()).toEqual(['sue'])
  for (const place of ['lives', 'empty']) await test.governor.keepViewers(place)
  expect(await told()).toEqual(['user:ada joined', 'user:sue joined', 'user:ada left'])
  expect(await test.governor.keepViewers('dies')).toBe(0)
  await join('ada', 'dies')
  expect(await present()).toEqual(['ada', 'sue'])
})

it('is for those who may read the proposal, and for people [WS-4, I-34, I-36]', async () => {
  const oda = person('oda', 'other')
  await expect(oda.view(proposal, { kind: 'viewer.joined', place: 'one' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(oda.viewers(proposal)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const bot = test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
  const peer = test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'peer', roles: [] } })
  await expect(bot.view(proposal, { kind: 'viewer.joined', place: 'one' })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  })
  expect(await bot.viewers(proposal)).toEqual([])
  await expect(peer.viewers(proposal)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
