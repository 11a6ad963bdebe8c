import type { Identity } from '@preceptor/client'
import { describeWithPostgres, describeWithRedis, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Report } from '../../context.ts'
import { createGovernor, type EmbeddedGovernor } from '../../governor.ts'
import { useRedis } from '../../jobs/jobs.test.helper.ts'
import type { GovernorOptions } from '../../options.ts'

let callers = 0
const caller = (kind: Identity['principal']['kind'] = 'service', workspace = 'default'): Identity => {
  callers += 1
  return { workspace, principal: { kind, id: `caller-${callers}`, roles: [] } }
}

const LIMITS = {
  principal: { points: 40, seconds: 60 },
  agent: { points: 10, seconds: 60 },
  workspace: { points: 100, seconds: 60 },
  credentials: { points: 5, seconds: 60 },
}

/** Sends so many requests at once and gives how many were admitted. */
async function admitted(governors: readonly EmbeddedGovernor[], identity: Identity, times: number): Promise<number> {
  const results = await Promise.allSettled(
    Array.from({ length: times }, async (_, index) => governors[index % governors.length]?.admit?.({ identity })),
  )
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
  expect(new Set(refused)).toEqual(new Set(refused.length === 0 ? [] : ['RATE_LIMITED']))
  return results.length - refused.length
}

interface Planes {
  /** Two governors on one store, as two processes have them. */
  readonly governors: readonly [EmbeddedGovernor, EmbeddedGovernor]
  readonly reports: readonly Report[]
}

function useTwo(options: () => GovernorOptions): Planes {
  const opened: EmbeddedGovernor[] = []
  const reports: Report[] = []
  beforeAll(async () => {
    for (const _ of ['one', 'other']) {
      const report = (told: Report): void => void reports.push(told)
      opened.push(await createGovernor({ workspaces: ['default', 'other'], rateLimits: LIMITS, report, ...options() }))
    }
  })
  afterAll(() => Promise.all(opened.map((governor) => governor.close())))
  return {
    reports,
    get governors() {
      const [first, second] = opened
      if (first === undefined || second === undefined) throw new Error('They are open inside tests only.')
      return [first, second] as const
    },
  }
}

function acrossProcesses(planes: Planes): void {
  it('admits exactly the limit of a principal over two processes, and says when there is more [RATE-1, I-39]', async () => {
    const identity = caller('user')
    expect(await admitted(planes.governors, identity, 100)).toBe(40)
    const refusal = await refusalOf(() => planes.governors[0].admit?.({ identity }))
    expect(refusal).toMatchObject({
      code: 'RATE_LIMITED',
      status: 429,
      details: { group: 'principal', limit: 40, windowSeconds: 60 },
    })
    expect(refusal.details.retryAfterSeconds).toBeGreaterThan(50)
    expect(refusal.details.retryAfterSeconds).toBeLessThanOrEqual(60)
    expect(await admitted(planes.governors, caller('user'), 40)).toBe(40)
  })

  it('counts agents, and the machines of a workspace together, over two processes [RATE-1, I-39]', async () => {
    const identity = caller('user')
    const attempts = await Promise.allSettled(
      Array.from({ length: 30 }, async (_, index) => planes.governors[index % 2]?.admit?.({ identity, agent: 'bot' })),
    )
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    let machines = 0
    for (let index = 0; index < 4; index += 1)
      machines += await admitted(planes.governors, caller('agent', 'other'), 40)
    expect(machines).toBe(100)
    // People still reach the kill switch, and another workspace is another matter.
    expect(await admitted(planes.governors, caller('user', 'other'), 40)).toBe(40)
    expect(await admitted(planes.governors, caller('agent'), 40)).toBe(40)
  })

  it('slows down guessing from one address over two processes, and nobody who is known there [RATE-2, I-35]', async () => {
    const [first, second] = planes.governors
    const host = first.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
    const request = { displayName: 'k', principalKind: 'system', principalId: 'known' } as const
    const known = (await host.keys.create(request)).secret
    const unknown = (await host.keys.create(request)).secret
    const guess = `pcp_aaaaaaaa_${'A'.repeat(43)}`
    const from = { peer: '203.0.113.7' }
    await first.authenticate(known, from)
    const codes: string[] = []
    for (let index = 0; index < 8; index += 1) {
      const governor = index % 2 === 0 ? first : second
      codes.push((await refusalOf(() => governor.authenticate(guess, from))).code)
    }
    expect(codes).toEqual([...Array(5).fill('CREDENTIAL_INVALID'), ...Array(3).fill('RATE_LIMITED')])
    expect((await refusalOf(() => first.authenticate(unknown, from))).code).toBe('RATE_LIMITED')
    expect((await first.authenticate(known, from)).principal.id).toBe('known')
    expect((await first.authenticate(unknown, { peer: '203.0.113.8' })).principal.id).toBe('known')
    expect((await refusalOf(() => first.redeem('pst_default.x', '/events', from))).code).toBe('RATE_LIMITED')
  })
}

async function refusalOf(call: () => Promise<unknown> | undefined): Promise<{
  readonly code: string
  readonly details: Record<string, unknown>
}> {
  try {
    await call()
  } catch (error) {
    return error as Awaited<ReturnType<typeof refusalOf>>
  }
  throw new Error('It was not refused.')
}

describeWithPostgres('rate limits on postgres', () => {
  const server = useTestDatabase()
  acrossProcesses(useTwo(() => ({ database: server.url, migrate: true })))
})

describeWithRedis('rate limits on redis', () => {
  const redis = useRedis()
  acrossProcesses(useTwo(() => ({ memory: true, redis: redis.url })))
})

describe('rate limits', () => {
  const planes = useTwo(() => ({ memory: true }))

  it('ask the store a few times in a window, not for every request [RATE-3]', async () => {
    const [governor] = planes.governors
    const identity = caller('user')
    let waited = 0
    for (let index = 0; index < 40; index += 1) {
      const pending = governor.admit?.({ identity })
      if (pending !== undefined) waited += 1
      await pending
    }
    expect(waited).toBeLessThanOrEqual(20)
    expect((await refusalOf(async () => governor.admit?.({ identity }))).code).toBe('RATE_LIMITED')
  })

  it('begin anew when the window ends, and are off where the host says so [RATE-1]', async () => {
    const rateLimits = { principal: { points: 3, seconds: 1 }, workspace: false } as const
    const governor = await createGovernor({ memory: true, report: () => undefined, rateLimits })
    try {
      const identity = caller('service')
      expect(await admitted([governor], identity, 5)).toBe(3)
      await vi.waitFor(async () => expect(await admitted([governor], identity, 1)).toBe(1), { timeout: 5_000 })
      for (let index = 0; index < 200; index += 1) await governor.admit?.({ identity: caller('service') })
    } finally {
      await governor.close()
    }
  })

  it('are counted by each process alone while Redis is away, and never more than once each [RATE-4]', async () => {
    const away = useAway()
    const governors = await Promise.all(['one', 'other'].map(() => createGovernor(away.options)))
    try {
      const identity = caller('user')
      expect(await admitted(governors, identity, 200)).toBe(80)
      expect(away.reports.filter(({ message }) => message.includes('Rate limits'))).toHaveLength(2)
      // The gate itself does not notice.
      const host = governors[0]?.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
      await host?.agents.register({ id: 'bot' })
    } finally {
      await Promise.all(governors.map((governor) => governor.close()))
    }
  })

  it('take nothing from an agent for whom the caller may not act [RATE-1]', async () => {
    const [governor] = planes.governors
    const principal = { kind: 'service', id: 'sync', roles: [], agents: ['mine'] } as const
    for (let index = 0; index < 30; index += 1) {
      await governor.admit?.({ identity: { workspace: 'default', principal }, agent: 'theirs' })
    }
    await governor.admit?.({ identity: caller('user'), agent: 'theirs' })
  })

  it.each([{ principal: { points: 0, seconds: 1 } }, { trustedProxies: -1 }, { nobody: false }])(
    'are refused as %j',
    async (rateLimits) => {
      await expect(createGovernor({ memory: true, rateLimits: rateLimits as object })).rejects.toMatchObject({
        code: 'OPTION_INVALID',
      })
    },
  )
})

function useAway(): { readonly options: GovernorOptions; readonly reports: Report[] } {
  const reports: Report[] = []
  // Where nobody listens.
  const redis = 'redis://127.0.0.1:9'
  return { reports, options: { memory: true, redis, rateLimits: LIMITS, report: (told) => void reports.push(told) } }
}
