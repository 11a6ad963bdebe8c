import type { ErrorCode } from '@preceptor/client'
import fc from 'fast-check'
import { command, type ModelCommand, picked } from './command.ts'
import { argsOf } from './lane.ts'
import { asAdmin, asAgent, asPerson, codeOf, compare, expectSame, pass, type Sequence, shownOf } from './sequence.ts'
import {
  approve,
  endByReview,
  expire,
  HOUR,
  MINUTE,
  type Model,
  POLICIES,
  type PolicyName,
  resolve,
  type Shown,
  settleLost,
} from './state.ts'

const people = fc.constantFrom('ana', 'ben', 'ana', 'ben', 'cleo', 'vic', 'agent')
const shown = fc.constantFrom<Shown>('present', 'present', 'present', 'present', 'an old version', 'another hash')
const hasSome = ({ proposals }: Readonly<Model>): boolean => proposals.length > 0
const reviewer = (real: Sequence, person: string): ReturnType<typeof asPerson> =>
  person === 'agent' ? asAgent(real) : asPerson(real, person)

/** Somebody approves, now and then with other args, what may have changed since it was shown. */
export const approving: fc.Arbitrary<ModelCommand> = picked(
  { person: people, shown, args: fc.constantFrom(null, null, null, 1, 12) },
  (input, pick) =>
    command('approve', input, hasSome, async (model, real) => {
      const proposal = pick(model)
      const { id, ...version } = shownOf(real, proposal, input.shown)
      const wanted = approve(model, proposal, input)
      const approval = input.args === null ? version : { ...version, args: argsOf(input.args) }
      const found = await codeOf(reviewer(real, input.person).proposals.approve(id, approval))
      expectSame('The answer to an approval', found, wanted)
    }),
  'pending',
)

/** People who may approve what is there, as many as it needs: or sequences would seldom come to a run. */
export const approvingWell: fc.Arbitrary<ModelCommand> = picked(
  {},
  ({ which }, pick) =>
    command('approve fully', { which }, hasSome, async (model, real) => {
      const proposal = pick(model)
      for (const person of ['cleo', 'ana', 'ben']) {
        if (proposal.state !== 'pending') return
        const { id, ...version } = shownOf(real, proposal, 'present')
        const wanted = approve(model, proposal, { person, shown: 'present', args: null })
        const found = await codeOf(asPerson(real, person).proposals.approve(id, version))
        expectSame('The answer to an approval', found, wanted)
        // The next one is shown what this one left.
        await compare(model, real)
      }
    }),
  'pending',
)

/** Somebody rejects, or answers in the place of the action. */
export const ending: fc.Arbitrary<ModelCommand> = picked(
  { person: people, shown, to: fc.constantFrom('rejected' as const, 'responded' as const) },
  (input, pick) =>
    command('end', input, hasSome, async (model, real) => {
      const proposal = pick(model)
      const { id, ...version } = shownOf(real, proposal, input.shown)
      const wanted = endByReview(model, proposal, input)
      const { proposals } = reviewer(real, input.person)
      const work =
        input.to === 'rejected'
          ? proposals.reject(id, { ...version, category: 'other', reason: 'No.' })
          : proposals.respond(id, { ...version, response: 'It is done.' })
      expectSame('The answer to an end', await codeOf(work), wanted)
    }),
  'pending',
)

/** The agent, or a person, takes it back. */
export const cancelling: fc.Arbitrary<ModelCommand> = picked(
  { by: fc.constantFrom('agent', 'ana', 'vic') },
  (input, pick) =>
    command('cancel', input, hasSome, async (model, real) => {
      const proposal = pick(model)
      const { id } = shownOf(real, proposal, 'present')
      const isOpen = proposal.state === 'pending' || proposal.state === 'approved'
      const wanted: ErrorCode | null = input.by === 'vic' ? 'PERMISSION_DENIED' : isOpen ? null : 'PROPOSAL_DECIDED'
      expectSame(
        'The answer to a cancellation',
        await codeOf(reviewer(real, input.by).proposals.cancel(id, 'Over.')),
        wanted,
      )
      if (wanted === null) proposal.state = 'cancelled'
    }),
)

/** Somebody finds out what came of a run. */
export const resolving: fc.Arbitrary<ModelCommand> = picked(
  { by: fc.constantFrom('ana', 'ben', 'agent'), outcome: fc.constantFrom('succeeded' as const, 'failed' as const) },
  (input, pick) =>
    command('resolve', input, hasSome, async (model, real) => {
      const proposal = pick(model)
      const { id } = shownOf(real, proposal, 'present')
      const wanted = resolve(model, proposal, { person: input.by, outcome: input.outcome })
      const resolution = { outcome: input.outcome, reason: 'Looked it up.' }
      expectSame(
        'The answer to a resolution',
        await codeOf(reviewer(real, input.by).proposals.resolve(id, resolution)),
        wanted,
      )
    }),
  'outcome_unknown',
)

/** Time passes. */
export const passing: fc.Arbitrary<ModelCommand> = fc
  .constantFrom(MINUTE, MINUTE, 11 * MINUTE, 11 * MINUTE, 13 * HOUR)
  .map((milliseconds) =>
    command('pass', { milliseconds }, hasSome, async (model, real) => pass(model, real, milliseconds)),
  )

/** The jobs look for what is due. */
export const working: fc.Arbitrary<ModelCommand> = fc
  .constantFrom('expire-proposals' as const, 'settle-lost-executions' as const)
  .map((job) =>
    command('job', { job }, hasSome, async (model, { lane, turn }) => {
      await lane.governors[turn % 2 === 0 ? 0 : 1].jobs.run(job, { workspace: lane.workspace })
      if (job === 'expire-proposals') expire(model)
      else settleLost(model)
    }),
  )

type Containment = 'demote' | 'pause' | 'stop'

/** What happens to the agent: less trust, a pause, a stop, or the end of it. */
export const containing: fc.Arbitrary<ModelCommand> = fc
  .constantFrom<Containment>('demote', 'pause', 'stop')
  .map((kind) => command('contain', { kind }, hasSome, (model, real) => toggle(model, real, kind)))

/** Everything that holds the agent back is over. */
export const restoring: fc.Arbitrary<ModelCommand> = fc.constant(null).map(() =>
  command('restore', {}, hasSome, async (model, real) => {
    if (model.isStopped) await toggle(model, real, 'stop')
    if (model.isPaused) await toggle(model, real, 'pause')
    if (model.isStudent) await toggle(model, real, 'demote')
  }),
)

async function toggle(model: Model, real: Sequence, kind: Containment): Promise<void> {
  const { agents, stops } = asAdmin(real)
  const { agent } = real
  if (kind === 'stop') {
    if (model.isStopped) for (const id of await stopsOf(real)) await stops.lift(id, 'Go on.')
    else await stops.set({ target: 'agent', agent, reason: 'Halt.' })
    model.isStopped = !model.isStopped
  } else if (kind === 'pause') {
    await agents[model.isPaused ? 'resume' : 'pause'](agent, 'A moment.')
    model.isPaused = !model.isPaused
    model.epoch += 1
  } else if (model.isStudent) {
    await agents.promote(agent, 'Trusted again.')
    model.isStudent = false
  } else {
    await agents.demote(agent, 'student', 'Trusted less.')
    model.isStudent = true
    model.epoch += 1
  }
}

async function stopsOf(real: Sequence): Promise<readonly string[]> {
  const { items } = await asAdmin(real).stops.list({ limit: 50 })
  return items.flatMap(({ id, agent, liftedAt }) => (agent === real.agent && liftedAt === null ? [id] : []))
}

/** What happens to the people: the agent changes hands, a reviewer loses the role or gets it back. */
export const shifting: fc.Arbitrary<ModelCommand> = fc.constantFrom('ana', 'ben', 'system', 'membership').map((what) =>
  command('shift', { what }, hasSome, async (model, real) => {
    if (what !== 'membership') {
      await asAdmin(real, 'chief').agents.change(real.agent, { ownerId: what })
      if (model.owner !== what) model.hands.add(model.owner)
      model.owner = what
      return
    }
    const isLost = model.lostMembers.has('ben')
    await asAdmin(real).members.put('ben', { displayName: 'Ben', roles: [isLost ? 'supervisor' : 'viewer'] })
    if (isLost) model.lostMembers.delete('ben')
    else model.lostMembers.add('ben')
  }),
)

/** Other rules come into force. */
export const ruling: fc.Arbitrary<ModelCommand> = fc
  .constantFrom(...(Object.keys(POLICIES) as PolicyName[]))
  .map((policy) =>
    command('rule', { policy }, hasSome, async (model, { lane }) => {
      await lane.putPolicy(policy)
      model.policy = policy
      model.policyVersion = lane.policyVersion
    }),
  )
