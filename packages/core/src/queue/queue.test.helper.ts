import type { ControlScope, GuardCall, JsonObject, QueueEntry, SupervisionSession, Trigger } from '@preceptor/client'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createTestClock, type TestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

export const HOUR = 3_600_000

/** A governor whose agent `watched` is supervised, with the supervisors `sam` and `kim`, who are not online. */
export interface QueueTest {
  readonly test: TestGovernor
  readonly clock: TestClock
  /** The args of what ran in this test. */
  readonly ran: readonly JsonObject[]
  /** What the executors do in this test. */
  execute: (call: GuardCall) => unknown
  person(id: string): ControlScope
  comesOnline(id: string): Promise<unknown>
  entryOf(id: string): Promise<QueueEntry>
  enqueue(asked?: {
    readonly action?: string
    readonly agent?: string
    readonly type?: string
  }): Promise<{ readonly id: string; readonly trigger: Trigger & { readonly args: JsonObject } }>
  /** Lets a worker take its turn, and waits for what it began; gives how much that was. */
  turn(): Promise<number>
  /** Sessions that nobody has attached to. */
  starting(): Promise<readonly SupervisionSession[]>
  /** Lets `sam` attach to the session of an entry, and a worker take its turn. */
  watch(id: string): Promise<void>
  /** The kinds of journal rows about a record, oldest first. */
  kindsOf(id: string): Promise<readonly string[]>
}

/** Opens it for the tests of a file; before each of them everybody has gone home and what waited has expired. */
export function useQueue(): QueueTest {
  const clock = createTestClock()
  let opened: TestGovernor | undefined
  let ran: JsonObject[] = []
  let keys = 0
  const queue: QueueTest = {
    clock,
    execute: () => 'done',
    get ran() {
      return ran
    },
    get test() {
      if (opened === undefined) throw new Error('It is open inside tests only.')
      return opened
    },
    person: (id) => queue.test.user(id, 'supervisor'),
    comesOnline: (id) => queue.person(id).presence.heartbeat(),
    entryOf: (id) => queue.test.admin.queue.get(id),
    async enqueue({ action = 'refund.create', agent = 'watched', ...rest } = {}) {
      keys += 1
      const trigger = { agent, action, args: { cents: keys }, idempotencyKey: `key-${keys}`, ...rest }
      const decision = await queue.test.agent(agent).decide(trigger)
      if (decision.route !== 'queue') throw new Error(`${decision.route}: ${decision.reason}`)
      return { id: decision.queueEntry.id, trigger }
    },
    async turn() {
      const { runs } = await queue.test.governor.jobs.runQueue(10)
      await Promise.all(runs)
      return runs.length
    },
    starting: async () => (await queue.test.admin.sessions.list({ state: 'starting', limit: 100 })).items,
    async watch(id) {
      await queue.turn()
      const { sessionId } = await queue.entryOf(id)
      await queue.person('sam').sessions.attach(sessionId ?? '')
      await queue.turn()
    },
    async kindsOf(id) {
      const { items } = await queue.test.admin.journal.list({ subject: id, limit: 100 })
      return items.map(({ kind }) => kind).toReversed()
    },
  }
  beforeAll(async () => {
    const execute = (call: GuardCall): unknown => {
      ran.push(call.args)
      return queue.execute(call)
    }
    opened = await createTestGovernor({
      clock,
      actions: {
        'refund.create': { risk: 'high', execute },
        'refund.retry': { risk: 'high', idempotent: true, execute },
        'note.write': { risk: 'medium', execute },
        'letter.send': { risk: 'high' },
      },
      settings: { attachWithinMs: 10_000 },
    })
    await opened.register('watched', 'supervised')
    for (const user of ['sam', 'kim'])
      await opened.admin.members.put(user, { displayName: user, roles: ['supervisor'] })
  })
  afterAll(() => opened?.close())
  beforeEach(async () => {
    ran = []
    queue.execute = () => 'done'
    clock.advance(25 * HOUR)
    await queue.test.admin.queue.expire()
  })
  return queue
}
