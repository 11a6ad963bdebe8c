import { afterEach, describe, expect, it } from 'vitest'
import type { Rule } from './rule-server.ts'
import { type LearningPlane, openLearningPlane } from './training-harness.ts'
import { useRefunds } from './use-refunds.ts'

const refunds = useRefunds()
const planes: LearningPlane[] = []

afterEach(async () => {
  for (const plane of planes.splice(0)) await plane.governor.close()
})

async function open(...args: Parameters<typeof openLearningPlane>): Promise<LearningPlane> {
  const plane = await openLearningPlane(...args)
  planes.push(plane)
  return plane
}

const effectiveOf = (plane: LearningPlane) => plane.as('admin').playbooks.effective({ agentType: 'generic' })

describe('a training run', () => {
  it('turns corrections into a version that is tested on what it never saw, and deploys it [LEARN-1]', async () => {
    const plane = await open(refunds.server)
    await plane.teach(refunds.cases, 6)
    const asked = await plane.admin.training.train('refund-bot', { deploy: true })
    expect(asked).toMatchObject({ state: 'pending', cause: 'asked', agentType: 'generic', playbook: null })
    await plane.work()
    const run = await plane.admin.training.get(asked.id)
    if (run.test?.state !== 'tested') throw new Error(JSON.stringify(run))
    expect(run).toMatchObject({ state: 'completed', playbook: { version: 1 }, deployment: { deployed: true } })
    expect(run.test.cases).toBeGreaterThanOrEqual(5)
    expect(run.test.improvement).toBeGreaterThan(15)
    expect(run.test.p).toBeLessThan(0.05)
    // What tests a version never stands in it.
    const playbook = await effectiveOf(plane)
    const { items } = await plane.admin.examples.list({ isHeldOut: true, limit: 100 })
    const taught = new Set(playbook?.examples.map(({ input }) => input))
    expect(items.filter(({ input }) => taught.has(input))).toEqual([])
    expect(items).toHaveLength(run.test.cases)
    // The test stands with the version, and the journal tells what happened.
    const version = await plane.as('admin').playbooks.version(run.playbook?.id ?? '', 1)
    expect(version.test).toMatchObject({ cases: run.test.cases, against: null })
    const { items: told } = await plane.as('admin').journal.list({ subject: run.id })
    expect(told.map(({ kind }) => kind).sort()).toEqual(['training_run.completed', 'training_run.created'])
    // What was used is used: there is nothing left to train on.
    await expect(plane.admin.training.train('refund-bot')).rejects.toMatchObject({ code: 'CONFLICT' })
  }, 120_000)

  it('deploys nothing that does no better, whatever it was asked [LEARN-1]', async () => {
    // A model that hears nothing: every answer is as wrong as before.
    refunds.server.setRules([
      ...refunds.rules.filter(({ name }) => name === 'evaluate'),
      { name: 'deaf', when: () => true, answer: () => 'No.' },
    ])
    const plane = await open(refunds.server)
    await plane.teach(refunds.cases, 4)
    const { id } = await plane.admin.training.train('refund-bot', { deploy: true })
    await plane.work()
    const run = await plane.admin.training.get(id)
    expect(run).toMatchObject({ state: 'completed', test: { state: 'tested', improvement: 0, p: 1 } })
    expect(run.deployment).toMatchObject({ deployed: false })
    expect(await effectiveOf(plane)).toBeNull()
  }, 120_000)

  it('gives no score for what could not be rated, and deploys nothing untested [LEARN-1]', async () => {
    const plane = await open(refunds.server)
    await plane.teach(refunds.cases, 4)
    const { id } = await plane.admin.training.train('refund-bot', { deploy: true })
    refunds.server.setOutage(503)
    await plane.governor.jobs.run('learning-train', {})
    // Each trial is tried three times, ten seconds apart: here it stays open after the first.
    await plane.work()
    expect(await plane.admin.training.get(id)).toMatchObject({ state: 'running', test: null, deployment: null })
    expect(await effectiveOf(plane)).toBeNull()
  }, 120_000)

  it('keeps the lessons of a version that was never deployed for the next one [LEARN-1]', async () => {
    const plane = await open(null)
    await plane.teach(refunds.cases.slice(0, 2), 3)
    const first = await plane.admin.training.train('refund-bot')
    await plane.work()
    // Nobody deployed it: it may be trained again, and what comes later does not stand alone.
    await plane.teach(refunds.cases.slice(2, 4), 3)
    const second = await plane.admin.training.train('refund-bot')
    await plane.work()
    const { playbook } = await plane.admin.training.get(second.id)
    const [one, two] = await Promise.all(
      [1, 2].map((version) => plane.as('admin').playbooks.version(playbook?.id ?? '', version)),
    )
    const inputs = new Set(two?.examples.map(({ input }) => input))
    expect(one?.examples.length).toBeGreaterThan(0)
    expect(one?.examples.filter(({ input }) => !inputs.has(input))).toEqual([])
    expect(inputs.size).toBeGreaterThan(one?.examples.length ?? 0)
    expect((await plane.admin.training.get(first.id)).state).toBe('completed')
  }, 120_000)

  it('writes by rule and tests nothing where there is no model [LEARN-1]', async () => {
    const plane = await open(null)
    await plane.teach(refunds.cases, 3)
    const { id } = await plane.admin.training.train('refund-bot', { deploy: true })
    await plane.work()
    const run = await plane.admin.training.get(id)
    expect(run).toMatchObject({
      state: 'completed',
      playbook: { version: 1 },
      test: null,
      deployment: { deployed: false },
    })
    const version = await plane.as('admin').playbooks.version(run.playbook?.id ?? '', 1)
    expect(version.instructions).toContain('Take care with period')
  }, 120_000)

  it('is one at a time for a type, and for those who may deploy when it is to deploy [LEARN-1]', async () => {
    const plane = await open(refunds.server)
    await plane.teach(refunds.cases, 2)
    const trying = Array.from({ length: 4 }, () => plane.admin.training.train('refund-bot'))
    const settled = await Promise.allSettled(trying)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const viewer = plane.as('viewer')
    const { learning } = await import('@preceptor/learning')
    await expect(viewer.plugin(learning).training.train('refund-bot')).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    await expect(plane.admin.training.train('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const other = plane.as('admin', 'other').plugin(learning)
    expect((await other.training.list()).items).toEqual([])
  }, 120_000)
})

describe('automatic training', () => {
  it('begins once enough came and the last one is long enough ago, once for all processes [LEARN-2]', async () => {
    const plane = await open(refunds.server, { learning: { automatic: { after: 10 } } })
    await plane.teach(refunds.cases, 1)
    await plane.governor.jobs.run('learning-train-due', {})
    expect((await plane.admin.training.list()).items).toEqual([])
    await plane.teach(refunds.cases, 4)
    await Promise.all(Array.from({ length: 5 }, () => plane.governor.jobs.run('learning-train-due', {})))
    const { items } = await plane.admin.training.list()
    expect(items).toMatchObject([{ cause: 'automatic', actor: 'system:learning' }])
    await plane.work()
    // Enough came again, and 24 hours have not passed.
    await plane.teach(
      refunds.cases.map((one) => ({ ...one, task: `${one.task} Tell me more.` })),
      4,
    )
    await plane.governor.jobs.run('learning-train-due', {})
    expect((await plane.admin.training.list()).items).toHaveLength(1)
  }, 120_000)
})

describe('an experiment', () => {
  it('decides between two strategies by real runs, and stops as soon as it may [LEARN-4]', async () => {
    // Only what the strategy of research says leads to the correction; the other one changes words.
    const improve = refunds.rules.find(({ name }) => name === 'improve')
    if (improve === undefined) throw new Error('There is no such rule.')
    const worse: Rule = {
      ...improve,
      name: 'worse',
      when: (prompt) => improve.when(prompt) && !/source/i.test(prompt.system),
      answer: () => 'It depends.',
    }
    refunds.server.setRules([worse, ...refunds.rules])
    const plane = await open(refunds.server)
    await plane.teach(refunds.cases, 8)
    const started = await plane.admin.experiments.start({
      agentType: 'generic',
      subject: { kind: 'strategies', a: 'generic', b: 'research' },
    })
    expect(started).toMatchObject({ state: 'running', winner: null, runs: 0 })
    await plane.work()
    const ended = await plane.admin.experiments.get(started.id)
    expect(ended).toMatchObject({ state: 'decided', winner: 'b' })
    expect(ended.evidence).toBeGreaterThanOrEqual(20)
    expect(ended.runs).toBeLessThan(48)
    expect(ended.meanB).toBeGreaterThan(ended.meanA ?? 100)
  }, 120_000)

  it('compares versions of a playbook on held-out cases, and can be stopped [LEARN-4]', async () => {
    const plane = await open(refunds.server)
    await plane.teach(refunds.cases, 14)
    const { id } = await plane.admin.training.train('refund-bot')
    await plane.work()
    const { playbook } = await plane.admin.training.get(id)
    const subject = { kind: 'playbooks', playbook: playbook?.id ?? '', a: null, b: 1 } as const
    const started = await plane.admin.experiments.start({ agentType: 'generic', subject })
    await plane.work()
    expect(await plane.admin.experiments.get(started.id)).toMatchObject({ state: 'decided', winner: 'b' })
    const again = await plane.admin.experiments.start({ agentType: 'generic', subject })
    const stopped = await plane.admin.experiments.stop(again.id, 'not needed')
    expect(stopped).toMatchObject({ state: 'stopped', reason: 'not needed' })
    await plane.work()
    expect(await plane.admin.experiments.get(again.id)).toEqual(stopped)
    await expect(plane.admin.experiments.stop(again.id, 'again')).rejects.toMatchObject({ code: 'CONFLICT' })
  }, 120_000)

  it('is refused for what cannot be compared [LEARN-4]', async () => {
    const plane = await open(refunds.server)
    const refused = [
      [{ kind: 'strategies', a: 'generic', b: 'generic' }, 'INPUT_INVALID'],
      [{ kind: 'strategies', a: 'generic', b: 'poet' }, 'INPUT_INVALID'],
      [{ kind: 'strategies', a: 'generic', b: 'qa' }, 'CONFLICT'],
      [{ kind: 'playbooks', playbook: 'pbk_none', a: null, b: 1 }, 'NOT_FOUND'],
    ] as const
    for (const [subject, code] of refused) {
      const starting = plane.admin.experiments.start({ agentType: 'generic', subject })
      await expect(starting, JSON.stringify(subject)).rejects.toMatchObject({ code })
    }
  })
})
