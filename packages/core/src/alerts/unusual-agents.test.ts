import { describeWithPostgres } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { DAY, HOUR, useAlerts } from './alerts.test.helper.ts'

interface Hours {
  readonly agent: string
  readonly action?: string
  readonly route?: string
  readonly source?: string
  /** Counts of hours before the present one: 0 is the present hour. */
  readonly counts: readonly (readonly [hoursAgo: number, count: number])[]
}

describeWithPostgres('agents that are far from their own past', () => {
  const alerts = useAlerts()
  const { clock, look, open } = alerts

  async function count({
    agent,
    action = 'note.write',
    route = 'execution',
    source = 'ai_coordinator',
    counts,
  }: Hours) {
    await alerts.asOwner(
      `insert into decision_counts select 'default', to_timestamp($1) - make_interval(hours => hours), $2, $3, 'd', $4, $5,
         false, false, count from unnest($6::int[], $7::int[]) as c (hours, count)
       on conflict (workspace_id, hour, agent_id, action, digest, route, source, is_student, is_approved)
         do update set count = decision_counts.count + excluded.count`,
      [
        Math.floor(clock.now() / HOUR) * 3_600,
        agent,
        action,
        route,
        source,
        counts.map(([hours]) => hours),
        counts.map(([, one]) => one),
      ],
    )
  }

  /** An agent with so many attempts in each hour of some days before the present hour. */
  async function steady(agent: string, { days = 14, rate = 10 } = {}): Promise<void> {
    await alerts.test.register(agent, 'autonomous')
    await count({ agent, counts: Array.from({ length: days * 24 }, (_, hour) => [hour + 1, rate] as const) })
  }

  const messageOf = async (agent: string): Promise<string | undefined> =>
    (await alerts.ana.alerts.list({ state: 'open', limit: 100 })).items.find(({ subjectId }) => subjectId === agent)
      ?.message

  it('are found at a burst of attempts, not just below it, and are well again two hours later [ALERT-5]', async () => {
    await steady('burst')
    // At 10 an hour 5 deviations are 32.4: the square of half of 2 sqrt(10 + 3/8) + 5 sqrt(1 + pi / 672), less 3/8.
    await count({ agent: 'burst', counts: [[0, 32]] })
    await look()
    expect(await open('AGENT_UNUSUAL')).toEqual([])
    await count({ agent: 'burst', counts: [[0, 1]] })
    await look()
    await look()
    expect(await open('AGENT_UNUSUAL')).toEqual(['burst'])
    expect(await messageOf('burst')).toBe('33 attempts in one hour, of which the agent has about 10 as a rule.')
    clock.advance(HOUR)
    await look()
    expect(await open('AGENT_UNUSUAL')).toEqual(['burst'])
    clock.advance(HOUR)
    await look()
    expect(await open('AGENT_UNUSUAL')).toEqual([])
  })

  it('are found at refusals, failures and actions that they never attempted [ALERT-5]', async () => {
    for (const agent of ['refused', 'failing', 'wanders']) await steady(agent)
    await count({ agent: 'refused', route: 'denied', counts: [[0, 20]] })
    await count({ agent: 'wanders', action: 'vault.open', counts: [[0, 20]] })
    const at = new Date(clock.now()).toISOString()
    await alerts.asOwner(
      `insert into executions (id, workspace_id, agent_id, idempotency_key, action, digest, args_hash, idempotent, decision_id,
         state, claimant, fence, attempt, lease_expires_at, claimed_at, settled_at)
       select 'f-' || n, 'default', 'failing', 'f-' || n, 'note.write', 'd', 'h', false, 'd', 'failed', 'c', 1, 1, $1, $1, $1
       from generate_series(1, 20) as n`,
      [at],
    )
    await look()
    expect(await open('AGENT_UNUSUAL')).toEqual(['failing', 'refused', 'wanders'])
    expect(await messageOf('refused')).toBe('20 refusals in one hour, of which the agent has about 0 as a rule.')
    expect(await messageOf('failing')).toContain('20 failures in one hour')
    expect(await messageOf('wanders')).toContain('20 attempts in one hour at what the agent has not attempted')
    clock.advance(2 * HOUR)
    await look()
    expect(await open('AGENT_UNUSUAL')).toEqual([])
  })

  it('are none with small numbers, too little of a past, by what people set off, or stopped [ALERT-5]', async () => {
    for (const agent of ['small', 'manual', 'stopped']) await steady(agent, { rate: 1 })
    await steady('young', { days: 0 })
    await count({ agent: 'young', counts: Array.from({ length: 23 }, (_, hour) => [hour + 1, 1] as const) })
    for (const agent of ['young', 'stopped']) await count({ agent, counts: [[0, 1_000]] })
    await count({ agent: 'small', counts: [[0, 19]] })
    await count({ agent: 'manual', source: 'manual', counts: [[0, 1_000]] })
    await alerts.test.admin.agents.stop('stopped', 'For good.')
    await look()
    expect(await open('AGENT_UNUSUAL')).toEqual([])
    await count({ agent: 'young', counts: [[24, 1]] })
    await count({ agent: 'small', counts: [[0, 1]] })
    await look()
    expect(await open('AGENT_UNUSUAL')).toEqual(['small', 'young'])
    clock.advance(2 * HOUR)
  })

  it('are none by what they do every night; what was long ago says nothing [ALERT-5]', async () => {
    await alerts.test.register('nightly', 'autonomous')
    const hours = Array.from({ length: 14 * 24 }, (_, hour) => [hour + 1, (hour + 1) % 24 === 0 ? 900 : 5] as const)
    await count({ agent: 'nightly', counts: [...hours, [0, 910]] })
    await alerts.test.register('returned', 'autonomous')
    const before = Array.from({ length: 100 }, (_, hour) => [hour + 30 * 24, 5] as const)
    await count({ agent: 'returned', counts: [...before, [0, 900]] })
    await look()
    expect(await open('AGENT_UNUSUAL')).toEqual([])
  })

  it('are found by decisions that were made, counted and sealed [ALERT-5]', async () => {
    clock.advance(DAY)
    await steady('real')
    for (let attempt = 0; attempt < 35; attempt += 1) {
      await alerts.test
        .agent('real')
        .decide({ agent: 'real', action: 'note.write', args: {}, idempotencyKey: `r-${attempt}` })
    }
    // What another one seals just now is left to that one, and counted by the next run.
    const found = async (): Promise<unknown> => {
      for (const job of ['seal-journal', 'count-decisions']) await alerts.test.governor.jobs.run(job, {})
      await look()
      return open('AGENT_UNUSUAL')
    }
    await expect.poll(found).toEqual(['real'])
  })
})
