import type { JsonObject, JsonValue, Scenario } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { gradeAnswer } from './grade-answer.ts'
import type { OwnCall } from './own-scenario-store.ts'
import { ownScenarios } from './own-scenarios.ts'
import { parseScenarios } from './parse-scenario.ts'
import { useTraining } from './training.test.helper.ts'

const at = '2026-01-02T12:00:00.000Z'
// As a value only: an id or a time may hold the same digits by chance.
const HIDDEN = /:333\b|canary|Not this one/
let calls = 0

function call(given: Partial<OwnCall> & Pick<OwnCall, 'kind'>): OwnCall {
  calls += 1
  return {
    id: `prp_${calls}`,
    version: 2,
    action: 'refund.create',
    capability: 'refund',
    resource: null,
    context: { task: 'Refund order 7.' },
    args: { cents: 900, to: 'Clara' },
    argsHash: `hash-${calls}`,
    approved: given.kind === 'edited' ? { cents: 500, to: 'Clara' } : null,
    sensitive: [],
    schema: null,
    ...given,
  }
}

const only = (given: OwnCall): Scenario | undefined => ownScenarios({ gaps: ['refund'], calls: [given], beside: [] })[0]

async function score(scenario: Scenario | undefined, answer: JsonValue): Promise<number | string> {
  if (scenario === undefined) throw new Error('There is a scenario.')
  const grading = await gradeAnswer({ scenario, agent: 'pupil', answer, at, model: null })
  return grading.result === 'graded' ? grading.score : grading.result
}

describe('scenarios of the calls of an agent', () => {
  it('ask for what was approved in the place of an edited call [TRAIN-14]', async () => {
    const edited = call({ kind: 'edited' })
    const scenario = only(edited)
    expect(scenario).toMatchObject({ id: `own.${edited.id}`, version: 2, capability: 'refund', weight: 1 })
    expect(scenario?.input).toEqual({
      action: 'refund.create',
      resource: null,
      context: edited.context,
      args: edited.args,
    })
    expect(JSON.stringify({ ...scenario, grader: null })).not.toContain('500')
    expect(await score(scenario, { args: { cents: 500, to: 'Clara' } })).toBe(10_000)
    expect(await score(scenario, { args: { cents: 900, to: 'Clara' } })).toBe(0)
    expect(await score(scenario, { args: { cents: 500 } })).toBe(0)
    expect(await score(scenario, null)).toBe(0)
  })

  it('want left out what was taken away, at any depth [TRAIN-14]', async () => {
    const away = only(call({ kind: 'edited', args: { cents: 5, note: 'x' }, approved: { cents: 5 } }))
    expect(await score(away, { args: { cents: 5 } })).toBe(10_000)
    expect(await score(away, { args: { cents: 5, note: 'x' } })).toBe(0)
    expect(await score(away, {})).toBe(0)
    const lines = { lines: [{ to: 'a', cc: 'b' }] }
    const inside = only(call({ kind: 'edited', args: lines, approved: { lines: [{ to: 'a' }] } }))
    expect(await score(inside, { args: { lines: [{ to: 'a' }] } })).toBe(10_000)
    expect(await score(inside, { args: lines })).toBe(0)
  })

  it('want another call than the one that was rejected, or none [TRAIN-14]', async () => {
    const rejected = only(call({ kind: 'rejected' }))
    const again = { action: 'refund.create', args: { cents: 900, to: 'Clara' } }
    expect(await score(rejected, { call: again, say: 'Once more.' })).toBe(0)
    expect(await score(rejected, { call: null, say: 'I ask.' })).toBe(10_000)
    expect(await score(rejected, { call: { ...again, args: { cents: 1, to: 'Clara' } } })).toBe(10_000)
    expect(await score(rejected, { call: { ...again, action: 'note.write' } })).toBe(10_000)
    expect(await score(rejected, { say: 'I ask.' })).toBe(0)
    expect(await score(rejected, {})).toBe(0)
  })

  it('want of a blocked call what its schema demands, where its args can be made out [TRAIN-14]', async () => {
    const schema = { type: 'object', required: ['cents'], properties: { cents: { type: 'integer', maximum: 1_000 } } }
    const blocked = call({ kind: 'blocked', schema })
    const scenario = only(blocked)
    expect(scenario?.input).toEqual({ action: 'refund.create', resource: null, context: blocked.context, schema })
    expect(await score(scenario, { args: { cents: 900 } })).toBe(10_000)
    expect(await score(scenario, { args: { cents: 9_000 } })).toBe(0)
    expect(await score(scenario, {})).toBe(0)
    for (const without of [{ schema: null }, { context: null }, { sensitive: [['to']] }]) {
      expect(only(call({ kind: 'blocked', schema, ...without }))).toBeUndefined()
    }
  })

  it('hold nothing that is hidden, neither in the question nor in what is expected [TRAIN-14, I-33]', async () => {
    const args = { cents: 900, iban: 'canary-1', deep: { pin: 'canary-2', ok: 1 } }
    const hidden = { args, sensitive: [['iban'], ['deep', 'pin']] }
    const edited = only(call({ kind: 'edited', ...hidden, approved: { ...args, cents: 500, iban: 'canary-3' } }))
    expect(JSON.stringify(edited)).not.toContain('canary')
    expect(edited?.input.args).toEqual({ cents: 900, iban: '[redacted]', deep: { pin: '[redacted]', ok: 1 } })
    expect(await score(edited, { args: { cents: 500 } })).toBe(10_000)
    // What differs is hidden: there is nothing to ask.
    expect(only(call({ kind: 'edited', ...hidden, approved: { ...args, iban: 'canary-3' } }))).toBeUndefined()
    const rejected = only(call({ kind: 'rejected', ...hidden }))
    expect(JSON.stringify(rejected)).not.toContain('canary')
    expect(await score(rejected, { call: null })).toBe('waits')
  })

  it('are at most two for a gap, edited ones first, the same call once, the same for the same calls [TRAIN-14]', () => {
    const given = [
      call({ kind: 'blocked', schema: {} }),
      call({ kind: 'rejected', id: 'r1', argsHash: 'one' }),
      call({ kind: 'rejected', id: 'r2', argsHash: 'one' }),
      call({ kind: 'rejected', id: 'r3' }),
      call({ kind: 'edited', id: 'e1' }),
      call({ kind: 'edited', id: 'n1', capability: 'note' }),
      call({ kind: 'edited', id: 'x1', capability: 'other' }),
    ]
    const ids = (gaps: readonly string[]) => ownScenarios({ gaps, calls: given, beside: [] }).map(({ id }) => id)
    expect(ids(['refund', 'note'])).toEqual(['own.e1', 'own.r1', 'own.n1'])
    expect(ids(['note', 'refund'])).toEqual(['own.n1', 'own.e1', 'own.r1'])
    expect(ids([])).toEqual([])
    const choice = { gaps: ['refund'], calls: given, beside: [] }
    expect(ownScenarios(choice)).toEqual(ownScenarios(choice))
    expect(only(call({ kind: 'rejected', args: { text: 'x'.repeat(40_000) } }))).toBeUndefined()
  })

  it('weigh at most a fifth of their gap, so that the others alone suffice to pass [TRAIN-14]', () => {
    const other = only(call({ kind: 'rejected' }))
    if (other === undefined) throw new Error('There is a scenario.')
    const made = [call({ kind: 'edited' }), call({ kind: 'rejected' })]
    for (const weights of [[1], [1, 3], [10, 10]]) {
      const beside = weights.map((weight) => ({ ...other, weight }))
      const own = ownScenarios({ gaps: ['refund'], calls: made, beside })
      const sum = (all: readonly Scenario[]) => all.reduce((total, { weight }) => total + weight, 0)
      expect(sum(own) / (sum(own) + sum(beside))).toBeLessThanOrEqual(0.2)
      expect(() => parseScenarios(own.map((one) => ({ ...one, id: one.id.slice(4) })))).not.toThrow()
    }
  })

  it('have ids that no other scenario has [TRAIN-14]', () => {
    const scenario = { ...only(call({ kind: 'edited' })) }
    expect(() => parseScenarios([scenario])).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
    expect(() => parseScenarios([{ ...scenario, id: 'owner.x' }])).not.toThrow()
  })
})

describe('a session of an agent with a past', () => {
  const schema = z.object({ cents: z.int().max(1_000), iban: z.string().meta({ writeOnly: true }).optional() })
  const training = useTraining(() => ({
    actions: { 'refund.create': { risk: 'high', args: schema }, 'note.write': { risk: 'medium' } },
  }))

  it('has what people made of its calls, and tells the agent no answer [TRAIN-14, TRAIN-2]', async () => {
    const { admin, user, governor } = training.test
    const seen: JsonObject[] = []
    const agent = 'demoted'
    await admin.agents.register({ id: agent, maturity: 'intern', ownerId: 'olga' })
    const own = governor.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
    const ask = async (key: string, args: JsonObject) => {
      const context = { order: key }
      const decision = await own.decide({ agent, action: 'refund.create', args, context, idempotencyKey: key })
      if (decision.route !== 'proposal') throw new Error(decision.reason)
      return admin.proposals.get(decision.proposal.id)
    }
    const ana = user('ana', 'supervisor')
    const edited = await ask('edited', { cents: 900, iban: 'canary-5' })
    const { version, actionHash } = edited
    await ana.proposals.approve(edited.id, { version, actionHash, args: { cents: 333, iban: '[redacted]' } })
    const rejected = await ask('rejected', { cents: 77 })
    const why = { category: 'other', reason: 'Not this one.' } as const
    await ana.proposals.reject(rejected.id, { version: 1, actionHash: rejected.actionHash, ...why })
    await ask('pending', { cents: 5 })
    await admin.agents.demote(agent, 'student', 'a test')
    const blocked = await own.decide({ agent, action: 'refund.create', args: { cents: 8 }, idempotencyKey: 'b' })
    if (blocked.route !== 'training') throw new Error(blocked.reason)
    governor.registerTrainee({ agent }, ({ scenario, input, task, signal: _, ...rest }) => {
      seen.push({ scenario, input, task, ...rest })
      return scenario === `own.${edited.id}` ? { args: { cents: 333 } } : { call: null, decision: 'ask', cents: 350 }
    })
    const { sessionId } = await ana.trainingProposals.approve(blocked.trainingProposal.id)
    expect(await training.run()).toBe(1)
    const session = await ana.trainingSessions.get(sessionId ?? '')
    expect(session).toMatchObject({ state: 'completed', score: 1 })
    const ids = ['refund.limit', 'refund.sum', `own.${edited.id}`, `own.${rejected.id}`]
    expect(session.scenarios.map(({ scenario }) => scenario)).toEqual(ids)
    expect(session.scenarios[2]).toMatchObject({
      version: 2,
      grader: { kind: 'exact', expected: { args: { cents: 333 } } },
    })
    expect(seen[2]?.input).toMatchObject({ args: { cents: 900, iban: '[redacted]' }, context: { order: 'edited' } })
    expect(JSON.stringify(seen)).not.toMatch(HIDDEN)
    const told = JSON.stringify(
      (await own.trainingSessions.get(session.id)).scenarios.map(({ answer: _, ...run }) => run),
    )
    expect(told).not.toMatch(HIDDEN)
    const viewed = (await user('vic', 'viewer').trainingSessions.get(session.id)).scenarios[2]
    expect(viewed?.input).toMatchObject({ args: '[redacted]', context: '[redacted]' })
  })

  it('has none of another agent, nor of another workspace [TRAIN-14, I-34]', async () => {
    const { proposal, approve } = await training.block()
    expect(proposal.gaps).toEqual(['refund'])
    const { scenarios } = await approve().then(({ id }) => training.test.admin.trainingSessions.get(id))
    expect(scenarios.map(({ scenario }) => scenario)).toEqual(['refund.limit', 'refund.sum'])
    const elsewhere = await training.block({ workspace: 'bands' })
    const bands = training.test.governor.as({
      workspace: 'bands',
      principal: { kind: 'user', id: 'root', roles: ['admin'] },
    })
    const { sessionId } = await bands.trainingProposals.approve(elsewhere.proposal.id)
    const other = await bands.trainingSessions.get(sessionId ?? '')
    expect(other.scenarios.map(({ scenario }) => scenario)).toEqual(['refund.limit', 'refund.sum'])
  })
})
