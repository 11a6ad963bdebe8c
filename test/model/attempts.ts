import fc from 'fast-check'
import { command, type ModelCommand, picked } from './command.ts'
import { agentScope, numberOf, triggerOf } from './lane.ts'
import { asAgent, expectSame, type Sequence } from './sequence.ts'
import {
  GUARD_LEASE,
  MODEL_ACTIONS,
  type Model,
  type ModelAction,
  type ModelProposal,
  matching,
  propose,
  REPORT_WITHIN,
  redeem,
} from './state.ts'

const MOST_PROPOSALS = 4
const ENDS = [
  'succeeds',
  'succeeds',
  'succeeds',
  'succeeds',
  'fails before',
  'fails after',
  'is given back',
  'crashes',
] as const
type End = (typeof ENDS)[number]

const actions = fc.constantFrom(...(Object.keys(MODEL_ACTIONS) as ModelAction[]))
const numbers = fc.integer({ min: 1, max: 2 })
const hasRoom = ({ proposals }: Model): boolean => proposals.length < MOST_PROPOSALS

class GivenBack extends Error {}

/** A new attempt of the agent, under a guard, with a claim, or to be run by a worker. */
export const proposing: fc.Arbitrary<ModelCommand> = fc
  .record({ action: actions, args: numbers, how: fc.constantFrom('guard', 'claim', 'decide', 'decide') })
  .map((input) =>
    command('propose', input, hasRoom, async (model, real) => {
      const { action, args, how } = input
      model.keys += 1
      const key = `key-${model.keys}`
      const trigger = { ...triggerOf(real.agent, action, args), idempotencyKey: key }
      const scope = asAgent(real)
      if (how === 'guard') await scope.guard(trigger, () => expectSame('What ran', 'without an approval', ''))
      else await scope.decide(trigger, { claim: how === 'claim' })
      propose(model, { key, action, args, isAwaited: how !== 'decide' })
    }),
  )

interface Attempt {
  readonly way: 'key' | 'permit' | 'stranger'
  readonly args: 'requested' | 'present' | 'other'
  readonly isFixed: boolean
  readonly end: End
}

/** The agent comes back for what it asked for, or another one comes for it. */
export const attempting: fc.Arbitrary<ModelCommand> = picked(
  {
    way: fc.constantFrom('key', 'key', 'key', 'permit', 'permit', 'permit', 'stranger'),
    args: fc.constantFrom('requested', 'requested', 'requested', 'requested', 'present', 'other'),
    isFixed: fc.boolean(),
    end: fc.constantFrom(...ENDS),
  },
  (input, pick) =>
    command(
      'attempt',
      input,
      ({ proposals }) => proposals.length > 0,
      async (model, real) => {
        const proposal = pick(model)
        const args = { requested: proposal.requested, present: proposal.args, other: 99 }[input.args]
        const mayRun = input.way !== 'stranger' && redeem(model, proposal, { args, isFixed: input.isFixed })
        await guard(model, real, { proposal, input, args, mayRun })
      },
    ),
  'approved',
)

/** An attempt with another key, which runs under whatever was approved of its args, or asks anew. */
export const matchingAny: fc.Arbitrary<ModelCommand> = fc
  .record({ action: actions, args: numbers, end: fc.constantFrom(...ENDS) })
  .map((input) =>
    command('match', input, hasRoom, async (model, real) => {
      model.keys += 1
      const key = `key-${model.keys}`
      const { action, args, end } = input
      const found = matching(model, action, args)
      const mayRun = found !== undefined && redeem(model, found, { args, isFixed: false })
      if (found === undefined) propose(model, { key, action, args, isAwaited: true })
      const trigger = { ...triggerOf(real.agent, action, args), idempotencyKey: key, permit: 'matching' }
      const ran = await perform(real, { scope: asAgent(real), trigger, end })
      expectSame('Whether it ran', ran, mayRun && end !== 'crashes')
      if (found !== undefined && mayRun) settle(model, found, end)
    }),
  )

async function guard(
  model: Model,
  real: Sequence,
  attempt: {
    readonly proposal: ModelProposal
    readonly input: Attempt
    readonly args: number
    readonly mayRun: boolean
  },
): Promise<void> {
  const { proposal, input, args, mayRun } = attempt
  const { way, end, isFixed } = input
  const id = real.seen.get(proposal.key)?.at(-1)?.id ?? ''
  const agent = way === 'stranger' ? 'stranger' : real.agent
  const named = way === 'key' ? { idempotencyKey: proposal.key } : { permit: id }
  const trigger = { ...triggerOf(agent, proposal.action, args), ...named, ...(isFixed ? { fixedArgs: true } : {}) }
  const scope = way === 'stranger' ? agentScope(real.lane, real.turn, agent) : asAgent(real)
  const ran = await perform(real, { scope, trigger, end })
  expectSame('Whether it ran', ran, mayRun && end !== 'crashes')
  if (mayRun) settle(model, proposal, end)
}

/** Runs an attempt under the guard, to an end of its kind; says whether the action was called. */
async function perform(
  { lane }: Sequence,
  attempt: {
    readonly scope: ReturnType<typeof asAgent>
    readonly trigger: Parameters<ReturnType<typeof asAgent>['guard']>[0]
    readonly end: End
  },
): Promise<boolean> {
  const { scope, trigger, end } = attempt
  let ran = false
  lane.crashes = end === 'crashes'
  const work = scope.guard(
    trigger,
    async ({ args, decision, idempotencyKey }) => {
      ran = true
      if (end === 'is given back') throw new GivenBack('Not now.')
      if (end === 'fails before') throw new Error('It was declined.')
      await lane.act({ agent: trigger.agent, key: idempotencyKey, args: numberOf(args), decision: decision.id })
      if (end === 'fails after') throw new Error('It broke after it had acted.')
      return null
    },
    { isControlFlow: (error) => error instanceof GivenBack },
  )
  await work.catch((error: unknown) => {
    if (!ran) throw error
  })
  lane.crashes = false
  return ran
}

function settle(model: Model, proposal: ModelProposal, end: End): void {
  if (end === 'succeeds' || end === 'fails after') proposal.effects += 1
  if (end === 'succeeds') proposal.state = 'succeeded'
  else if (end === 'is given back') proposal.state = 'approved'
  else if (end === 'crashes') proposal.claim = { lapsesAt: model.now + GUARD_LEASE, decision: null, acted: false }
  else proposal.state = 'failed'
}

/** A host that claims with its decision; it may act at once and never say so. */
export const claiming: fc.Arbitrary<ModelCommand> = picked(
  { acts: fc.boolean() },
  ({ acts, ...input }, pick) =>
    command(
      'claim',
      { acts, ...input },
      ({ proposals }) => proposals.length > 0,
      async (model, real) => {
        const proposal = pick(model)
        const { action, key, requested } = proposal
        const mayRun = redeem(model, proposal, { args: requested, isFixed: true })
        const trigger = { ...triggerOf(real.agent, action, requested), idempotencyKey: key }
        const decision = await asAgent(real).decide(trigger, { claim: true })
        expectSame('The route of a claim', decision.route === 'execution', mayRun)
        if (!mayRun) return
        proposal.claim = { lapsesAt: model.now + REPORT_WITHIN, decision: decision.id, acted: false }
        proposal.lastClaim = decision.id
        if (acts) await act(real, proposal)
      },
    ),
  'approved',
)

async function act(real: Sequence, proposal: ModelProposal): Promise<void> {
  const { claim, key, args } = proposal
  if (claim === null || claim.acted || claim.decision === null) return
  claim.acted = true
  proposal.effects += 1
  await real.lane.act({ agent: real.agent, key, args, decision: claim.decision })
}

/** Whoever claimed says what came of it, in time or too late. */
export const reporting: fc.Arbitrary<ModelCommand> = picked(
  { isGood: fc.boolean() },
  (input, pick) =>
    command(
      'report',
      input,
      (model) => model.proposals.length > 0 && pick(model).lastClaim !== null,
      async (model, real) => {
        const proposal = pick(model)
        const { claim, lastClaim } = proposal
        if (lastClaim === null) return
        const isMine = proposal.state === 'executing' && claim?.decision === lastClaim
        if (isMine && input.isGood) await act(real, proposal)
        const outcome = input.isGood
          ? ({ status: 'succeeded', value: null, stored: true } as const)
          : ({ status: 'failed', message: 'It was declined.' } as const)
        const isTaken = await asAgent(real)
          .report(lastClaim, outcome)
          .then(
            () => true,
            () => false,
          )
        expectSame('Whether a report is taken', isTaken, isMine)
        if (!isMine) return
        proposal.claim = null
        proposal.state = input.isGood ? 'succeeded' : 'failed'
      },
    ),
  'executing',
)

/** A worker runs what was approved and that nobody comes back for. */
export const runningRegistered: fc.Arbitrary<ModelCommand> = fc.constant(null).map(() =>
  command(
    'run registered',
    {},
    ({ proposals }) => proposals.length > 0,
    async (model, { lane, turn }) => {
      await lane.governors[turn % 2 === 0 ? 0 : 1].jobs.runApproved(10)
      for (const proposal of model.proposals) {
        if (proposal.executor !== 'registered' || proposal.state !== 'approved') continue
        if (redeem(model, proposal, { args: proposal.args, isFixed: false })) settle(model, proposal, 'succeeds')
      }
    },
  ),
)
