import type { GuardCall } from '@preceptor/client'
import { StepFault, type WorkflowRunDetail, type WorkflowStep } from '@preceptor/orchestration'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openWorkflowPlane, type WorkflowPlane } from './workflow-plane.ts'

const LEASE_MS = 31_000
const HOUR_MS = 3_600_000

// Time stands still unless a test moves it.
const clock = { time: Date.now(), now: () => clock.time, monotonic: () => performance.now() }
let plane: WorkflowPlane
/** What the actions did, and what they do. */
const ran: { readonly action: string; readonly step: string; readonly key: string; readonly signal: AbortSignal }[] = []
let act: (call: GuardCall, tries: number) => unknown = () => null

function executor(action: string) {
  return (call: GuardCall): unknown => {
    ran.push({ action, step: String(call.args.step), key: call.idempotencyKey, signal: call.signal })
    return act(call, ran.filter(({ step }) => step === call.args.step).length)
  }
}

beforeAll(async () => {
  plane = await openWorkflowPlane({
    clock,
    actions: {
      'note.keep': { risk: 'medium', idempotent: true, execute: executor('note.keep') },
      'mail.post': { risk: 'medium', execute: executor('mail.post') },
      'elsewhere.do': { risk: 'medium' },
    },
  })
  await plane.agent('worker-bot', 'autonomous')
})
afterAll(() => plane.governor.close())
beforeEach(() => {
  ran.length = 0
  act = () => null
})

const keep = (id: string, more: Partial<WorkflowStep> = {}): WorkflowStep =>
  ({ id, type: 'agent', action: 'note.keep', args: { step: id }, ...more }) as WorkflowStep
const post = (id: string, more: Partial<WorkflowStep> = {}): WorkflowStep =>
  ({ ...keep(id), action: 'mail.post', ...more }) as WorkflowStep

/** Starts a run and does what is due of it by then. */
async function begin(steps: readonly WorkflowStep[]): Promise<WorkflowRunDetail> {
  const run = await plane.start({ steps })
  clock.time += LEASE_MS
  return goOn(run)
}

async function goOn(run: string, milliseconds = 0): Promise<WorkflowRunDetail> {
  clock.time += milliseconds
  // What is woken by the queue is found by its time here.
  await plane.work()
  clock.time += LEASE_MS
  await plane.work()
  return plane.admin.runs.get(run)
}

/** Does what is due now, and nothing else. */
async function look(run: string, milliseconds = 0): Promise<WorkflowRunDetail> {
  clock.time += milliseconds
  await plane.work()
  return plane.admin.runs.get(run)
}

async function beginExactly(steps: readonly WorkflowStep[]): Promise<WorkflowRunDetail> {
  const run = await plane.start({ steps })
  return look(run, LEASE_MS)
}

const stepsOf = ({ steps }: WorkflowRunDetail) => steps.map(({ step, visit, state }) => `${step}.${visit} ${state}`)
const counts = () => Object.fromEntries([...new Set(ran.map(({ step }) => step))].map((step) => [step, countOf(step)]))
const countOf = (step: string) => ran.filter((one) => one.step === step).length

async function answer(run: WorkflowRunDetail, approved: boolean): Promise<void> {
  const asking = run.steps.find(({ state, proposal }) => state === 'waiting' && proposal !== null)
  const { id, version, actionHash } = await plane.scope('supervisor').proposals.get(String(asking?.proposal))
  const comment = approved ? {} : { comment: 'No.' }
  await plane.as('supervisor').runs.answer(id, { approved, version, actionHash, ...comment })
}

describe('a step that fails', () => {
  it('is tried three times with waits of 2 s and 4 s, all under one key for who takes the effect, where its action is idempotent', async () => {
    act = () => {
      throw new Error('Not now.')
    }
    const { id, steps } = await beginExactly([keep('a')])
    const first = clock.time
    expect(steps).toMatchObject([{ state: 'pending', attempts: 1, dueAt: new Date(first + 2_000).toISOString() }])
    expect((await look(id, 1_999)).steps).toMatchObject([{ attempts: 1 }])
    const second = await look(id, 1)
    expect(second.steps).toMatchObject([
      { state: 'pending', attempts: 2, dueAt: new Date(first + 6_000).toISOString(), failure: { message: 'Not now.' } },
    ])
    expect((await look(id, 3_999)).state).toBe('running')
    const third = await look(id, 1)
    expect(third).toMatchObject({ state: 'failed', failure: { step: 'a', code: 'STEP_FAILED', message: 'Not now.' } })
    expect(new Set(ran.map(({ key }) => key)).size).toBe(1)
    expect(await plane.told(id)).toEqual(expect.arrayContaining(['workflow_step.retried', 'workflow_run.failed']))
  })

  it('is tried once where its action is not, unless the definition says how often', async () => {
    act = () => {
      throw new Error('Not now.')
    }
    expect(await beginExactly([post('a')])).toMatchObject({ state: 'failed' })
    expect(countOf('a')).toBe(1)
    const twice = await beginExactly([post('b', { retry: { attempts: 2, waitSeconds: 10 } })])
    expect(twice.steps).toMatchObject([{ state: 'pending', dueAt: new Date(clock.time + 10_000).toISOString() }])
    expect(await look(twice.id, 10_000)).toMatchObject({ state: 'failed' })
    expect(countOf('b')).toBe(2)
  })

  it.each([
    ['is worth another try', post, { isRetryable: true }, 3],
    ['is not worth another try', keep, { isRetryable: false }, 1],
    ['may have taken effect, where that does no harm', keep, { isRetryable: true, isEffectUnknown: true }, 3],
  ] as const)('by a fault that %s is tried as that says', async (_, step, said, tries) => {
    act = () => {
      throw new StepFault('It went wrong.', said)
    }
    let run = await beginExactly([step('a')])
    for (let turn = 0; turn < 5; turn += 1) run = await look(run.id, 10_000)
    expect(run).toMatchObject({ state: 'failed', failure: { message: 'It went wrong.' } })
    expect(countOf('a')).toBe(tries)
  })

  it('is not tried before the time that its fault names', async () => {
    act = (_, tries) => {
      if (tries === 1) throw new StepFault('Too many.', { isRetryable: true, retryAfterMs: 90_000 })
      return 'done'
    }
    const { id, steps } = await beginExactly([keep('a')])
    expect(steps).toMatchObject([{ dueAt: new Date(clock.time + 90_000).toISOString() }])
    await look(id, 89_999)
    expect(countOf('a')).toBe(1)
    expect(await look(id, 1)).toMatchObject({ state: 'completed', output: 'done' })
  })

  it('waits for a person where nobody knows whether it took effect, and goes on as the person says', async () => {
    act = () => {
      throw new StepFault('No answer.', { isEffectUnknown: true })
    }
    const run = await beginExactly([post('a', { retry: { attempts: 5 } }), keep('b')])
    expect(run).toMatchObject({ state: 'waiting', steps: [{ state: 'outcome_unknown' }] })
    act = () => 'done'
    expect((await look(run.id, HOUR_MS)).state).toBe('waiting')
    const [a] = run.steps
    const said = { outcome: 'succeeded', output: { id: 7 }, reason: 'The mail is there.' } as const
    const sue = plane.as('supervisor', 'sue').runs
    await sue.resolve(run.id, String(a?.id), said)
    await expect(sue.resolve(run.id, String(a?.id), said)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await goOn(run.id)).toMatchObject({ state: 'completed', steps: [{ output: { id: 7 } }, { output: 'done' }] })
    expect(counts()).toEqual({ a: 1, b: 1 })
  })

  it('is followed by the step that is named for that', async () => {
    act = ({ args }) => {
      if (args.step === 'a') throw new StepFault('It went wrong.', { isRetryable: false })
      return null
    }
    const run = await begin([
      keep('a', { onError: 'repair' }),
      keep('b', { next: 'end' }),
      { id: 'repair', type: 'transform', value: { $cel: 'failures.a.message' } },
    ])
    expect(run).toMatchObject({ state: 'completed', output: 'It went wrong.' })
    expect(counts()).toEqual({ a: 1 })
  })
})

describe('a step that runs too long', () => {
  const forever = ({ signal }: GuardCall): Promise<never> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

  it('is aborted, and nobody knows whether it took effect', async () => {
    act = forever
    const run = await beginExactly([post('a', { timeoutSeconds: 1, retry: { attempts: 3 } })])
    expect(run).toMatchObject({
      state: 'waiting',
      steps: [{ state: 'outcome_unknown', failure: { code: 'STEP_TIMED_OUT' } }],
    })
    expect(ran).toMatchObject([{ signal: { aborted: true, reason: { code: 'STEP_TIMED_OUT' } } }])
  })

  it('is tried again where that does no harm', async () => {
    act = (call, tries) => (tries === 1 ? forever(call) : 'done')
    const run = await beginExactly([keep('a', { timeoutSeconds: 1 })])
    expect(run.steps).toMatchObject([{ state: 'pending', attempts: 1, failure: { code: 'STEP_TIMED_OUT' } }])
    expect(ran[0]?.signal.aborted).toBe(true)
    expect(await look(run.id, 2_000)).toMatchObject({ state: 'completed', output: 'done' })
  })
})

describe('a run that is replayed', () => {
  const failing = (...steps: readonly string[]) => {
    act = ({ args }) => {
      if (steps.includes(String(args.step))) throw new StepFault('It went wrong.', { isRetryable: false })
      return args.step
    }
  }

  it('goes on at the step that failed, and runs nothing that succeeded [I-23]', async () => {
    failing('b')
    const run = await begin([post('a'), post('b'), post('c')])
    expect(run).toMatchObject({ state: 'failed', failure: { step: 'b' } })
    failing()
    await expect(plane.as('viewer').runs.replay(run.id, 'It is mended.')).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    await plane.admin.runs.replay(run.id, 'It is mended.')
    await expect(plane.admin.runs.replay(run.id, 'It is mended.')).rejects.toMatchObject({ code: 'CONFLICT' })
    const done = await goOn(run.id, LEASE_MS)
    expect(done).toMatchObject({ state: 'completed', output: 'c' })
    expect(stepsOf(done)).toEqual(['a.1 succeeded', 'b.1 failed', 'b.2 succeeded', 'c.1 succeeded'])
    expect(counts()).toEqual({ a: 1, b: 2, c: 1 })
  })

  it('runs inside of a parallel step only the branches that failed [I-23]', async () => {
    failing('left2')
    const branches = [
      { name: 'left', steps: [post('left1'), post('left2')] },
      { name: 'right', steps: [post('right')] },
    ]
    const run = await begin([{ id: 'both', type: 'parallel', branches }, post('after')])
    // The other branch ends first.
    expect(run).toMatchObject({ state: 'failed', failure: { step: 'both' } })
    expect(counts()).toEqual({ left1: 1, left2: 1, right: 1 })
    failing()
    await plane.admin.runs.replay(run.id, 'It is mended.')
    const done = await goOn(run.id, LEASE_MS)
    expect(done).toMatchObject({ state: 'completed', output: 'after' })
    expect(done.steps.find(({ step, visit }) => step === 'both' && visit === 2)).toMatchObject({
      state: 'succeeded',
      output: { left: 'left2', right: 'right' },
    })
    expect(counts()).toEqual({ left1: 1, left2: 2, right: 1, after: 1 })
  })
})

describe('branches', () => {
  it('may fail where that is to be ignored', async () => {
    act = ({ args }) => {
      if (args.step === 'left') throw new StepFault('It went wrong.', { isRetryable: false })
      return args.step
    }
    const right = { name: 'right', steps: [post('right')] }
    const ignored = await begin([
      {
        id: 'both',
        type: 'parallel',
        branches: [{ name: 'left', steps: [post('left')], onFailure: 'ignore' }, right],
      },
    ])
    expect(ignored).toMatchObject({ state: 'completed', output: { left: null, right: 'right' } })
    const failed = await begin([
      { id: 'both', type: 'parallel', branches: [{ name: 'left', steps: [post('left')] }, right], onError: 'after' },
      { id: 'after', type: 'transform', value: { $cel: 'failures.both.message' } },
    ])
    expect(failed).toMatchObject({ state: 'completed', output: 'Branch left: It went wrong.' })
    expect(counts()).toEqual({ left: 2, right: 2 })
  })

  it('are cancelled by the first that succeeds, with what they ask people', async () => {
    act = ({ args }) => args.step
    const run = await plane.start({
      steps: [
        {
          id: 'either',
          type: 'parallel',
          join: 'any',
          branches: [
            { name: 'people', steps: [{ id: 'ask', type: 'approval', question: 'Well?' }] },
            { name: 'bot', steps: [{ id: 'wait', type: 'approval', question: 'And?' }, keep('quick')] },
          ],
        },
        keep('after'),
      ],
    })
    const waiting = await goOn(run, LEASE_MS)
    expect(waiting.state).toBe('waiting')
    const [ask, wait] = ['ask', 'wait'].map((name) => waiting.steps.find(({ step }) => step === name))
    await answer({ ...waiting, steps: wait === undefined ? [] : [wait] }, true)
    const done = await goOn(run)
    expect(done).toMatchObject({ state: 'completed', output: 'after' })
    expect(done.steps.find(({ step }) => step === 'either')?.output).toEqual({ people: null, bot: 'quick' })
    expect(done.steps.find(({ step }) => step === 'ask')?.state).toBe('cancelled')
    const card = await plane.scope('supervisor').proposals.get(String(ask?.proposal))
    expect(card.state).toBe('cancelled')
  })
})

describe('a run that is cancelled', () => {
  it('aborts what runs, and begins nothing any more', async () => {
    const begun = deferred()
    act = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        begun.resolve(undefined)
      })
    const run = await plane.start({ steps: [post('a'), post('b')] })
    const working = look(run, LEASE_MS)
    await begun.promise
    expect(await plane.admin.runs.cancel(run, 'It is not needed.')).toMatchObject({ state: 'cancelled' })
    const cancelled = await working
    expect(ran[0]?.signal.aborted).toBe(true)
    expect(stepsOf(cancelled)).toEqual(['a.1 cancelled'])
    expect(stepsOf(await goOn(run, HOUR_MS))).toEqual(['a.1 cancelled'])
    expect(counts()).toEqual({ a: 1 })
    await expect(plane.admin.runs.cancel(run, 'Again.')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(plane.admin.runs.replay(run, 'Again.')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('takes back what it asks people, who can approve nothing any more', async () => {
    const run = await begin([{ id: 'ask', type: 'approval', question: 'Well?' }, post('after')])
    const { proposal } = run.steps[0] ?? {}
    const { version, actionHash } = await plane.scope('supervisor').proposals.get(String(proposal))
    await plane.admin.runs.cancel(run.id, 'It is not needed.')
    expect((await plane.scope('supervisor').proposals.get(String(proposal))).state).toBe('cancelled')
    const late = plane.as('supervisor').runs.answer(String(proposal), { approved: true, version, actionHash })
    await expect(late).rejects.toMatchObject({ code: 'PROPOSAL_DECIDED' })
    expect(await goOn(run.id, LEASE_MS)).toMatchObject({ state: 'cancelled' })
    expect(counts()).toEqual({})
  })
})

describe('an agent in a run', () => {
  it('waits in the queue where nobody can watch it, and goes on under whoever attaches', async () => {
    await plane.agent('watched-bot', 'supervised')
    const run = await begin([post('a', { agent: 'watched-bot' }), post('b')])
    expect(run).toMatchObject({ state: 'waiting', steps: [{ state: 'waiting', queueEntry: expect.any(String) }] })
    const sam = plane.scope('supervisor', 'sam')
    await plane.scope('admin').members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
    await sam.presence.heartbeat()
    act = () => 'done'
    // The run comes back for it, and somebody attaches.
    const working = goOn(run.id, LEASE_MS)
    const starting = async () => (await sam.sessions.list({ state: 'starting' })).items
    await expect.poll(async () => (await starting()).length).toBe(1)
    const [session] = await starting()
    await sam.sessions.attach(String(session?.id))
    const done = await working
    expect(done).toMatchObject({
      state: 'completed',
      steps: [{ state: 'succeeded', output: 'done' }, { output: 'done' }],
    })
    expect(counts()).toEqual({ a: 1, b: 1 })
  })

  it('that lost its level while the run waited is refused, and the run is replayed once it has another', async () => {
    await plane.agent('fallen-bot', 'autonomous')
    const run = await begin([{ id: 'ask', type: 'approval', question: 'Well?' }, post('a', { agent: 'fallen-bot' })])
    const { agents } = plane.scope('admin')
    await agents.demote('fallen-bot', 'student', 'It was wrong too often.')
    await answer(run, true)
    const failed = await goOn(run.id)
    expect(failed).toMatchObject({ state: 'failed', failure: { step: 'a', code: 'TRAINING_REQUIRED' } })
    expect(counts()).toEqual({})
    await agents.promote('fallen-bot', 'It has learned.')
    await plane.admin.runs.replay(run.id, 'It may again.')
    const asked = await goOn(run.id, LEASE_MS)
    // What an intern does people decide on.
    expect(asked).toMatchObject({ state: 'waiting' })
    const { proposal } = asked.steps.at(-1) ?? {}
    const { version, actionHash } = await plane.scope('supervisor').proposals.get(String(proposal))
    await plane.scope('supervisor').proposals.approve(String(proposal), { version, actionHash })
    const done = await goOn(run.id)
    expect(done.state).toBe('completed')
    expect(stepsOf(done)).toEqual(['ask.1 succeeded', 'a.1 failed', 'a.2 succeeded'])
    expect(counts()).toEqual({ a: 1 })
  })

  it('stands where this process has no executor of its action, and says so', async () => {
    const run = await beginExactly([{ id: 'a', type: 'agent', action: 'elsewhere.do' }])
    expect(run).toMatchObject({ state: 'running', steps: [{ state: 'pending', note: 'NO_EXECUTOR', attempts: 0 }] })
    expect((await look(run.id, HOUR_MS)).steps).toMatchObject([{ note: 'NO_EXECUTOR', attempts: 0 }])
    await plane.admin.runs.cancel(run.id, 'Nobody can.')
  })
})

function deferred(): { readonly promise: Promise<unknown>; readonly resolve: (value: unknown) => void } {
  let resolve: (value: unknown) => void = () => undefined
  const promise = new Promise((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
