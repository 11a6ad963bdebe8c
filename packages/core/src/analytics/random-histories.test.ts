import {
  type AnalyticsOutcome,
  type ControlScope,
  type Decision,
  type JournalEntry,
  MATURITIES,
  type Proposal,
  ROUTES,
} from '@preceptor/client'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, TEST_ACTIONS, type TestGovernor } from '../testing/test-governor.ts'

const MINUTE = 60_000
const clock = createTestClock({ at: Date.UTC(2026, 6, 1, 21, 17) })
let test: TestGovernor
let runs = 0

beforeAll(async () => {
  const refund = { risk: 'high', args: z.object({ cents: z.int().default(5) }) } as const
  test = await createTestGovernor({ clock, actions: { ...TEST_ACTIONS, 'refund.create': refund } })
})
afterAll(() => test.close())

const command = fc.record({
  act: fc.constantFrom(
    'attempt',
    'attempt',
    'attempt',
    'approve',
    'edit',
    'reject',
    'respond',
    'cancel',
    'expire',
    'count',
  ),
  pick: fc.nat(20),
  action: fc.constantFrom('refund.create', 'note.write', 'order.read', 'no.such'),
  source: fc.constantFrom('ai_coordinator', 'data_sync'),
  minutes: fc.constantFrom(0, 1, 7, 59, 400, 1_500),
})
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never

/** What one run is about: its own agents, one of each maturity. */
class History {
  readonly ana: ControlScope = test.user('ana', 'supervisor')
  readonly agents: readonly string[]
  edits = 0

  constructor(run: number) {
    this.agents = MATURITIES.map((maturity) => `${maturity}-${run}`)
  }

  async begin(): Promise<void> {
    for (const [index, maturity] of MATURITIES.entries()) await test.register(this.agents[index] ?? '', maturity)
  }

  async do({ act, pick, action, source, minutes }: Command): Promise<void> {
    const agent = this.agents[pick % this.agents.length] ?? ''
    if (act === 'attempt') await test.agent(agent, source).decide({ agent, action, args: {} })
    else if (act === 'expire') await test.governor.jobs.run('expire-proposals', {})
    else if (act === 'count') await test.governor.jobs.run('count-decisions', {})
    else await this.settle(act, pick)
    clock.advance(minutes * MINUTE)
  }

  private async settle(act: Exclude<Command['act'], 'attempt' | 'expire' | 'count'>, pick: number): Promise<void> {
    const open = (await this.proposals()).filter(
      ({ state, expiresAt }) => state === 'pending' && Date.parse(expiresAt) > clock.now(),
    )
    const proposal = open[pick % Math.max(1, open.length)]
    if (proposal === undefined) return
    const { id, version, actionHash } = proposal
    const shown = { version, actionHash }
    const { proposals } = this.ana
    if (act === 'approve') await proposals.approve(id, shown)
    else if (act === 'reject') await proposals.reject(id, { ...shown, category: 'other', reason: 'No.' })
    else if (act === 'respond') await proposals.respond(id, { ...shown, response: 'By hand.' })
    else if (act === 'cancel') await proposals.cancel(id, 'Not needed.')
    else if (proposal.action === 'refund.create') {
      this.edits += 1
      await proposals.approve(id, { ...shown, args: { cents: 100 + this.edits } })
    }
  }

  async proposals(): Promise<readonly Proposal[]> {
    const all: Proposal[] = []
    for (const agent of this.agents)
      all.push(...(await everything((page) => test.admin.proposals.list({ ...page, agent }))))
    return all
  }

  async decisions(): Promise<readonly (Decision & { readonly at: string })[]> {
    const all: JournalEntry[] = []
    for (const agent of this.agents) {
      const kind = 'decision.made'
      all.push(...(await everything((page) => test.admin.journal.list({ ...page, agent, kind }))))
    }
    return all.map(({ body, recordedAt }) => ({ ...(body.decision as unknown as Decision), at: recordedAt }))
  }
}

async function everything<Item>(
  list: (page: {
    limit: number
    cursor?: string
  }) => Promise<{ readonly items: readonly Item[]; readonly next: string | null }>,
): Promise<readonly Item[]> {
  const all: Item[] = []
  let cursor: string | null = null
  do {
    const page: { readonly items: readonly Item[]; readonly next: string | null } = await list({
      limit: 100,
      ...(cursor !== null && { cursor }),
    })
    all.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return all
}

/** What became of a proposal, by what people did and not by what was stored of the args. */
function outcomeOf({ state, reviews, decidedAt }: Proposal): AnalyticsOutcome {
  if (state === 'rejected' || state === 'responded' || state === 'cancelled') return state
  if (decidedAt === null) return 'expired'
  return reviews.some(({ verdict }) => verdict === 'edit') ? 'edited' : 'approved'
}

function outcomeOfDecision(decision: Decision): AnalyticsOutcome | null {
  if (decision.route === 'proposal') return null
  if (decision.route === 'execution') return decision.approval === undefined ? 'ran' : null
  return decision.route === 'supervision' || decision.route === 'queue' ? 'supervised' : 'blocked'
}

function middle(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[sorted.length % 2 === 0 ? half - 1 : half], sorted[half]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

function count<Value extends string>(values: readonly Value[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

const some = (counts: object): object => Object.fromEntries(Object.entries(counts).filter(([, value]) => value > 0))

describe('analytics of a random history', () => {
  it('count what happened in any range: each proposal once, each decision once, as a recount does [ANL-2]', async () => {
    const part = fc.integer({ min: 0, max: 100 })
    const history = fc.array(command, { minLength: 10, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(history, part, part, async (commands, first, second) => {
        runs += 1
        const begin = clock.now()
        const told = new History(runs)
        await told.begin()
        for (const one of commands) await told.do(one)
        clock.advance(MINUTE)
        const at = (share: number): number => begin + Math.floor(((clock.now() - begin) * share) / 100)
        const [from, to] = first < second ? [at(first), at(second)] : [at(second), at(first) + 1]
        const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
        await compare(told, range)
        // The next history begins where no range of this one reaches, with nothing left of it that could still expire.
        clock.advance(40 * 86_400_000)
        await test.governor.jobs.run('expire-proposals', {})
        clock.advance(86_400_000)
      }),
      { numRuns: 8 },
    )
  }, 240_000)
})

async function compare(told: History, range: { readonly from: string; readonly to: string }): Promise<void> {
  const isIn = (time: string): boolean => time >= range.from && time < range.to
  const { analytics } = test.admin
  const settled = (await told.proposals())
    .filter(({ state }) => state !== 'pending')
    .map((proposal) => ({ proposal, at: proposal.decidedAt ?? proposal.updatedAt, outcome: outcomeOf(proposal) }))
    .filter(({ at }) => isIn(at))
  const made = (await told.decisions()).filter(({ at }) => isIn(at))
  const decisions = await analytics.decisions(range)
  const expected = [...settled.map(({ outcome }) => outcome), ...made.flatMap((one) => outcomeOfDecision(one) ?? [])]
  expect(some(decisions.total)).toEqual(count(expected))
  for (const { at, outcomes } of decisions.buckets) {
    const width = decisions.range.bucket === 'hour' ? 3_600_000 : 86_400_000
    const isOf = (time: string): boolean => Math.floor(Date.parse(time) / width) * width === Date.parse(at)
    const here = [
      ...settled.filter((one) => isOf(one.at)).map(({ outcome }) => outcome),
      ...made.filter((one) => isOf(one.at)).flatMap((one) => outcomeOfDecision(one) ?? []),
    ]
    expect([at, some(outcomes)]).toEqual([at, count(here)])
  }
  const routing = await analytics.routing(range)
  expect(routing.total).toBe(made.length)
  expect(some(Object.fromEntries(routing.routes.map((one) => [one.route, one.count])))).toEqual(
    count(made.map(({ route }) => route)),
  )
  expect(some(Object.fromEntries(routing.sources.map((one) => [one.source, one.count])))).toEqual(
    count(made.map(({ source }) => source)),
  )
  for (const { routes, count: all } of routing.sources) {
    expect(ROUTES.reduce((sum, route) => sum + routes[route], 0)).toBe(all)
  }
  for (const agent of told.agents) {
    const own = made.filter((decision) => decision.agent === agent)
    expect((await analytics.routing({ ...range, agent })).total).toBe(own.length)
  }
  const summary = await analytics.summary(range)
  const decided = settled.filter(({ outcome }) => outcome !== 'expired' && outcome !== 'cancelled')
  const seconds = decided.map(({ proposal, at }) => (Date.parse(at) - Date.parse(proposal.createdAt)) / 1_000)
  expect([summary.settled.value, summary.decided.value]).toEqual([settled.length, decided.length])
  expect(summary.medianSeconds.value).toBe(middle(seconds))
  const nearest = seconds.toSorted((a, b) => a - b)[Math.ceil(seconds.length * 0.95) - 1] ?? null
  expect(summary.p95Seconds.value).toBe(nearest)
  const rejected = settled.filter(({ outcome }) => outcome === 'rejected').length
  expect(summary.rejected.value).toBe(settled.length === 0 ? null : rejected / settled.length)
  const { reviewers } = await analytics.reviewers(range)
  expect(reviewers.reduce((sum, { decisions: own }) => sum + own, 0)).toBe(decided.length)
}
