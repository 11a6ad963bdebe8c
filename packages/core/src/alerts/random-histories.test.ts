import type { AlertCode, JournalEntry, Proposal, QueueEntry, TrainingProposal } from '@preceptor/client'
import { describeWithPostgres } from '@preceptor/test-setup'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, useAlerts } from './alerts.test.helper.ts'

const CODES: readonly AlertCode[] = [
  'AGENT_STUCK',
  'TRAINING_UNDECIDED',
  'PROPOSAL_EXPIRING',
  'QUEUE_EXPIRING',
  'NO_SUPERVISOR',
]
const LEVELS = ['student', 'intern', 'supervised'] as const

const command = fc.record({
  act: fc.constantFrom(
    'attempt',
    'attempt',
    'attempt',
    'gain',
    'reject course',
    'acknowledge',
    'assign',
    'cancel',
    'cancel entry',
    'come online',
    'pause',
    'resume',
    'retire',
  ),
  pick: fc.nat(20),
  minutes: fc.constantFrom(0, 0, 1, 9, 10, 61, 119, 121, 600, 1_320, 4_320, 10_080, 20_160),
})
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never

interface Listed<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

async function everything<Item>(
  list: (page: { limit: number; cursor?: string }) => Promise<Listed<Item>>,
): Promise<Item[]> {
  const all: Item[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Listed<Item> = await list({ limit: 100, ...(cursor && { cursor }) })
    all.push(...page.items)
    cursor = page.next
  }
  return all
}

describeWithPostgres('the alerts of any history', () => {
  const alerts = useAlerts()
  const { clock, look, open } = alerts
  const agents: string[] = []
  let count = 0

  async function waiting(): Promise<{ proposals: Proposal[]; entries: QueueEntry[]; courses: TrainingProposal[] }> {
    const { admin } = alerts.test
    return {
      proposals: await everything((page) => admin.proposals.list({ ...page, state: 'pending' })),
      entries: await everything((page) => admin.queue.list({ ...page, state: 'pending' })),
      courses: await everything((page) => admin.trainingProposals.list({ ...page, state: 'proposed' })),
    }
  }

  async function act({ act: what, pick }: Command): Promise<void> {
    const { admin } = alerts.test
    const agent = agents[pick % agents.length] ?? ''
    const { proposals, entries, courses } = await waiting()
    const now = clock.now()
    const proposal = proposals.filter(({ expiresAt }) => Date.parse(expiresAt) > now)[pick % 3]
    count += 1
    if (what === 'attempt') {
      const trigger = { agent, action: 'refund.create', args: {}, idempotencyKey: `any-${count}` }
      await alerts.test.agent(agent).decide(trigger)
    } else if (what === 'gain') await gain(agent)
    else if (what === 'reject course') {
      const course = courses[pick % 3]
      if (course) await alerts.ana.trainingProposals.reject(course.id, 'No.')
    } else if (what === 'acknowledge' && proposal) await alerts.ana.proposals.acknowledge(proposal.id)
    else if (what === 'assign' && proposal) await alerts.ana.proposals.assign(proposal.id, 'ana')
    else if (what === 'cancel' && proposal) await admin.proposals.cancel(proposal.id, 'No.')
    else if (what === 'cancel entry') {
      const entry = entries[pick % 3]
      if (entry) await admin.queue.cancel(entry.id, 'No.')
    } else if (what === 'come online') await alerts.ana.presence.heartbeat()
    else if (what === 'pause' || what === 'resume' || what === 'retire') await move(agent, what)
  }

  /** A step up and down again: the level is as before, and the ledger has a gain. */
  async function gain(agent: string): Promise<void> {
    const { agents: all } = alerts.test.admin
    const { maturity, lifecycle } = await all.get(agent)
    if (maturity === 'autonomous' || lifecycle === 'retired') return
    await all.promote(agent, 'It has learned.')
    await all.demote(agent, maturity, 'It has not.')
  }

  async function move(agent: string, to: 'pause' | 'resume' | 'retire'): Promise<void> {
    const { agents: all } = alerts.test.admin
    const { lifecycle } = await all.get(agent)
    if (to === 'pause' && lifecycle === 'active') await all.pause(agent, 'For a while.')
    if (to === 'resume' && lifecycle === 'paused') await all.resume(agent, 'Go on.')
    if (to === 'retire' && lifecycle === 'active' && agent.endsWith('0')) await all.retire(agent, 'For good.')
  }

  /** What must be open, from what everybody can read. */
  async function expected(): Promise<Readonly<Record<string, readonly string[]>>> {
    const { admin } = alerts.test
    const now = clock.now()
    const { proposals, entries, courses } = await waiting()
    const blocked = await everything((page) => admin.blockedTriggers.list({ ...page, state: 'active' }))
    const stuck: string[] = []
    let isAtWork = false
    for (const agent of agents) {
      const { lifecycle, maturity } = await admin.agents.get(agent)
      if (lifecycle !== 'active') continue
      const opened = [...blocked, ...courses]
        .filter((one) => one.agent === agent)
        .map(({ createdAt }) => Date.parse(createdAt))
      const ledger = await everything((page) => admin.agents.confidence(agent, page))
      const gains = ledger.filter(({ applied }) => applied > 0).map(({ createdAt }) => Date.parse(createdAt))
      const since = Math.max(Math.min(...opened), ...gains)
      if (opened.length > 0 && now - since >= 14 * DAY) stuck.push(agent)
      const decided: JournalEntry[] = await everything((page) =>
        admin.journal.list({ ...page, agent, kind: 'decision.made' }),
      )
      const from = Math.floor((now - 2 * HOUR) / HOUR) * HOUR
      isAtWork ||= maturity === 'supervised' && decided.some(({ recordedAt }) => Date.parse(recordedAt) >= from)
    }
    const endsSoon = ({
      expiresAt,
      createdAt,
    }: {
      readonly expiresAt: string
      readonly createdAt: string
    }): boolean => {
      const left = Date.parse(expiresAt) - now
      return left > 0 && left <= 120 * MINUTE && left <= (Date.parse(expiresAt) - Date.parse(createdAt)) / 4
    }
    const isWatched = (await admin.presence.get('ana')).state === 'online'
    const waits = entries.some(
      ({ createdAt, expiresAt }) => Date.parse(createdAt) <= now - 10 * MINUTE && Date.parse(expiresAt) > now,
    )
    const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map(({ id }) => id).sort()
    return {
      AGENT_STUCK: stuck.sort(),
      TRAINING_UNDECIDED: idsOf(courses.filter(({ createdAt }) => now - Date.parse(createdAt) >= 3 * DAY)),
      PROPOSAL_EXPIRING: idsOf(
        proposals.filter((one) => endsSoon(one) && one.acknowledgedBy === null && one.assignedTo === null),
      ),
      QUEUE_EXPIRING: idsOf(entries.filter(endsSoon)),
      NO_SUPERVISOR: !isWatched && (waits || isAtWork) ? ['default'] : [],
    }
  }

  it('are open exactly while their cause holds, after every step [ALERT-3, ALERT-4, ALERT-6]', async () => {
    let runs = 0
    const raised = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 14 }), async (commands) => {
        for (const old of agents.splice(0)) {
          const { lifecycle } = await alerts.test.admin.agents.get(old)
          if (lifecycle !== 'retired') await alerts.test.admin.agents.retire(old, 'Over.')
        }
        runs += 1
        for (const [index, level] of LEVELS.entries()) {
          agents.push(`${level}-${runs}${index}`)
          await alerts.test.register(`${level}-${runs}${index}`, level)
        }
        for (const one of commands) {
          await act(one)
          clock.advance(one.minutes * MINUTE)
          const { jobs } = alerts.test.governor
          for (const job of ['expire-proposals', 'expire-queue', 'seal-journal', 'count-decisions'])
            await jobs.run(job, {})
          await look()
          const holds = await expected()
          const found = Object.fromEntries(
            await Promise.all(CODES.map(async (code) => [code, await open(code)] as const)),
          )
          expect(found).toEqual(holds)
          for (const code of CODES) if ((holds[code]?.length ?? 0) > 0) raised.add(code)
        }
      }),
      { numRuns: 16, seed: 20_260_504 },
    )
    expect([...raised].sort()).toEqual([...CODES].sort())
  }, 240_000)
})
