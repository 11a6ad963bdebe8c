import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import {
  createOrchestration,
  type OrchestrationOperations,
  orchestration,
  type WorkflowDefinition,
  type WorkflowRunDetail,
} from '@preceptor/orchestration'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { type Effect, type Oracle, openOracle } from './oracle.ts'

const PROGRAM = new URL('./workflow-process.mjs', import.meta.url)
// Longer than anything is held: a step 30 s, a claim of an execution 30 s.
const LEASES_MS = 120_000

/** What is passed on the way to an effect, and after it. */
const BEFORE = ['workflow.after_claim', 'decide.before_commit', 'claim.before_commit'] as const
const CLAIMED = ['claim.after_commit'] as const
const DONE = ['tool.after_send', 'tool.after_response', 'record.before_commit'] as const
const KEPT = ['record.after_commit', 'workflow.before_commit', 'workflow.after_commit'] as const
const ALL = [...BEFORE, ...CLAIMED, ...DONE, ...KEPT] as const

/** Where a process dies. */
interface Strike {
  readonly point: string
  readonly step: string
}

const at = (step: string, points: readonly string[]): readonly Strike[] => points.map((point) => ({ point, step }))

const EDGES = ['workflow.after_claim', 'workflow.before_commit', 'workflow.after_commit'] as const
const RIGHT = ['claim.after_commit', 'tool.after_send', 'workflow.before_commit', 'workflow.after_commit'] as const
const ASK = ['workflow.after_claim', 'decide.before_commit', 'decide.after_commit', 'workflow.after_commit'] as const
// A question has no effect of its own, so nothing is sent.
const ANSWERED = ALL.filter((point) => point !== 'tool.after_send')

// Every edge of every type of step, and what may not run twice at all places that it passes.
const STRIKES_OF_EDGES: readonly Strike[] = [
  ...at('keep', [...EDGES, 'tool.after_response']),
  ...at('send', ALL),
  ...at('read', EDGES),
  ...at('post', [...EDGES, 'claim.after_commit', 'tool.after_send', 'record.after_commit']),
  ...at('left', EDGES),
  ...at('right', RIGHT),
  ...at('ask', ASK),
  ...at('ask:answered', [...EDGES, 'claim.after_commit', 'record.after_commit']),
  ...at('last', ['workflow.before_commit', 'workflow.after_commit']),
]

// The same with all places of all steps, which takes twice as long: EVERY_PLACE=1.
const STRIKES_OF_ALL: readonly Strike[] = [
  ...['keep', 'send', 'read', 'post', 'left'].flatMap((step) => at(step, ALL)),
  ...at('right', RIGHT),
  ...at('ask', ASK),
  ...at('ask:answered', ANSWERED),
  ...at('last', ['workflow.before_commit', 'workflow.after_commit']),
]
const STRIKES = process.env.EVERY_PLACE === undefined ? STRIKES_OF_EDGES : STRIKES_OF_ALL

// What may not run twice; of these nobody knows the outcome when they are interrupted.
const ONCE = new Set(['send', 'post', 'right', 'last'])
const EVERY = 'ask begin between both done keep last left post pure read right send which'.split(' ')
const EFFECTS = ['keep', 'send', 'read', 'post', 'left', 'right', 'last'] as const

function definitionOf(url: string): WorkflowDefinition {
  const args = (step: string) => ({ run: { $cel: 'input.name' }, step })
  const place = (step: string) => ({ $cel: `"${url}/" + input.name + "/${step}"` })
  return {
    name: 'All types',
    agent: 'worker-bot',
    steps: [
      { id: 'begin', type: 'transform', value: { big: { $cel: 'size(input.name) > 1' } } },
      { id: 'keep', type: 'agent', action: 'note.keep', args: args('keep') },
      { id: 'send', type: 'agent', action: 'mail.post', args: args('send') },
      { id: 'read', type: 'api_call', method: 'GET', url: place('read') },
      { id: 'post', type: 'api_call', method: 'POST', url: place('post'), body: { read: { $cel: 'steps.read' } } },
      { id: 'between', type: 'transform', value: { $cel: 'steps.read' } },
      {
        id: 'both',
        type: 'parallel',
        branches: [
          { name: 'l', steps: [{ id: 'left', type: 'agent', action: 'note.keep', args: args('left') }] },
          {
            name: 'r',
            steps: [
              { id: 'pure', type: 'transform', value: 1 },
              { id: 'right', type: 'agent', action: 'mail.post', args: args('right') },
            ],
          },
        ],
      },
      { id: 'which', type: 'condition', branches: [{ when: 'steps.begin.big', next: 'ask' }], otherwise: 'end' },
      { id: 'ask', type: 'approval', question: 'Go on?', data: { amount: 5 } },
      { id: 'last', type: 'agent', action: 'mail.post', args: args('last') },
      { id: 'done', type: 'transform', value: { $cel: '{"amount": steps.ask.data.amount, "last": steps.last.step}' } },
    ],
  }
}

describeWithPostgres('a run whose worker is killed', () => {
  const database = useTestDatabase()
  const clock = { ahead: LEASES_MS, now: () => Date.now() + clock.ahead, monotonic: () => performance.now() }
  const children = new Set<ChildProcess>()
  let oracle: Oracle
  let client: pg.Client
  /** Starts runs, and works on none. */
  let plane: EmbeddedGovernor
  /** Another worker, to whom all leases of the one that died are over. */
  let rescuer: EmbeddedGovernor
  let workflow: string

  const adminOf = (governor: EmbeddedGovernor): OrchestrationOperations =>
    governor
      .as({ workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['admin'] } })
      .plugin(orchestration)

  const lookerOf = (governor: EmbeddedGovernor): OrchestrationOperations =>
    governor
      .as({ workspace: 'default', principal: { kind: 'user', id: 'sue', roles: ['supervisor'] } })
      .plugin(orchestration)

  beforeAll(async () => {
    oracle = await openOracle()
    const act = async (args: Readonly<Record<string, unknown>>, key: string): Promise<unknown> => {
      const headers = { 'idempotency-key': key }
      return (await fetch(`${oracle.url}/${args.run}/${args.step}`, { method: 'POST', headers })).json()
    }
    const open = (time?: typeof clock) =>
      createGovernor({
        database: database.url,
        migrate: true,
        actions: {
          'note.keep': {
            risk: 'medium',
            idempotent: true,
            execute: ({ args, idempotencyKey }) => act(args, idempotencyKey),
          },
          'mail.post': { risk: 'medium', execute: ({ args, idempotencyKey }) => act(args, idempotencyKey) },
        },
        plugins: [createOrchestration()],
        outbound: { allow: [oracle.url] },
        settings: { deadlineMs: 10_000 },
        report: () => undefined,
        ...(time === undefined ? {} : { clock: time }),
      })
    plane = await open()
    rescuer = await open(clock)
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const { agents } = plane.as({ workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['admin'] } })
    await agents.register({ id: 'worker-bot', maturity: 'autonomous', ownerId: 'system' })
    workflow = (await adminOf(plane).workflows.create(definitionOf(oracle.url))).id
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await client?.end()
    await plane?.close()
    await rescuer?.close()
    await oracle?.close()
  })

  interface Program {
    readonly child: ChildProcess
    readonly ready: Promise<unknown>
    readonly stdout: () => string
    readonly ended: Promise<unknown>
  }

  function start(options: object = {}): Program {
    const settings = { database: database.url, oracle: oracle.url, find: true, ...options }
    const child = fork(PROGRAM, [JSON.stringify(settings)], {
      execArgv: [],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    children.add(child)
    let stdout = ''
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    const ended = once(child, 'close').finally(() => children.delete(child))
    return { child, ready: once(child, 'message'), stdout: () => stdout, ended }
  }

  /** Approves the question of a run, if it waits for that. */
  async function answer(by: EmbeddedGovernor, { steps }: WorkflowRunDetail): Promise<boolean> {
    const asking = steps.find(({ step, state }) => step === 'ask' && state === 'waiting')
    if (asking?.proposal == null) return false
    const { proposals } = by.as({ workspace: 'default', principal: { kind: 'user', id: 'sam', roles: ['supervisor'] } })
    const card = await proposals.get(asking.proposal)
    if (card.state !== 'pending') return false
    const sam = by.as({ workspace: 'default', principal: { kind: 'user', id: 'sam', roles: ['supervisor'] } })
    const { version, actionHash } = card
    await sam.plugin(orchestration).runs.answer(card.id, { approved: true, version, actionHash })
    return true
  }

  const effectsOf = (run: string, step: string): readonly Effect[] =>
    oracle.effects.filter((effect) => effect.run === run && effect.step === step)

  /** Lets a process die in a run; gives the run, as the process left it. */
  async function strike(program: Program, { point, step }: Strike, name: string): Promise<WorkflowRunDetail> {
    const { runs } = adminOf(plane)
    const { id } = await runs.execute(workflow, { input: { name } })
    if (point === 'tool.after_send') {
      oracle.arrived = (effect) => effect.run === name && effect.step === step && program.child.kill('SIGKILL')
    }
    await program.ready
    program.child.send({ order: { run: id, point, step } })
    let isOver = false
    const ended = program.ended.then(() => {
      isOver = true
    })
    if (step === 'ask:answered' || step === 'last') {
      await expect.poll(async () => isOver || (await answer(plane, await runs.get(id))), { timeout: 60_000 }).toBe(true)
    }
    await ended
    oracle.arrived = () => false
    return runs.get(id)
  }

  /** Another worker goes on, and a person says what nobody knows, by looking at what took effect. */
  async function rescue(
    id: string,
    name: string,
  ): Promise<{ readonly run: WorkflowRunDetail; readonly asked: string[] }> {
    const { runs } = adminOf(rescuer)
    const asked: string[] = []
    for (let turn = 0; turn < 40; turn += 1) {
      await rescuer.jobs.run('settle-lost-executions', {})
      await rescuer.jobs.run('orchestration-step', {})
      const run = await runs.get(id)
      if (run.state === 'failed' && asked.length > 0) {
        await runs.replay(id, 'It was not done, so it is done now.')
        continue
      }
      if (run.endedAt !== null) return { run, asked }
      const unknown = run.steps.find(({ state }) => state === 'outcome_unknown')
      if (unknown !== undefined) {
        asked.push(unknown.step)
        const isDone = effectsOf(name, unknown.step).length > 0
        const output = { run: name, step: unknown.step }
        const said = isDone ? ({ outcome: 'succeeded', output } as const) : ({ outcome: 'failed' } as const)
        await lookerOf(rescuer).runs.resolve(id, unknown.id, { ...said, reason: 'Whoever looked says so.' })
      } else if (!(await answer(rescuer, run))) clock.ahead += 5_000
    }
    const run = await runs.get(id)
    throw new Error(
      `It does not go on: ${JSON.stringify(run.steps.map(({ step, state, note }) => [step, state, note]))}`,
    )
  }

  function check(struck: Strike, name: string, { run, asked }: Awaited<ReturnType<typeof rescue>>): void {
    const where = `${struck.point} in ${struck.step}`
    expect(run, where).toMatchObject({ state: 'completed', output: { amount: 5, last: 'last' } })
    for (const step of EFFECTS) {
      const effects = effectsOf(name, step)
      const isRepeated = step === struck.step && !ONCE.has(step) && (DONE as readonly string[]).includes(struck.point)
      expect(effects.length, `${where}: effects of ${step}`).toBe(isRepeated ? 2 : 1)
      expect(new Set(effects.map(({ key }) => key)).size, `${where}: keys of ${step}`).toBe(1)
    }
    // Whoever died between its claim and its record leaves nobody who knows.
    const isUnknown = ONCE.has(struck.step) && [...CLAIMED, ...DONE].some((point) => point === struck.point)
    expect(asked, where).toEqual(isUnknown ? [struck.step] : [])
    const succeeded = run.steps.flatMap(({ step, state }) => (state === 'succeeded' ? [step] : []))
    expect(succeeded.sort(), where).toEqual(EVERY)
  }

  /** People are asked once, whoever dies while they are. */
  async function checkQuestions({ id, steps }: WorkflowRunDetail): Promise<void> {
    const asking = steps.find(({ step }) => step === 'ask')
    const { rows } = await client.query(`select state from proposals where idempotency_key like $1`, [
      `${asking?.id}.%`,
    ])
    expect(rows, id).toEqual([{ state: 'succeeded' }])
  }

  it(verifies(
    'I-23',
    'at any place of any type of step is finished by another worker, with each effect once',
  ), async () => {
    const met: string[] = []
    // One that goes wrong does not hide the others.
    const wrong: string[] = []
    let next = start()
    for (const [index, order] of STRIKES.entries()) {
      const program = next
      const name = `run${index}`
      const where = `${order.point} in ${order.step}`
      try {
        const left = await strike(program, order, name)
        const struck = order.point === 'tool.after_send' ? '' : `struck ${order.point} ${order.step}\n`
        expect([program.stdout(), program.child.signalCode], where).toEqual([struck, 'SIGKILL'])
        met.push(where)
        // The next one gets ready meanwhile.
        next = start()
        const rescued = await rescue(left.id, name)
        check(order, name, rescued)
        await checkQuestions(rescued.run)
      } catch (error) {
        wrong.push(`${where}: ${error instanceof Error ? error.message : String(error)}`)
        program.child.kill('SIGKILL')
        if (next === program) next = start()
      }
    }
    process.stdout.write(`killed at ${met.length} places:\n  ${met.join('\n  ')}\n`)
    expect(wrong).toEqual([])
    expect(met).toHaveLength(STRIKES.length)
    const { journal } = rescuer.as({
      workspace: 'default',
      principal: { kind: 'system', id: 'test', roles: [] },
    })
    expect(await journal.verify()).toMatchObject({ ok: true, problem: null })
  }, 900_000)

  it(verifies(
    'I-23',
    'and whose definition is edited while it waits, goes on with the version that it began with',
  ), async () => {
    const { workflows, runs } = adminOf(plane)
    const act = (id: string) => ({
      id,
      type: 'agent' as const,
      action: 'mail.post',
      args: { run: { $cel: 'input.name' }, step: id },
    })
    const definition = {
      name: 'Edited',
      agent: 'worker-bot',
      steps: [act('one'), { id: 'ask', type: 'approval' as const, question: 'Go on?' }, act('two')],
    }
    const { id } = await workflows.create(definition)
    const before = await runs.execute(id, { input: { name: 'before' } })
    await rescuer.jobs.run('orchestration-step', {})
    expect(await runs.get(before.id)).toMatchObject({ state: 'waiting' })
    await workflows.update(id, { definition: { ...definition, steps: [act('one'), act('three')] }, base: 1 })
    const { run } = await rescue(before.id, 'before')
    expect(run).toMatchObject({ state: 'completed', version: 1, output: { step: 'two' } })
    const after = await runs.execute(id, { input: { name: 'after' } })
    const next = await rescue(after.id, 'after')
    expect(next.run).toMatchObject({ state: 'completed', version: 2, output: { step: 'three' } })
    const done = oracle.effects.filter((effect) => ['before', 'after'].includes(effect.run))
    expect(done.map((effect) => `${effect.run} ${effect.step}`)).toEqual([
      'before one',
      'before two',
      'after one',
      'after three',
    ])
  }, 60_000)

  it(verifies('I-23', 'is gone on with by a worker that nobody calls, once its leases are over'), async () => {
    const name = 'alone'
    const order = { point: 'claim.after_commit', step: 'keep' }
    const dying = start()
    const { id } = await strike(dying, order, name)
    expect(dying.child.signalCode).toBe('SIGKILL')
    const other = start({ find: false, ahead: LEASES_MS })
    await other.ready
    other.child.send({})
    const { runs } = adminOf(rescuer)
    const isAnswered = async () => answer(rescuer, await runs.get(id))
    await expect.poll(isAnswered, { timeout: 90_000 }).toBe(true)
    await expect.poll(async () => (await runs.get(id)).state, { timeout: 90_000 }).toBe('completed')
    check(order, name, { run: await runs.get(id), asked: [] })
    other.child.send({ close: true })
    await other.ended
  }, 240_000)
})
