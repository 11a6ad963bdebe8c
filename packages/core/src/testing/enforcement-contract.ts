import { setTimeout as delay } from 'node:timers/promises'
import type { ControlScope, Governor, JsonObject } from '@preceptor/client'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { systemClock } from '../kernel/clock.ts'
import type { TestGovernor } from './test-governor.ts'

/** One attempt through an adapter. */
export interface ContractAttempt {
  readonly agent: string
  readonly action: string
  readonly args?: JsonObject
  /** Makes a repeated attempt the same one, in the way of the adapter. */
  readonly key?: string
  /** The args must hold a whole number `cents`; any object will do otherwise. */
  readonly needsCents?: boolean
  readonly risk?: 'safe' | 'medium' | 'high' | 'critical'
  readonly signal?: AbortSignal
  /** What other code of the host, such as another middleware, puts in the place of the args on their way. */
  readonly tamper?: JsonObject
  /** Another governor than that of the test. */
  readonly governor?: Governor
  /** What the action does, once it may. */
  readonly effect: (call: { readonly args: JsonObject; readonly signal: AbortSignal | undefined }) => unknown
}

/** What an adapter brings to the contract. */
export interface ContractSubject {
  readonly test: TestGovernor
  /** Makes an attempt through the adapter; gives what it threw at the host, if it did. */
  attempt(attempt: ContractAttempt): Promise<{ readonly thrown?: unknown }>
  /** An error by which the host framework steers; the adapter must hand it on as it is. */
  controlFlow(): Error
  /** Breaks the store until the answer is called. */
  breakStore(): Promise<() => void | Promise<void>>
  /** Whether the adapter can only let an action run or stop it, so that nobody can watch what it lets run. */
  readonly isUnwatched?: boolean
  /** Lets so many milliseconds pass on the clock of the governor. */
  pass(milliseconds: number): void | Promise<void>
}

/** One promise that every adapter keeps. */
export interface ContractCase {
  readonly title: string
  /** The feature that makes it pass; the others are expected to fail until theirs is there. */
  readonly owner: 'gate' | 'supervision'
  readonly run: (subject: ContractSubject) => Promise<void>
}

/**
 * The promises that every way into the gate keeps: run them for each adapter, with a governor of their own.
 *
 * @example
 * ```ts
 * import { type ContractSubject, ENFORCEMENT_CONTRACT } from '@preceptor/core/testing'
 * import { it } from 'vitest'
 *
 * export function checkAdapter(subject: ContractSubject): void {
 *   for (const { title, owner, run } of ENFORCEMENT_CONTRACT) (owner === 'gate' ? it : it.fails)(title, () => run(subject))
 * }
 * ```
 */
export const ENFORCEMENT_CONTRACT: readonly ContractCase[] = [
  gate('allow runs once', async (subject) => {
    await expectRuns(subject, { agent: 'autonomous', action: 'mail.send' }, 1)
  }),
  gate('block never runs, and is kept', async (subject) => {
    await expectRuns(subject, { agent: 'student', action: 'mail.send' }, 0)
    expectCount(
      (await subject.test.admin.blockedTriggers.list({ agent: 'student' })).items.length,
      1,
      'blocked triggers',
    )
  }),
  gate('propose never runs, and yields a proposal', async (subject) => {
    await expectRuns(subject, { agent: 'intern', action: 'mail.send' }, 0)
    expectCount((await subject.test.admin.proposals.list({ agent: 'intern' })).items.length, 1, 'proposals')
  }),
  gate('queue does not run before somebody can watch', async (subject) => {
    await expectRuns(subject, { agent: 'supervised', action: 'mail.send' }, 0)
    expectCount((await subject.test.admin.queue.list({ agent: 'supervised' })).items.length, 1, 'queue entries')
  }),
  gate('a governor that throws lets nothing run', async (subject) => {
    const governor: Governor = {
      as: () => {
        throw new Error('The governor is broken.')
      },
      authenticate: () => Promise.reject(new Error('The governor is broken.')),
      close: () => Promise.resolve(),
    }
    await expectRuns(subject, { agent: 'autonomous', action: 'mail.send', governor }, 0)
  }),
  gate('a store that is down lets nothing run', async (subject) => {
    const mend = await subject.breakStore()
    try {
      await expectRuns(subject, { agent: 'autonomous', action: 'mail.send' }, 0)
    } finally {
      await mend()
    }
  }),
  gate('names that every object has are unknown', async (subject) => {
    for (const action of ['constructor', '__proto__', 'toString']) {
      await expectRuns(subject, { agent: 'autonomous', action }, 0)
    }
  }),
  gate('an unknown agent never runs', async (subject) => {
    await expectRuns(subject, { agent: 'nobody', action: 'mail.send' }, 0)
  }),
  gate('malformed args never run', async (subject) => {
    const attempt = { agent: 'autonomous', action: 'refund.pay', needsCents: true }
    await expectRuns(subject, { ...attempt, args: { cents: 'many' } }, 0)
    await expectRuns(subject, { ...attempt, args: {} }, 0)
    await expectRuns(subject, { ...attempt, args: { cents: 5 } }, 1)
  }),
  gate('a paused agent never runs, even an autonomous one', async (subject) => {
    const { admin } = subject.test
    await admin.agents.pause('autonomous', 'contract')
    try {
      await expectRuns(subject, { agent: 'autonomous', action: 'mail.send' }, 0)
    } finally {
      await admin.agents.resume('autonomous', 'contract')
    }
  }),
  gate('a stop is met before everything else', async (subject) => {
    const { admin } = subject.test
    const stop = await admin.stops.set({ target: 'workspace', reason: 'contract' })
    try {
      await expectRuns(subject, { agent: 'autonomous', action: 'mail.send' }, 0)
    } finally {
      await admin.stops.lift(stop.id, 'contract')
    }
  }),
  gate('an agent of another workspace is not found', async (subject) => {
    const elsewhere = subject.test.governor.as({
      workspace: 'elsewhere',
      principal: { kind: 'user', id: 'root', roles: ['admin'] },
    })
    await elsewhere.agents.register({ id: 'foreign', maturity: 'autonomous' })
    await expectRuns(subject, { agent: 'foreign', action: 'mail.send' }, 0)
  }),
  gate('shadow runs and is recorded', async (subject) => {
    const { admin } = subject.test
    const { version } = await admin.policies.current()
    await admin.policies.put({ shadow: ['letter'] }, { basedOn: version, reason: 'contract' })
    await expectRuns(subject, { agent: 'intern', action: 'letter.send' }, 1)
    const { items } = await admin.journal.list({ agent: 'intern', kind: 'decision.made', limit: 1 })
    const decision = items[0]?.body.decision
    if (!JSON.stringify(decision).includes('"shadow":{'))
      throw new Error('The decision does not say that it is in shadow.')
    const before = await admin.trainingProposals.list({ limit: 100 })
    await expectRuns(subject, { agent: 'student', action: 'letter.send' }, 1)
    expectCount((await admin.trainingProposals.list({ limit: 100 })).items.length, before.items.length, 'courses')
    const stop = await admin.stops.set({ target: 'agent', agent: 'intern', reason: 'contract' })
    await expectRuns(subject, { agent: 'intern', action: 'letter.send' }, 0)
    await admin.stops.lift(stop.id, 'contract')
    await admin.policies.put({}, { basedOn: version + 1, reason: 'contract' })
  }),
  gate('a bypass lets run what is not earned, says so, passes no stop, and ends', async (subject) => {
    const { admin, user } = subject.test
    await subject.test.register('hurried', 'student')
    const attempt = { agent: 'hurried', action: 'letter.send' }
    const request = { target: 'agent', agent: 'hurried', reason: 'contract' } as const
    const bypass = await user('boss', 'admin').bypasses.set(request)
    await expectRuns(subject, attempt, 1)
    const { items } = await admin.journal.list({ agent: 'hurried', kind: 'decision.made', limit: 1 })
    if (!JSON.stringify(items[0]?.body.decision).includes(bypass.id))
      throw new Error('The decision does not name the bypass that it was made under.')
    const stop = await admin.stops.set({ target: 'agent', agent: 'hurried', reason: 'contract' })
    await expectRuns(subject, attempt, 0)
    await admin.stops.lift(stop.id, 'contract')
    await expectRuns(subject, attempt, 1)
    await admin.bypasses.lift(bypass.id, 'contract')
    await expectRuns(subject, attempt, 0)
  }),
  gate('a repeated attempt runs once, and keeps its proposal', async (subject) => {
    await expectRuns(subject, { agent: 'autonomous', action: 'mail.send', key: 'repeated' }, 1)
    await expectRuns(subject, { agent: 'autonomous', action: 'mail.send', key: 'repeated' }, 0)
    const proposals = async (): Promise<number> =>
      (await subject.test.admin.proposals.list({ agent: 'intern', limit: 100 })).items.length
    await expectRuns(subject, { agent: 'intern', action: 'mail.send', key: 'proposed' }, 0)
    const before = await proposals()
    await expectRuns(subject, { agent: 'intern', action: 'mail.send', key: 'proposed' }, 0)
    expectCount(await proposals(), before, 'proposals')
  }),
  gate('two concurrent calls of one attempt run once', async (subject) => {
    let runs = 0
    const effect = async (): Promise<string> => {
      runs += 1
      return 'ran'
    }
    const attempt = { agent: 'autonomous', action: 'mail.send', key: 'together', effect }
    await Promise.all([subject.attempt(attempt), subject.attempt(attempt)])
    expectCount(runs, 1, 'runs')
  }),
  gate('one call of the host is decided on once', async (subject) => {
    await subject.test.register('counted', 'autonomous')
    await expectRuns(subject, { agent: 'counted', action: 'mail.send' }, 1)
    expectCount((await decisionsOn(subject, 'counted')).length, 1, 'decisions')
  }),
  gate('what runs is what was decided on, whatever other code of the host makes of it', async (subject) => {
    await subject.test.register('tampered', 'autonomous')
    const ran: string[] = []
    await subject.attempt({
      agent: 'tampered',
      action: 'refund.pay',
      needsCents: true,
      args: { cents: 5 },
      tamper: { cents: 99_999 },
      effect: ({ args }) => void ran.push(hashCanonical(args)),
    })
    const decided = (await decisionsOn(subject, 'tampered')).map(({ argsHash }) => argsHash)
    if (ran.length !== 1 || JSON.stringify(ran) !== JSON.stringify(decided)) {
      throw new Error(`The args with the hash ${ran.join()} ran, and ${decided.join()} was decided on.`)
    }
  }),
  gate('control flow of the host passes through', async (subject) => {
    const error = subject.controlFlow()
    const effect = (): never => {
      throw error
    }
    const { thrown } = await subject.attempt({ agent: 'autonomous', action: 'mail.send', key: 'steered', effect })
    if (thrown !== error) throw new Error(`The host got ${String(thrown)} instead of its own error.`)
  }),
  gate('the abort of the host reaches the action', async (subject) => {
    const host = new AbortController()
    let seen: unknown
    const effect = ({ signal }: { readonly signal: AbortSignal | undefined }): Promise<never> =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          seen = true
          reject(signal.reason)
        })
        host.abort(new Error('The host went away.'))
      })
    await subject.attempt({ agent: 'autonomous', action: 'mail.send', key: 'aborted', signal: host.signal, effect })
    if (seen !== true) throw new Error('The action did not see the abort.')
  }),
  gate('an approved action runs once', async (subject) => {
    const attempt = { agent: 'intern', action: 'mail.send', key: 'approved' }
    await expectRuns(subject, attempt, 0)
    await approveNewest(subject)
    await expectRuns(subject, attempt, 1)
    await expectRuns(subject, attempt, 0)
  }),
  gate('args that changed after approval never run', async (subject) => {
    const attempt = { agent: 'intern', action: 'refund.pay', needsCents: true, key: 'changed' }
    await expectRuns(subject, { ...attempt, args: { cents: 5 } }, 0)
    await approveNewest(subject)
    await expectRuns(subject, { ...attempt, args: { cents: 99_999 } }, 0)
  }),
  gate('two concurrent calls with one approval run once', async (subject) => {
    let runs = 0
    const effect = (): void => {
      runs += 1
    }
    const attempt = { agent: 'intern', action: 'mail.send', key: 'approved-together', effect }
    await subject.attempt(attempt)
    await approveNewest(subject)
    await Promise.all([subject.attempt(attempt), subject.attempt(attempt)])
    expectCount(runs, 1, 'runs')
  }),
  gate('a queued run runs once somebody can watch', async (subject) => {
    const { admin, user } = subject.test
    await admin.members.put('late', { displayName: 'late', roles: ['supervisor'] })
    const attempt = { agent: 'supervised', action: 'mail.send', key: 'queued' }
    await expectRuns(subject, attempt, 0)
    const late = user('late', 'supervisor')
    await late.presence.heartbeat()
    if (subject.isUnwatched === true) return expectRuns(subject, attempt, 0)
    await Promise.all([expectRuns(subject, attempt, 1), attachToNext(late)])
    await expectRuns(subject, attempt, 0)
    const { items } = await admin.queue.list({ agent: 'supervised', state: 'completed' })
    expectCount(items.length, 1, 'completed queue entries')
  }),
  gate('an approval that has expired lets nothing run', async (subject) => {
    const attempt = { agent: 'intern', action: 'mail.send', key: 'expired' }
    await expectRuns(subject, attempt, 0)
    await approveNewest(subject)
    await subject.pass(25 * 3_600_000)
    await expectRuns(subject, attempt, 0)
  }),
]

const ATTACH_WITHIN_MS = 15_000

/** Attaches to the next session that waits for somebody. */
async function attachToNext(supervisor: ControlScope): Promise<void> {
  const until = systemClock.monotonic() + ATTACH_WITHIN_MS
  for (;;) {
    const { items } = await supervisor.sessions.list({ state: 'starting', limit: 1 })
    const [session] = items
    if (session !== undefined) return void (await supervisor.sessions.attach(session.id))
    if (systemClock.monotonic() > until) throw new Error('No session waits for a supervisor.')
    await delay(20)
  }
}

function gate(title: string, run: ContractCase['run']): ContractCase {
  return { title, owner: 'gate', run }
}

async function expectRuns(
  subject: ContractSubject,
  attempt: Omit<ContractAttempt, 'effect'>,
  wanted: number,
): Promise<void> {
  let runs = 0
  const effect = (): string => {
    runs += 1
    return 'ran'
  }
  await subject.attempt({ ...attempt, effect })
  expectCount(runs, wanted, 'runs')
}

function expectCount(found: number, wanted: number, what: string): void {
  if (found !== wanted) throw new Error(`There are ${found} ${what}, not ${wanted}.`)
}

async function decisionsOn(
  { test }: ContractSubject,
  agent: string,
): Promise<readonly { readonly argsHash: unknown }[]> {
  const { items } = await test.admin.journal.list({ agent, kind: 'decision.made', limit: 100 })
  return items.map(({ body }) => ({ argsHash: Reflect.get(Object(body.decision), 'argsHash') }))
}

async function approveNewest({ test }: ContractSubject): Promise<void> {
  const { items } = await test.admin.proposals.list({ agent: 'intern', state: 'pending', limit: 1 })
  const [proposal] = items
  if (proposal === undefined) throw new Error('There is no proposal to approve.')
  const { id, version, actionHash } = proposal
  await test.user('ana', 'supervisor').proposals.approve(id, { version, actionHash })
}
