import { type ControlScope, connectGovernor, onSettled, type Proposal, type SettledOptions } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { type Served, serve } from './serve.ts'

let test: TestGovernor
let served: Served
let token = ''
const offset = 0
let asked = 0

beforeAll(async () => {
  test = await createTestGovernor({
    clock: { now: () => Date.now() + offset, monotonic: () => performance.now() },
    actions: { 'refund.create': { risk: 'high' } },
  })
  await test.register('bot', 'intern')
  await test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  const key = { displayName: 'x', principalKind: 'user', principalId: 'ana', roles: ['supervisor'] } as const
  token = (await test.admin.keys.create(key)).secret
  served = await serve(test.governor)
})
afterAll(async () => {
  await served.close()
  await test.close()
})

const ana = (): ControlScope => test.user('ana', 'supervisor')

async function ask(): Promise<Proposal> {
  asked += 1
  const decision = await test
    .agent('bot')
    .decide({ agent: 'bot', action: 'refund.create', args: { cents: asked }, idempotencyKey: `ask-${asked}` })
  if (decision.route !== 'proposal') throw new Error(decision.reason)
  return ana().proposals.get(decision.proposal.id)
}

const run = (cents: number, work: () => unknown) =>
  test
    .agent('bot')
    .guard({ agent: 'bot', action: 'refund.create', args: { cents }, idempotencyKey: `ask-${cents}` }, async () =>
      work(),
    )

/** Follows, and remembers what was told. */
async function follow(scope: ControlScope, options: SettledOptions = {}) {
  const controller = new AbortController()
  const told: string[] = []
  const settled = await onSettled(scope, ({ id, state }) => void told.push(`${id} ${state}`), {
    ...options,
    signal: controller.signal,
  })
  const end = async (): Promise<number> => {
    controller.abort()
    await settled.ended
    return settled.position
  }
  return { settled, told, end }
}

const REACHES = [
  ['in the process', async () => ana()],
  ['over HTTP', async () => remote().then(({ scope }) => scope)],
] as const

async function remote() {
  const governor = connectGovernor({ url: served.url, token })
  return { governor, scope: governor.as(await governor.authenticate(token)) }
}

describe('onSettled', () => {
  it.each(REACHES)(verifies('LC-17', 'tells of each end of a proposal once, in order, %s'), async (_where, reach) => {
    const { told, end } = await follow(await reach())
    const [ran, failed, rejected, answered, cancelled] = [
      await ask(),
      await ask(),
      await ask(),
      await ask(),
      await ask(),
    ]
    const [one, two] = [asked - 4, asked - 3]
    for (const proposal of [ran, failed]) await ana().proposals.approve(proposal.id, shown(proposal))
    await run(one, () => 'done')
    await run(one, () => 'again')
    await run(two, () => Promise.reject(new Error('no such order'))).catch(() => undefined)
    await ana().proposals.reject(rejected.id, { ...shown(rejected), category: 'other', reason: 'No.' })
    await ana().proposals.respond(answered.id, { ...shown(answered), response: 'by hand' })
    await ana().proposals.cancel(cancelled.id, 'Not needed.')
    const ends = [
      `${ran.id} succeeded`,
      `${failed.id} failed`,
      `${rejected.id} rejected`,
      `${answered.id} responded`,
      `${cancelled.id} cancelled`,
    ]
    await vi.waitFor(() => expect(told).toHaveLength(5), { timeout: 10_000 })
    expect(told).toEqual(ends)
    await end()
  })

  it(verifies('LC-17', 'goes on after the position where it ended, and misses nothing between'), async () => {
    const first = await follow(ana())
    const before = await ask()
    await ana().proposals.cancel(before.id, 'Not needed.')
    await vi.waitFor(() => expect(first.told).toEqual([`${before.id} cancelled`]), { timeout: 10_000 })
    const after = await first.end()
    const meanwhile = await ask()
    await ana().proposals.cancel(meanwhile.id, 'Not needed.')
    const second = await follow(ana(), { after })
    await vi.waitFor(() => expect(second.told).toEqual([`${meanwhile.id} cancelled`]), { timeout: 10_000 })
    await second.end()
  })

  it('tells of approvals where it is asked to', async () => {
    const { told, end } = await follow(ana(), { approved: true })
    const proposal = await ask()
    await ana().proposals.approve(proposal.id, shown(proposal))
    await vi.waitFor(() => expect(told).toEqual([`${proposal.id} approved`]), { timeout: 10_000 })
    await end()
  })

  it('ends with what the handler threw, and does not count what it could not handle', async () => {
    const fault = new Error('no mail today')
    const settled = await onSettled(ana(), () => Promise.reject(fault))
    const { position } = settled
    const proposal = await ask()
    await ana().proposals.cancel(proposal.id, 'Not needed.')
    await expect(settled.ended).rejects.toBe(fault)
    // Rows of other kinds before it were passed.
    expect(settled.position).toBeGreaterThanOrEqual(position)
    const told: string[] = []
    const controller = new AbortController()
    const again = await onSettled(ana(), ({ id }) => void told.push(id), {
      after: settled.position,
      signal: controller.signal,
    })
    await vi.waitFor(() => expect(told).toEqual([proposal.id]), { timeout: 10_000 })
    controller.abort()
    await again.ended
  })

  it('ends without an error when the governor is closed', async () => {
    const { governor, scope } = await remote()
    const { settled } = await follow(scope)
    await governor.close()
    await settled.ended
  })
})

function shown({ version, actionHash }: Proposal): Pick<Proposal, 'version' | 'actionHash'> {
  return { version, actionHash }
}
