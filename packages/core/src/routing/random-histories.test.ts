import { type Lifecycle, MATURITIES, type Maturity } from '@preceptor/client'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareMaturity, stepUp } from '../maturity/levels.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const OPERATIONS = ['pause', 'resume', 'stop', 'promote', 'demote', 'incident', 'attest', 'act', 'act', 'act'] as const
type Operation = (typeof OPERATIONS)[number]

const ACTIONS = ['order.read', 'note.write', 'refund.create', 'ledger.close'] as const
const RUNS = 25

let test: TestGovernor
let agents = 0

beforeAll(async () => {
  test = await createTestGovernor()
})
afterAll(() => test.close())

/** What an agent should be after a history, kept apart from the code that is tested. */
interface Model {
  lifecycle: Lifecycle
  maturity: Maturity
  transitions: number
}

async function tried(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}

async function apply(agent: string, operation: Operation, model: Model): Promise<void> {
  const { agents: operations } = test.admin
  const reason = 'history'
  switch (operation) {
    case 'pause':
      if (await tried(operations.pause(agent, reason))) model.lifecycle = 'paused'
      return
    case 'stop':
      if (await tried(operations.stop(agent, reason))) model.lifecycle = 'stopped'
      return
    case 'resume':
      if (await tried(operations.resume(agent, reason))) model.lifecycle = 'active'
      return
    case 'attest':
      await operations.attest(agent, reason)
      return
    case 'promote':
      if (await tried(operations.promote(agent, reason))) raise(model)
      return
    case 'demote':
      if (await tried(operations.demote(agent, 'student', reason))) lower(model, 'student')
      return
    case 'incident': {
      const after = await operations.recordIncident(agent, reason)
      if (model.maturity !== 'student') expect(compareMaturity(after.maturity, model.maturity)).toBeLessThan(0)
      if (after.maturity !== model.maturity) lower(model, after.maturity)
      return
    }
    default:
      await act(agent, model)
  }
}

function raise(model: Model): void {
  model.maturity = stepUp(model.maturity) ?? model.maturity
  model.transitions += 1
}

function lower(model: Model, to: Maturity): void {
  model.maturity = to
  model.transitions += 1
}

/** A safe action is left out: it may rest on facts that are up to a second old. */
async function act(agent: string, model: Model): Promise<void> {
  for (const action of ACTIONS.slice(1)) {
    let ran = false
    await test.agent(agent).guard({ agent, action, args: {} }, () => {
      ran = true
    })
    if (model.lifecycle !== 'active') expect(ran).toBe(false)
    if (model.maturity === 'student' || model.maturity === 'intern') expect(ran).toBe(false)
    if (action === 'ledger.close') expect(ran).toBe(false)
    if (model.lifecycle === 'active' && model.maturity === 'autonomous' && action !== 'ledger.close')
      expect(ran).toBe(true)
  }
}

describe('random histories of an agent', () => {
  it('never let it run while it is paused or stopped, nor rise but by a promotion of one step [AGENT-4, MAT-2, STATE-1]', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...MATURITIES),
        fc.array(fc.constantFrom(...OPERATIONS), { minLength: 3, maxLength: 10 }),
        async (maturity, history) => {
          agents += 1
          const agent = `history-${agents}`
          await test.register(agent, maturity)
          const model: Model = { lifecycle: 'active', maturity, transitions: 0 }
          for (const operation of history) await apply(agent, operation, model)
          const { lifecycle, maturity: reached, confidence } = await test.admin.agents.get(agent)
          expect({ lifecycle, maturity: reached }).toEqual({ lifecycle: model.lifecycle, maturity: model.maturity })
          const transitions = await test.admin.agents.transitions(agent, { limit: 100 })
          expect(transitions.items).toHaveLength(model.transitions)
          for (const { from, to } of transitions.items) {
            if (compareMaturity(to, from) > 0) expect(stepUp(from)).toBe(to)
          }
          const ledger = await test.admin.agents.confidence(agent, { limit: 100 })
          expect(ledger.items.reduce((sum, { applied }) => sum + applied, 0)).toBe(confidence)
        },
      ),
      { numRuns: RUNS },
    )
  }, 120_000)

  it('delegation never raises what an agent may do [I-10]', async () => {
    for (const maturity of MATURITIES) await test.register(maturity, maturity)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...MATURITIES),
        fc.subarray([...MATURITIES]),
        fc.constantFrom(...ACTIONS),
        async (agent, chain, action) => {
          const delegation = chain.filter((id) => id !== agent)
          const scope = test.agent(agent)
          const assessment = await scope.check({ agent, action, args: {}, delegation })
          const least = [agent, ...delegation].reduce((low, id) => (compareMaturity(id, low) < 0 ? id : low))
          expect(assessment.maturity).toBe(least)
          expect(assessment.route).toBe((await test.agent(least).check({ agent: least, action, args: {} })).route)
        },
      ),
      { numRuns: 40 },
    )
  }, 60_000)
})
