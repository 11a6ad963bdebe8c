import type { ControlScope } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createGovernor, type EmbeddedGovernor } from '../governor.ts'

// Kept off, a measure comes to its deadline or never; on a busy machine each takes a second or two.
const WITHIN_MS = 6_000

describeWithPostgres('an agent that never rests [I-13]', () => {
  const server = useTestDatabase()
  let governor: EmbeddedGovernor
  let admin: ControlScope

  beforeAll(async () => {
    const actions = { 'note.write': { risk: 'medium' } } as const
    governor = await createGovernor({ database: server.url, migrate: true, actions })
    admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
  })
  afterAll(() => governor.close())

  function scopeOf(agent: string): ControlScope {
    return governor.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
  }

  /** Eight calls at a time, without a pause, for as long as `during` takes. */
  async function keptBusy(agent: string, during: () => Promise<void>): Promise<void> {
    const scope = scopeOf(agent)
    let busy = true
    const work = async (): Promise<void> => {
      while (busy) await scope.guard({ agent, action: 'note.write', args: {} }, () => 'ran')
    }
    const working = Array.from({ length: 8 }, work)
    try {
      await during()
    } finally {
      busy = false
      await Promise.all(working)
    }
  }

  it('cannot keep off its incident, its demotion, its pause or its stop', { timeout: 60_000 }, async () => {
    await admin.agents.register({ id: 'busy', maturity: 'autonomous', ownerId: 'ana' })
    await keptBusy('busy', async () => {
      const measures = {
        incident: () => admin.agents.recordIncident('busy', 'Seen.'),
        demotion: () => admin.agents.demote('busy', 'student', 'Seen again.'),
        pause: () => admin.agents.pause('busy', 'Enough.'),
        resumption: () => admin.agents.resume('busy', 'One more try.'),
        stop: () => admin.stops.set({ target: 'workspace', reason: 'All of them.' }),
      }
      for (const [name, measure] of Object.entries(measures)) {
        const startedAt = performance.now()
        await measure()
        expect(performance.now() - startedAt, name).toBeLessThan(WITHIN_MS)
      }
    })
    const [stop] = (await admin.stops.list()).items
    await admin.stops.lift(stop?.id ?? '', 'The test is over.')
  })

  it('is not denied because several of its first calls show the same build', async () => {
    await admin.agents.register({ id: 'sudden', maturity: 'autonomous', ownerId: 'ana' })
    const trigger = { agent: 'sudden', action: 'note.write', args: {}, fingerprint: { version: '1' } }
    const results = await Promise.all(Array.from({ length: 6 }, () => scopeOf('sudden').guard(trigger, () => 'ran')))
    expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'executed'))
  })

  it('gets one proposal for one key that it sends several times at once [ROUTE-6]', async () => {
    await admin.agents.register({ id: 'eager', maturity: 'intern', ownerId: 'ana' })
    const trigger = { agent: 'eager', action: 'note.write', args: {}, idempotencyKey: 'one' }
    const decisions = await Promise.all(Array.from({ length: 6 }, () => scopeOf('eager').decide(trigger)))
    const proposals = decisions.map((decision) =>
      decision.route === 'proposal' ? decision.proposal.id : decision.route,
    )
    expect(new Set(proposals).size).toBe(1)
    expect((await admin.proposals.list({ agent: 'eager' })).items).toHaveLength(1)
  })
})
