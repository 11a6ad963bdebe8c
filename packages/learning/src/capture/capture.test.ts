import type { Proposal } from '@preceptor/client'
import { expect, it } from 'vitest'
import type { Feedback } from '../client/feedback.ts'
import {
  codeOf,
  describeOnPostgres,
  describeOnStores,
  type FeedbackGovernor,
  type FeedbackStore,
} from '../feedback/feedback-governor.test.helper.ts'

const PIN = 'tr0mbone-77'
let runs = 0

/** A proposal of the agent, as it waits. */
async function propose({ agent, admin }: FeedbackGovernor, context?: object): Promise<Proposal> {
  runs += 1
  const args = { cents: 100 + runs, to: 'Ana', pin: PIN }
  const trigger = { agent: 'bot', action: 'wire.send', args, ...(context && { context: { ...context } }) }
  const decision = await agent('bot').decide(trigger)
  if (decision.route !== 'proposal') throw new Error(decision.route)
  return admin.proposals.get(decision.proposal.id)
}

const shown = ({ version, actionHash }: Proposal) => ({ version, actionHash })

/** What was captured of a record. */
async function capturedOf({ as }: FeedbackGovernor, id: string): Promise<readonly Feedback[]> {
  const { items } = await as('root', 'admin').feedback.list({ limit: 100 })
  return items.filter(({ about }) => about.id === id)
}

async function edit(test: FeedbackGovernor): Promise<Proposal> {
  const proposal = await propose(test)
  await test.user('sue', 'supervisor').proposals.approve(proposal.id, {
    ...shown(proposal),
    args: { ...proposal.args, cents: 5 },
  })
  return proposal
}

function capturesDecisions(store: FeedbackStore): void {
  it('what a reviewer changed, without what is hidden', async () => {
    const { test } = store
    const proposal = await edit(test)
    await test.capture()
    const [feedback, ...more] = await capturedOf(test, proposal.id)
    expect(more).toEqual([])
    expect(feedback).toMatchObject({
      agent: 'bot',
      agentType: 'generic',
      kind: 'correction',
      actor: 'user:sue',
      about: { kind: 'proposal', id: proposal.id },
      tags: ['action:wire.send', 'arg:cents'],
      output: JSON.stringify({ cents: proposal.args.cents, pin: '[redacted]', to: 'Ana' }),
      correction: '{"cents":5,"pin":"[redacted]","to":"Ana"}',
    })
    const example = await test.as('root', 'admin').examples.get(feedback?.exampleId ?? '')
    expect(example).toMatchObject({ origin: 'captured', about: { id: proposal.id }, actor: 'user:sue' })
    expect(JSON.stringify([feedback, example])).not.toContain(PIN)
  })

  it('that only hidden values were changed, and nothing of them', async () => {
    const { test } = store
    const proposal = await propose(test)
    await test.user('sue', 'supervisor').proposals.approve(proposal.id, {
      ...shown(proposal),
      args: { ...proposal.args, pin: `${PIN}-b` },
    })
    await test.capture()
    const [feedback] = await capturedOf(test, proposal.id)
    expect(feedback).toMatchObject({ kind: 'negative', exampleId: null, comment: 'Only hidden values were corrected.' })
    expect(JSON.stringify(feedback)).not.toContain(PIN)
  })

  it('why a reviewer rejected, also where the reason quotes what is hidden', async () => {
    const { test } = store
    const proposal = await propose(test, { note: `the pin is ${PIN}` })
    await test.user('sue', 'supervisor').proposals.reject(proposal.id, {
      ...shown(proposal),
      category: 'wrong_args',
      reason: `Never send ${PIN} by mail.`,
    })
    await test.capture()
    const [feedback] = await capturedOf(test, proposal.id)
    expect(feedback).toMatchObject({
      kind: 'correction',
      correction: 'Do not do this (wrong_args): Never send [redacted] by mail.',
      tags: ['action:wire.send', 'wrong_args'],
    })
    expect(JSON.stringify(feedback)).not.toContain(PIN)
  })

  it('each once, however often it runs', async () => {
    const { test } = store
    const proposal = await edit(test)
    await test.capture()
    await test.capture()
    await Promise.all([test.capture(), test.capture()])
    expect(await capturedOf(test, proposal.id)).toHaveLength(1)
  })

  it('for its workspace alone', async () => {
    const { test } = store
    await edit(test)
    await test.capture('other')
    await test.capture()
    const root = { kind: 'user', id: 'root', roles: ['admin'] } as const
    const { items } = await test.governor
      .as({ workspace: 'other', principal: root })
      .journal.list({ kind: 'feedback.received' })
    expect(items).toEqual([])
  })
}

describeOnStores('the capture of corrections takes', (store) => {
  capturesDecisions(store)

  it('what a person said of an answer in training', async () => {
    const { test } = store
    const sue = test.user('sue', 'supervisor')
    for (const [agent, score, kind] of [
      ['pupil-a', 0.4, 'correction'],
      ['pupil-b', 0.9, 'positive'],
    ] as const) {
      await test.register(agent, 'student')
      const decision = await test.agent(agent).decide({ agent, action: 'note.write', args: {} })
      if (decision.route !== 'training') throw new Error(decision.route)
      const { sessionId } = await sue.trainingProposals.approve(decision.trainingProposal.id)
      const id = sessionId ?? ''
      await sue.trainingSessions.start(id)
      const own = test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
      await own.trainingSessions.answer(id, { scenario: 'note.letter', answer: `Hi, says ${agent}` })
      await sue.trainingSessions.answer(id, { scenario: 'note.letter', score, feedback: 'Greet by name.' })
      await test.capture()
      const captured = await capturedOf(test, id)
      expect(captured).toMatchObject([
        { agent, kind, actor: 'user:sue', comment: 'Greet by name.', tags: ['capability:note'] },
      ])
      const example = await test.as('root', 'admin').examples.get(captured[0]?.exampleId ?? '')
      expect(example.input).toBe('Write to the customer.\n{"customer":"Mr Adeyemi"}')
      expect(example.correction).toBe(kind === 'positive' ? `Hi, says ${agent}` : 'Greet by name.')
      expect(example.output).toBe(kind === 'positive' ? null : `Hi, says ${agent}`)
    }
  })

  it('what a supervisor told a run to do otherwise', async () => {
    const { test } = store
    await test.register('watched', 'supervised')
    await test.admin.members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
    const sam = test.user('sam', 'supervisor')
    await sam.presence.heartbeat()
    const trigger = { agent: 'watched', action: 'wire.send', args: { cents: 7, to: 'Ben', pin: PIN }, run: 'run' }
    const first = test.agent('watched').guard(trigger, () => 'first')
    await expect.poll(async () => (await sam.sessions.list({ state: 'active' })).items.length).toBe(1)
    const id = (await sam.sessions.list({ state: 'active' })).items[0]?.id ?? ''
    await sam.sessions.attach(id)
    await first
    await sam.sessions.intervene(id, { type: 'correct', guidance: `Keep ${PIN} to yourself.` })
    await sam.sessions.intervene(id, { type: 'pause' })
    const second = test.agent('watched').guard(trigger, () => 'second')
    const waits = async () => (await sam.sessions.get(id)).steps.some(({ state }) => state === 'waiting')
    await expect.poll(waits).toBe(true)
    await sam.sessions.intervene(id, { type: 'correct', args: { cents: 1, to: 'Ben', pin: `${PIN}-b` } })
    await sam.sessions.intervene(id, { type: 'resume' })
    await second
    await test.agent('watched').finish('run', { agent: 'watched', status: 'completed' })
    await test.capture()
    const output = '{"cents":7,"pin":"[redacted]","to":"Ben"}'
    expect(await capturedOf(test, id)).toMatchObject([
      { kind: 'correction', output, correction: '{"cents":1,"pin":"[redacted]","to":"Ben"}', actor: 'user:sam' },
      { kind: 'correction', output, correction: 'Keep [redacted] to yourself.', actor: 'user:sam' },
    ])
  })
})

describeOnPostgres('the capture of corrections', (store) => {
  it('goes on where another process died, and several at once take each once', async () => {
    const first = await store.another()
    const proposals = [await edit(first), await edit(first), await edit(first)]
    await first.close()
    const [second, third] = [await store.another(), await store.another()]
    await Promise.all([second.capture(), third.capture(), second.capture(), store.test.capture()])
    for (const { id } of proposals) expect(await capturedOf(second, id)).toHaveLength(1)
  })

  it('that is cut off in the middle has done nothing, and loses nothing', async () => {
    const { test } = store
    const proposal = await edit(test)
    const before = await store.asOwner('select sequence from learning_captures')
    await test.seal()
    // Nothing can be written until the capture was ended from outside.
    const held = store.asOwner(`begin; lock table learning_feedback in exclusive mode; select pg_sleep(0.8); commit`)
    await expect
      .poll(async () =>
        store.asOwner(`select from pg_locks where mode = 'ExclusiveLock' and relation = 'learning_feedback'::regclass`),
      )
      .toHaveLength(1)
    const cut = codeOf(test.governor.jobs.run('learning-capture', { workspace: 'default' }))
    const waiting = `select pid from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into learning_feedback%'`
    await expect.poll(async () => store.asOwner(waiting)).toHaveLength(1)
    await store.asOwner(`select pg_terminate_backend(pid) from (${waiting}) as w`)
    expect(await cut).not.toBe('nothing')
    await held
    expect(await store.asOwner('select sequence from learning_captures')).toEqual(before)
    expect(await capturedOf(test, proposal.id)).toEqual([])
    await test.capture()
    expect(await capturedOf(test, proposal.id)).toHaveLength(1)
  })

  it('finds all that is due by itself', async () => {
    const { test } = store
    const proposal = await edit(test)
    await test.seal()
    await test.governor.jobs.run('learning-capture', {})
    expect(await capturedOf(test, proposal.id)).toHaveLength(1)
  })
})
