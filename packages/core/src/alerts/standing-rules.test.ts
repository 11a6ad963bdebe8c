import type { Decision } from '@preceptor/client'
import { describeWithPostgres } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, useAlerts } from './alerts.test.helper.ts'

const ROUTES = { proposal: 'proposal', queue: 'queueEntry', training: 'trainingProposal' } as const

function idOf(decision: Decision, route: keyof typeof ROUTES): string {
  if (decision.route !== route) throw new Error(`${decision.route}: ${decision.reason}`)
  const handle = (decision as unknown as Record<string, { readonly id: string }>)[ROUTES[route]]
  return handle?.id ?? ''
}

describeWithPostgres('alerts that stand while their cause does', () => {
  const alerts = useAlerts()
  const { clock, look, open, told } = alerts
  let keys = 0
  const decide = (agent: string, action = 'refund.create') => {
    keys += 1
    return alerts.test.agent(agent).decide({ agent, action, args: {}, idempotencyKey: `key-${keys}` })
  }

  it('AGENT_STUCK: an agent that gains nothing for 14 days while something waits [ALERT-3]', async () => {
    await alerts.test.register('slow', 'student')
    clock.advance(30 * DAY)
    await decide('slow')
    clock.advance(14 * DAY - 1)
    await look()
    expect(await open('AGENT_STUCK')).toEqual([])
    clock.advance(1)
    await look()
    await look()
    expect(await open('AGENT_STUCK')).toEqual(['slow'])
    await alerts.test.admin.agents.promote('slow', 'It has learned.')
    await look()
    expect(await open('AGENT_STUCK')).toEqual([])
    expect(await told('AGENT_STUCK', 'slow')).toEqual(['alert.raised', 'alert.cleared'])
  })

  it('AGENT_STUCK: not while the agent is paused, nor where nothing waits [ALERT-3]', async () => {
    await alerts.test.register('idle', 'student')
    await alerts.test.register('held', 'student')
    await decide('held')
    await alerts.test.admin.agents.pause('held', 'For a while.')
    clock.advance(20 * DAY)
    await look()
    expect(await open('AGENT_STUCK')).not.toContain('idle')
    expect(await open('AGENT_STUCK')).not.toContain('held')
    await alerts.test.admin.agents.resume('held', 'Go on.')
    await look()
    expect(await open('AGENT_STUCK')).toContain('held')
  })

  it('TRAINING_UNDECIDED: a course that nobody decides on for 3 days [ALERT-4]', async () => {
    await alerts.test.register('pupil', 'student')
    const course = idOf(await decide('pupil'), 'training')
    clock.advance(3 * DAY - 1)
    await look()
    expect(await open('TRAINING_UNDECIDED')).not.toContain(course)
    clock.advance(1)
    await look()
    expect(await open('TRAINING_UNDECIDED')).toContain(course)
    await alerts.ana.trainingProposals.reject(course, 'Not this one.')
    await look()
    expect(await open('TRAINING_UNDECIDED')).not.toContain(course)
  })

  it('PROPOSAL_EXPIRING: a proposal of which 2 h are left and which nobody looks at [ALERT-4]', async () => {
    await alerts.test.register('asks', 'intern')
    const seen = idOf(await decide('asks'), 'proposal')
    const assigned = idOf(await decide('asks'), 'proposal')
    const left = idOf(await decide('asks'), 'proposal')
    clock.advance(22 * HOUR - 1)
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([])
    clock.advance(1)
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([seen, assigned, left].sort())
    await alerts.ana.proposals.acknowledge(seen)
    await alerts.ana.proposals.assign(assigned, 'ana')
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([left])
    clock.advance(2 * HOUR)
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([])
  })

  it('PROPOSAL_EXPIRING: of a short life only the last quarter counts [ALERT-4]', async () => {
    const { policies } = alerts.test.admin
    const { version } = await policies.current()
    await policies.put({ proposalTtlMs: 40 * MINUTE }, { basedOn: version, reason: 'a test' })
    const short = idOf(await decide('asks'), 'proposal')
    await policies.put({}, { basedOn: version + 1, reason: 'a test' })
    clock.advance(30 * MINUTE - 1)
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([])
    clock.advance(1)
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([short])
    await alerts.test.admin.proposals.cancel(short, 'No more.')
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([])
  })

  it('QUEUE_EXPIRING and NO_SUPERVISOR: a run that waits, and nobody who could watch it [ALERT-4, ALERT-6]', async () => {
    await alerts.test.register('watched', 'supervised')
    const entry = idOf(await decide('watched'), 'queue')
    clock.advance(10 * MINUTE - 1)
    await look()
    expect(await open('NO_SUPERVISOR')).toEqual([])
    clock.advance(1)
    await look()
    await look()
    expect(await open('NO_SUPERVISOR')).toEqual(['default'])
    await alerts.ana.presence.heartbeat()
    await look()
    expect(await open('NO_SUPERVISOR')).toEqual([])
    clock.advance(22 * HOUR - 10 * MINUTE - 1)
    await look()
    expect(await open('NO_SUPERVISOR')).toEqual(['default'])
    expect(await open('QUEUE_EXPIRING')).toEqual([])
    clock.advance(1)
    await look()
    expect(await open('QUEUE_EXPIRING')).toEqual([entry])
    await alerts.test.admin.queue.cancel(entry, 'No more.')
    await look()
    expect(await open('QUEUE_EXPIRING')).toEqual([])
    expect(await open('NO_SUPERVISOR')).toEqual([])
  })

  it('NO_SUPERVISOR: also while an agent at supervised is at work [ALERT-6]', async () => {
    await alerts.test.agent('watched').decide({ agent: 'watched', action: 'note.write', args: {}, idempotencyKey: 'w' })
    for (const job of ['seal-journal', 'count-decisions']) await alerts.test.governor.jobs.run(job, {})
    await look()
    expect(await open('NO_SUPERVISOR')).toEqual(['default'])
    clock.advance(2 * HOUR)
    await look()
    expect(await open('NO_SUPERVISOR')).toEqual(['default'])
    clock.advance(HOUR)
    await look()
    expect(await open('NO_SUPERVISOR')).toEqual([])
  })

  it('OUTCOME_UNKNOWN: a run of which nobody says for an hour what came of it [ALERT-7]', async () => {
    const at = new Date(clock.now()).toISOString()
    for (const [id, entry] of [
      ['exe-1', 'que-1'],
      ['exe-2', null],
    ]) {
      await alerts.asOwner(
        `insert into executions (id, workspace_id, agent_id, idempotency_key, action, digest, args_hash, idempotent,
           decision_id, state, claimant, fence, attempt, lease_expires_at, claimed_at, queue_entry_id)
         values ($1, 'default', 'watched', $1, 'refund.create', 'd', 'h', false, $1, 'claimed', 'c', 1, 1, $2, $2, $3)`,
        [id, at, entry],
      )
    }
    await alerts.asOwner(
      `update executions set state = 'outcome_unknown', fence = 2, settled_at = $1 where id like 'exe-%'`,
      [at],
    )
    clock.advance(HOUR - 1)
    await look()
    expect(await open('OUTCOME_UNKNOWN')).toEqual([])
    clock.advance(1)
    await look()
    expect(await open('OUTCOME_UNKNOWN')).toEqual(['exe-2', 'que-1'])
    // What nobody could resolve is done with once somebody has looked at it.
    const { items } = await alerts.ana.alerts.list({ state: 'open', severity: 'critical' })
    for (const { id, code } of items) if (code === 'OUTCOME_UNKNOWN') await alerts.ana.alerts.acknowledge(id)
    await look()
    expect(await open('OUTCOME_UNKNOWN')).toEqual(['que-1'])
    await alerts.asOwner(`update executions set state = 'succeeded' where id = 'exe-1'`)
    await look()
    await look()
    expect(await open('OUTCOME_UNKNOWN')).toEqual([])
  })

  it('JOURNAL_BROKEN and JOURNAL_UNVERIFIED: as the nightly look finds it [ALERT-8]', async () => {
    const verify = () => alerts.test.governor.jobs.run('verify-journal', { workspace: 'default' })
    await alerts.test.governor.jobs.run('seal-journal', {})
    await verify()
    await look()
    expect([await open('JOURNAL_BROKEN'), await open('JOURNAL_UNVERIFIED')]).toEqual([[], []])
    clock.advance(48 * HOUR - 1)
    await look()
    expect(await open('JOURNAL_UNVERIFIED')).toEqual([])
    clock.advance(1)
    await look()
    expect(await open('JOURNAL_UNVERIFIED')).toEqual(['default'])
    const change = (from: string, to: string) =>
      alerts.asOwner(`alter table journal disable trigger all;
        update journal set subject_id = '${to}' where workspace_id = 'default' and subject_id = '${from}' and kind = 'agent.registered';
        alter table journal enable trigger all`)
    await change('slow', 'fast')
    await verify()
    await look()
    expect([await open('JOURNAL_BROKEN'), await open('JOURNAL_UNVERIFIED')]).toEqual([['default'], []])
    await change('fast', 'slow')
    await verify()
    await look()
    expect(await open('JOURNAL_BROKEN')).toEqual([])
  })

  it('QUEUE_POISON: until somebody looks at it; DELIVERY_FAILED: until its webhook is gone [ALERT-9]', async () => {
    const { webhook } = await alerts.test.admin.webhooks.create({
      url: 'https://example.com',
      events: ['alert.raised'],
    })
    const at = new Date(clock.now()).toISOString()
    for (const [id, code, subject] of [
      ['alr-p', 'QUEUE_POISON', 'que-9'],
      ['alr-d', 'DELIVERY_FAILED', webhook.id],
    ]) {
      await alerts.asOwner(
        `insert into alerts (id, workspace_id, code, subject_id, message, raised_at) values ($1, 'default', $2, $3, 'm', $4)`,
        [id, code, subject, at],
      )
    }
    await look()
    expect([await open('QUEUE_POISON'), await open('DELIVERY_FAILED')]).toEqual([['que-9'], [webhook.id]])
    await alerts.ana.alerts.acknowledge('alr-p')
    await alerts.test.admin.webhooks.remove(webhook.id)
    await look()
    expect([await open('QUEUE_POISON'), await open('DELIVERY_FAILED')]).toEqual([[], []])
  })

  it('are raised once, however many look at the same moment, and stay muted [ALERT-1]', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, async () => idOf(await decide('asks'), 'proposal')))
    clock.advance(23 * HOUR)
    await Promise.all(Array.from({ length: 8 }, look))
    expect(await open('PROPOSAL_EXPIRING')).toEqual([...ids].sort())
    for (const id of ids) expect(await told('PROPOSAL_EXPIRING', id)).toEqual(['alert.raised'])
    const [first = ''] = ids
    const { items } = await alerts.ana.alerts.list({ state: 'open', limit: 100 })
    const alert = items.find(({ subjectId }) => subjectId === first)
    await alerts.ana.alerts.mute(alert?.id ?? '', new Date(clock.now() + 30 * MINUTE).toISOString())
    const { version, actionHash } = await alerts.ana.proposals.get(first)
    const longer = { version, actionHash, until: new Date(clock.now() + 30 * HOUR).toISOString() }
    await alerts.ana.proposals.extend(first, longer)
    await Promise.all(Array.from({ length: 8 }, look))
    expect(await open('PROPOSAL_EXPIRING')).not.toContain(first)
    await alerts.asOwner(`update alerts set muted_until = $1 where id = $2`, [
      new Date(clock.now() + 29 * HOUR).toISOString(),
      alert?.id,
    ])
    clock.advance(29 * HOUR - 1)
    await look()
    expect(await open('PROPOSAL_EXPIRING')).not.toContain(first)
    clock.advance(1)
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toContain(first)
    expect(await told('PROPOSAL_EXPIRING', first)).toEqual([
      'alert.raised',
      'alert.muted',
      'alert.cleared',
      'alert.raised',
    ])
  })
})
