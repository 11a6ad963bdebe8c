import {
  type ControlPlane,
  type ControlScope,
  connectGovernor,
  type JournalEntry,
  type Scenario,
  type ScenarioQuestion,
} from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { type Served, serve } from './serve.ts'

const CONFLICT = { code: 'CONFLICT' }
const DENIED = { code: 'PERMISSION_DENIED' }
const INVALID = { code: 'INPUT_INVALID' }

const shared = { version: 1, topic: 'amounts', capability: 'refund', task: 'Add up: {"cents": <number>}.', weight: 1 }
const SCENARIOS: readonly Scenario[] = [100, 200].map((cents) => ({
  ...{ ...shared, id: `refund.sum-${cents}`, input: { items: [cents, 250] } },
  grader: { kind: 'numeric', at: '/cents', expected: cents + 250, tolerance: 0 },
}))

let test: TestGovernor
let served: Served
const planes: ControlPlane[] = []
let sue: ControlScope
let ada: ControlScope

beforeAll(async () => {
  test = await createTestGovernor({ settings: { deadlineMs: 10_000 } })
  served = await serve(test.governor)
  for (const [id, role] of [['sue', 'supervisor'] as const, ['ada', 'admin'] as const]) {
    await test.admin.members.put(id, { displayName: id, roles: [role] })
  }
  const person = { principalKind: 'user', displayName: 'x' } as const
  sue = await connect(await keyOf({ ...person, principalId: 'sue', roles: ['supervisor'] }))
  ada = await connect(await keyOf({ ...person, principalId: 'ada', roles: ['admin'] }))
  expect(await ada.scenarios.import(SCENARIOS)).toEqual({ imported: 2 })
}, 60_000)
afterAll(async () => {
  for (const plane of planes) await plane.close()
  await served.close()
  await test.close()
})

async function keyOf(request: Parameters<ControlScope['keys']['create']>[0]): Promise<string> {
  return (await test.admin.keys.create(request)).secret
}

async function connect(token: string): Promise<ControlScope> {
  const plane = connectGovernor({ url: served.url, token, deadlineMs: 10_000 })
  planes.push(plane)
  return plane.as(await plane.authenticate(token))
}

/** A student with a credential of its own that was blocked, `times` times. */
async function blocked(id: string, times = 1) {
  await test.admin.agents.register({ id, ownerId: 'olga' })
  const own = await connect(await keyOf({ displayName: id, principalKind: 'agent', principalId: id }))
  let course = ''
  for (let count = 0; count < times; count += 1) {
    const decision = await own.decide({ agent: id, action: 'refund.create', args: { cents: 5 } })
    if (decision.route !== 'training') throw new Error(decision.reason)
    course = decision.trainingProposal.id
  }
  return { id, own, course }
}

const answerTo = ({ input }: Pick<ScenarioQuestion, 'input'>) => {
  const items = input.items as readonly number[]
  return { cents: items.reduce((sum, one) => sum + one, 0) }
}

describe('training over HTTP', () => {
  it(verifies('TRAINEE-4', 'lists what was blocked, by agent, course and state, and page by page'), async () => {
    const { id, course, own } = await blocked('lister', 3)
    const { blockedTriggers } = sue
    const first = await blockedTriggers.list({ agent: id, limit: 2 })
    const rest = await blockedTriggers.list({ agent: id, limit: 2, cursor: first.next ?? '' })
    expect([first.items.length, rest.items.length, rest.next]).toEqual([2, 1, null])
    const ids = [...first.items, ...rest.items].map((one) => one.id)
    expect(new Set(ids).size).toBe(3)
    const idsOf = async (query: object) => (await blockedTriggers.list(query)).items.map((one) => one.id)
    expect(await idsOf({ proposal: course })).toEqual(ids)
    expect(await idsOf({ agent: id, state: 'open' })).toEqual(ids)
    expect(await idsOf({ agent: id, state: 'active' })).toEqual(ids)
    for (const state of ['offered', 'resolved']) expect(await idsOf({ agent: id, state })).toEqual([])
    expect(await own.blockedTriggers.get(ids[0] ?? '')).toMatchObject({ agent: id, trainingProposalId: course })
    expect(await sue.trainingProposals.get(course)).toMatchObject({ repeats: 3, state: 'proposed', gaps: ['refund'] })
    expect((await sue.trainingProposals.list({ agent: id, state: 'proposed' })).items).toMatchObject([{ id: course }])
    const other = (await blocked('other')).own
    await expect(other.blockedTriggers.get(ids[0] ?? '')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await other.blockedTriggers.list({})).items.map(({ agent }) => agent)).toEqual(['other'])
  })

  it(
    verifies(['TRAINEE-4', 'TRAIN-3'], 'approves a course once, with hours of a person, or rejects it once'),
    async () => {
      const { course, own } = await blocked('approved')
      const { trainingProposals } = sue
      for (const wrong of [{ durationHours: 0 }, { durationHours: 401 }, { hoursPerDay: 25 }]) {
        await expect(trainingProposals.approve(course, wrong)).rejects.toMatchObject(INVALID)
      }
      await expect(own.trainingProposals.approve(course)).rejects.toMatchObject(DENIED)
      const approved = await trainingProposals.approve(course, { durationHours: 20, hoursPerDay: 6 })
      expect(approved).toMatchObject({ state: 'approved', decidedBy: 'user:sue' })
      const session = await sue.trainingSessions.get(approved.sessionId ?? '')
      expect(session).toMatchObject({ state: 'scheduled', durationHours: 20, hoursPerDay: 6, progress: { of: 2 } })
      expect(Date.parse(session.endsAt) - Date.parse(session.startsAt)).toBe(4 * 86_400_000)
      await expect(trainingProposals.approve(course)).rejects.toMatchObject(CONFLICT)
      await expect(trainingProposals.reject(course, 'too late')).rejects.toMatchObject(CONFLICT)
      const other = await blocked('rejected')
      await expect(trainingProposals.reject(other.course, ' ')).rejects.toMatchObject(INVALID)
      const rejected = await trainingProposals.reject(other.course, 'Not worth it.')
      expect(rejected).toMatchObject({ state: 'rejected', reason: 'Not worth it.', sessionId: null })
      await expect(trainingProposals.approve(other.course)).rejects.toMatchObject(CONFLICT)
    },
  )

  it(
    verifies(['TRAINEE-4', 'TRAIN-11'], 'imports scenarios by version, and refuses what cannot be graded'),
    async () => {
      const sum = {
        ...shared,
        id: 'ledger.sum',
        capability: 'ledger',
        input: {},
        grader: { kind: 'exact', expected: 3 },
      }
      expect(await ada.scenarios.import([sum as Scenario])).toEqual({ imported: 1 })
      expect(await ada.scenarios.import([sum as Scenario])).toEqual({ imported: 0 })
      await expect(ada.scenarios.import([{ ...sum, weight: 2 } as Scenario])).rejects.toMatchObject(CONFLICT)
      await expect(sue.scenarios.import([sum as Scenario])).rejects.toMatchObject(DENIED)
      const broken = { ...sum, version: 2, grader: { kind: 'cel', condition: 'args.answer ==' } }
      await expect(ada.scenarios.import([broken as Scenario])).rejects.toMatchObject({ code: 'CONDITION_INVALID' })
      const { items } = await sue.scenarios.list({ limit: 100 })
      expect(items.find(({ id }) => id === 'ledger.sum')).toEqual(sum)
    },
  )

  it(
    verifies(['TRAINEE-4', 'TRAIN-5', 'TRAIN-6'], 'completes a session once, by a score of a person with a reason'),
    async () => {
      const { course, own, id: agent } = await blocked('typed')
      const { sessionId } = await sue.trainingProposals.approve(course)
      const id = sessionId ?? ''
      await sue.trainingSessions.start(id)
      const score = { score: 0.9, reason: 'I watched it for a day.' }
      const scopes = ['training_sessions.get', 'training_sessions.answer']
      const service = {
        principalKind: 'service',
        principalId: 'host',
        displayName: 'host',
        agents: [agent],
        scopes,
      } as const
      const olga = { principalKind: 'user', principalId: 'olga', displayName: 'Olga', roles: ['admin'] } as const
      await test.admin.members.put('olga', { displayName: 'Olga', roles: ['admin'] })
      for (const scope of [own, await connect(await keyOf(service)), await connect(await keyOf(olga))]) {
        await expect(scope.trainingSessions.complete(id, score)).rejects.toMatchObject(DENIED)
      }
      await expect(sue.trainingSessions.complete(id, { score: 0.9, reason: '' })).rejects.toMatchObject(INVALID)
      await expect(sue.trainingSessions.complete(id, { score: 1.1, reason: 'x' })).rejects.toMatchObject(INVALID)
      await expect(sue.trainingSessions.complete(id)).rejects.toMatchObject(CONFLICT)
      const typed = { state: 'completed', typed: true, score: 0.9, scoredBy: ['user:sue'], endReason: score.reason }
      expect(await sue.trainingSessions.complete(id, score)).toMatchObject(typed)
      for (const again of [undefined, score, { score: 0.1, reason: 'again' }]) {
        await expect(sue.trainingSessions.complete(id, again)).rejects.toMatchObject(CONFLICT)
      }
      await expect(sue.trainingSessions.start(id)).rejects.toMatchObject(CONFLICT)
      await expect(sue.trainingSessions.cancel(id, 'no')).rejects.toMatchObject(CONFLICT)
      expect(await own.trainingSessions.get(id)).toMatchObject(typed)
      const { items } = await sue.agents.confidence(agent)
      expect(items.filter(({ kind }) => kind === 'training')).toHaveLength(1)
    },
  )

  it(
    verifies(['TRAINEE-4', 'I-21'], 'shows how far a session is while it runs, and its end, to who follows the events'),
    async () => {
      const { course, id: agent, own } = await blocked('followed')
      let goOn: () => void = () => undefined
      const waits = new Promise<void>((resolve) => {
        goOn = resolve
      })
      const asked: string[] = []
      test.governor.registerTrainee({ agent }, async (question) => {
        asked.push(question.scenario)
        if (asked.length === 2) await waits
        return answerTo(question)
      })
      const controller = new AbortController()
      const seen: JournalEntry[] = []
      const subscription = await sue.events.subscribe({ signal: controller.signal })
      const reading = (async () => {
        for await (const event of subscription) seen.push(event)
      })()
      const { sessionId } = await sue.trainingProposals.approve(course)
      const running = test.governor.jobs.runTraining(4)
      const ofSession = () => seen.filter(({ subjectId }) => subjectId === sessionId)
      await vi.waitFor(() => expect([asked.length, ofSession().length]).toEqual([2, 4]), { timeout: 10_000 })
      // The second question is not answered yet.
      expect(ofSession().map(({ kind, body: { answered, graded, of } }) => [kind, answered, graded, of])).toEqual([
        ['training_session.scheduled', undefined, undefined, undefined],
        ['training_session.started', undefined, undefined, undefined],
        ['training_session.progressed', 1, 0, 2],
        ['training_session.progressed', 1, 1, 2],
      ])
      expect(await sue.trainingSessions.get(sessionId ?? '')).toMatchObject({ state: 'in_progress', score: null })
      goOn()
      await running
      await vi.waitFor(() => expect(ofSession()).toHaveLength(7), { timeout: 10_000 })
      expect(ofSession().at(-1)).toMatchObject({
        kind: 'training_session.completed',
        body: { score: 10_000, from: 'student', to: 'intern', developed: ['refund'], offered: 1 },
      })
      controller.abort()
      await reading
      expect((await own.agents.trainingHistory(agent)).items).toMatchObject([{ id: sessionId, score: 1 }])
    },
  )
})
