import { createTestClock } from '@preceptor/core/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Collaboration } from '../../client/collaboration.ts'
import type { CollaborationParts } from '../../client/collaboration-parts.ts'
import type { ConsensusDetail, ConsensusRule, VoteRequest } from '../../client/consensus.ts'
import {
  begin,
  type CollaborationGovernor,
  called,
  codeOf,
  kindsAbout,
  openCollaborationGovernor,
  person,
} from '../collaboration-governor.test.helper.ts'
import { closeVote, countBallots } from './consensus-rules.ts'

const clock = createTestClock()
const yes: VoteRequest = { option: 'yes' }
const no: VoteRequest = { option: 'no' }
const WEIGHTS = { low: 1_000, middle: 6_000, high: 9_500 } as const

let test: CollaborationGovernor
let ana: CollaborationParts

beforeAll(async () => {
  test = await openCollaborationGovernor({ clock })
  for (const [id, confidence] of Object.entries(WEIGHTS)) {
    await test.admin.agents.register({ id, confidence, ownerId: 'system' })
  }
  await test.register('outsider', 'autonomous')
  ana = test.as('ana', 'supervisor')
})
afterAll(() => test.close())

const agents = ['low', 'middle', 'high'] as const
// Without an action they are never called, and vote by their own credentials.
const quiet = agents.map((id) => ({ kind: 'agent', id }) as const)

/** A collaboration that is a vote of the three agents and of Ben. */
async function open(rule: ConsensusRule = {}, members = [...quiet, person('ben')]): Promise<ConsensusDetail> {
  const { id } = await begin(ana, { mode: 'consensus', task: 'Shall we ship?', members, consensus: rule })
  const [vote] = (await ana.consensus.list({ collaboration: id })).items
  return ana.consensus.get(vote?.id ?? '')
}

const stateOf = async ({ collaboration }: { readonly collaboration: string }): Promise<Collaboration> =>
  ana.collaborations.get(collaboration)

describe('a vote', () => {
  it('is opened with the weights that the ledger holds, and keeps them [VOTE-1]', async () => {
    const vote = await open({ data: { version: 2 } })
    expect(vote).toMatchObject({
      topic: 'Shall we ship?',
      options: ['yes', 'no'],
      threshold: 0.67,
      quorum: 3,
      data: { version: 2 },
      state: 'open',
      electors: [
        { member: 'agent:low', weight: 1_000, state: 'open' },
        { member: 'agent:middle', weight: 6_000 },
        { member: 'agent:high', weight: 9_500 },
        { member: 'user:ben', weight: 10_000 },
      ],
    })
    expect((await stateOf(vote)).state).toBe('waiting')
    await test.admin.agents.demote('high', 'student', 'A test of frozen weights.')
    expect((await test.admin.agents.get('high')).confidence).toBeLessThan(9_500)
    const after = await test.asAgent('high').consensus.vote(vote.id, yes)
    expect(after.votes).toMatchObject([{ member: 'agent:high', option: 'yes', weight: 9_500 }])
    expect(after.electors.find(({ member }) => member === 'agent:high')).toMatchObject({
      weight: 9_500,
      state: 'voted',
    })
  })

  it('counts one vote of a member, by its own credential, and ends the collaboration [VOTE-1]', async () => {
    const vote = await open()
    const as = { low: test.asAgent('low'), middle: test.asAgent('middle'), ben: test.as('ben', 'supervisor') }
    await as.low.consensus.vote(vote.id, {
      option: 'no',
      reason: 'Not ready; token ghp_012345678901234567890123456789012345.',
    })
    expect(await codeOf(as.low.consensus.vote(vote.id, yes))).toBe('VOTE_ALREADY_CAST')
    expect(await codeOf(as.low.consensus.vote(vote.id, { abstain: true }))).toBe('VOTE_ALREADY_CAST')
    expect(await codeOf(test.as('eve', 'admin').consensus.vote(vote.id, yes))).toBe('MEMBER_REQUIRED')
    expect(await codeOf(test.asAgent('outsider').consensus.vote(vote.id, yes))).toBe('NOT_FOUND')
    expect(await codeOf(test.as('ben', 'viewer').consensus.vote(vote.id, yes))).toBe('PERMISSION_DENIED')
    expect(await codeOf(as.ben.consensus.vote(vote.id, { option: 'maybe' }))).toBe('INPUT_INVALID')
    expect(await codeOf(as.ben.consensus.vote(vote.id, { option: 'yes', weight: 10_000 } as never))).toBe(
      'INPUT_INVALID',
    )
    await as.middle.consensus.vote(vote.id, yes)
    const ended = await as.ben.consensus.vote(vote.id, yes)
    // 16,000 are for it, and high has less than the 6,880 that could bring that under 0.67.
    expect(ended).toMatchObject({ state: 'decided', option: 'yes', tally: { castWeight: 17_000, abstained: 0 } })
    expect(await codeOf(test.asAgent('high').consensus.vote(vote.id, no))).toBe('CONSENSUS_CLOSED')
    expect(await stateOf(vote)).toMatchObject({
      state: 'completed',
      output: { consensus: vote.id, outcome: 'decided', option: 'yes', castWeight: 17_000, abstained: 0 },
    })
    const kinds = await kindsAbout(test, vote.id)
    expect(kinds).toEqual(['consensus.opened', ...Array(3).fill('consensus.vote_cast'), 'consensus.decided'])
    const rows = (await test.admin.journal.list({ limit: 100 })).items.filter(({ subjectId }) => subjectId === vote.id)
    expect(rows.find(({ body }) => body.actor === 'agent:low')).toMatchObject({
      agent: 'low',
      body: { option: 'no', weight: 1_000, reason: expect.stringContaining('[redacted]') },
    })
    expect(JSON.stringify(rows)).not.toContain('ghp_')
  })

  it('counts exactly one of two votes that one member casts at once', async () => {
    const vote = await open({ quorum: 4 })
    const ben = test.as('ben', 'supervisor')
    const codes = await Promise.all(
      [yes, no, { abstain: true } as const, yes].map((one) => codeOf(ben.consensus.vote(vote.id, one))),
    )
    expect(codes.sort()).toEqual(['VOTE_ALREADY_CAST', 'VOTE_ALREADY_CAST', 'VOTE_ALREADY_CAST', 'nothing'])
    expect((await ana.consensus.get(vote.id)).votes).toHaveLength(1)
  })

  it('asks the members that are called, and takes only a vote for one [COLLAB-1]', async () => {
    const vote = await open({}, [called('low'), called('middle'), called('outsider')])
    expect(test.steps()).toHaveLength(3)
    expect(test.stepOf('low').told).toMatchObject({ phase: 'vote', topic: 'Shall we ship?', options: ['yes', 'no'] })
    // The vote of an agent is what its own step gave: nothing in it can name another one.
    await test.succeed('low', { option: 'yes', member: 'agent:outsider' })
    expect((await ana.consensus.get(vote.id)).electors).toMatchObject([{ state: 'silent' }, { state: 'open' }, {}])
    expect(await codeOf(test.asAgent('low').consensus.vote(vote.id, yes))).toBe('CONSENSUS_CLOSED')
    await test.succeed('middle', { abstain: true, reason: 'I do not know.' })
    expect((await ana.consensus.get(vote.id)).state).toBe('open')
    await test.succeed('outsider', { option: 'yes' })
    expect(await ana.consensus.get(vote.id)).toMatchObject({ state: 'decided', option: 'yes', tally: { abstained: 1 } })
  })

  it('is undecided as soon as the quorum is out of reach', async () => {
    const vote = await open({}, [called('low'), called('middle'), called('outsider')])
    await test.fail('low')
    await test.fail('middle', 'AGENT_STOPPED')
    expect(await ana.consensus.get(vote.id)).toMatchObject({ state: 'undecided', option: null })
    expect(test.steps()).toEqual([])
    expect(await stateOf(vote)).toMatchObject({ state: 'completed', output: { outcome: 'undecided', option: null } })
  })

  it('ends at its deadline with what was cast, and takes nothing later', async () => {
    const members = [...quiet, person('ben')]
    const decided = await open({ deadlineSeconds: 60, quorum: 1 }, members)
    const undecided = await open({ deadlineSeconds: 60 }, members)
    for (const { id } of [decided, undecided]) await test.asAgent('middle').consensus.vote(id, yes)
    await test.work()
    expect((await ana.consensus.get(decided.id)).state).toBe('open')
    clock.advance(60_000)
    expect(await codeOf(test.as('ben', 'supervisor').consensus.vote(decided.id, no))).toBe('CONSENSUS_CLOSED')
    await test.work()
    await test.work()
    expect(await ana.consensus.get(decided.id)).toMatchObject({ state: 'decided', option: 'yes' })
    expect(await ana.consensus.get(undecided.id)).toMatchObject({ state: 'undecided', option: null })
    expect((await kindsAbout(test, decided.id)).filter((kind) => kind === 'consensus.decided')).toHaveLength(1)
  })

  it('takes no vote of an agent that may not act', async () => {
    const vote = await open()
    await test.admin.agents.pause('middle', 'A test.')
    expect(await codeOf(test.asAgent('middle').consensus.vote(vote.id, yes))).toBe('AGENT_PAUSED')
    await test.admin.agents.resume('middle', 'A test.')
    await test.asAgent('middle').consensus.vote(vote.id, yes)
  })

  it('can be held inside of any collaboration that runs, by its lead or a supervisor', async () => {
    const members = [called('middle', 'lead'), { kind: 'agent', id: 'low' } as const, person('ben')]
    const { id } = await begin(ana, { mode: 'sequential', task: 'Write.', members })
    const request = { collaboration: id, topic: 'Which colour?', options: ['red', 'blue'], threshold: 1 }
    expect(await codeOf(test.asAgent('low').consensus.open(request))).toBe('MEMBER_REQUIRED')
    expect(await codeOf(test.asAgent('outsider').consensus.open(request))).toBe('NOT_FOUND')
    expect(await codeOf(ana.consensus.open({ ...request, quorum: 4 }))).toBe('CONFLICT')
    for (const threshold of [0.5, 1.01, 0.66667, Number.NaN]) {
      expect(await codeOf(ana.consensus.open({ ...request, threshold }))).toBe('INPUT_INVALID')
    }
    expect(await codeOf(ana.consensus.open({ ...request, options: ['red', 'red'] }))).toBe('INPUT_INVALID')
    const vote = await test.asAgent('middle').consensus.open(request)
    await test.tell({ ...byPhase('vote'), output: { option: 'red' } })
    await test.asAgent('low').consensus.vote(vote.id, { option: 'blue' })
    expect(await ana.consensus.get(vote.id)).toMatchObject({ state: 'undecided', threshold: 1 })
    const open = await ana.consensus.open(request)
    await test.tell({ ...byPhase('work'), output: 'written' })
    expect(await ana.consensus.get(open.id)).toMatchObject({ state: 'cancelled', option: null })
    expect(test.steps()).toEqual([])
    expect(await codeOf(ana.consensus.open(request))).toBe('CONFLICT')
  })

  const byPhase = (phase: string): { readonly id: string; readonly ownerId: string } => {
    const step = test.steps().find(({ told }) => told.phase === phase)
    if (step === undefined) throw new Error(`Nobody is called for ${phase}.`)
    return { id: step.id, ownerId: step.owner.id }
  }
})

describe('votes of agents', () => {
  it('never approve a proposal: there is no way from here to one [VOTE-2]', async () => {
    await test.register('asker', 'intern')
    const decision = await test.agent('asker').decide({ agent: 'asker', action: 'refund.create', args: {} })
    if (decision.route !== 'proposal') throw new Error(decision.route)
    const { id: proposal, version, actionHash } = await test.admin.proposals.get(decision.proposal.id)
    const members = ['low', 'middle', 'outsider'].map((id) => ({ kind: 'agent', id }) as const)
    const { id } = await begin(ana, {
      mode: 'consensus',
      task: `Approve ${proposal}`,
      members,
      consensus: { options: ['approve', 'reject'], data: { proposal, version, actionHash, approved: true } },
    })
    const [vote] = (await ana.consensus.list({ collaboration: id })).items
    for (const agent of ['low', 'middle', 'outsider']) {
      await test.asAgent(agent).consensus.vote(vote?.id ?? '', { option: 'approve' })
    }
    expect((await ana.collaborations.get(id)).output).toMatchObject({ outcome: 'decided', option: 'approve' })
    const after = await test.admin.proposals.get(proposal)
    expect([after.state, after.version]).toEqual(['pending', version])
  })
})

describe('whatever comes to a vote', () => {
  type Attempt = readonly [who: string, kind: 'agent' | 'user', vote: VoteRequest]
  let newcomers = 0

  it('is decided by the first vote of each elector before its end, and by nothing else [VOTE-1]', async () => {
    const votes = fc.constantFrom<VoteRequest>(yes, no, { abstain: true })
    const attempt: fc.Arbitrary<Attempt> = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(fc.constantFrom('low', 'middle', 'outsider'), fc.constant('agent' as const), votes),
      },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom('ben', 'eve'), fc.constant('user' as const), votes) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('newcomer'), fc.constant('agent' as const), votes) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { maxLength: 12 }), async (attempts) => {
        const members = ['low', 'middle', 'outsider'].map((id) => ({ kind: 'agent', id }) as const)
        const vote = await open({ deadlineSeconds: 60 }, [...members, person('ben')])
        const weights = new Map<string, number>(vote.electors.map(({ member, weight }) => [member, weight]))
        const first = new Map<string, { readonly option: string | null; readonly weight: number }>()
        let isOpen = true
        for (const [asked, kind, said] of attempts) {
          const who = asked === 'newcomer' ? `newcomer-${newcomers++}` : asked
          // Registered once the vote is open, as many as there may be, each with all the confidence there is.
          if (asked === 'newcomer') {
            await test.admin.agents.register({ id: who, confidence: 10_000, ownerId: 'system' })
          }
          const as = kind === 'agent' ? test.asAgent(who) : test.as(who, 'supervisor')
          const name = `${kind}:${who}`
          const weight = weights.get(name)
          const counts = isOpen && weight !== undefined && !first.has(name)
          expect((await codeOf(as.consensus.vote(vote.id, said))) === 'nothing').toBe(counts)
          if (counts) first.set(name, { option: 'option' in said ? said.option : null, weight })
          isOpen = (await ana.consensus.get(vote.id)).state === 'open'
        }
        clock.advance(60_000)
        await test.work()
        expect(await codeOf(test.as('ben', 'supervisor').consensus.vote(vote.id, yes))).toBe('CONSENSUS_CLOSED')
        const end = await ana.consensus.get(vote.id)
        const expected = closeVote({ options: end.options, threshold: 6_700, quorum: 3 }, [...first.values()])
        expect([end.state, end.option]).toEqual([
          expected.outcome,
          expected.outcome === 'decided' ? expected.option : null,
        ])
        expect(end.tally).toEqual(countBallots(end.options, [...first.values()]))
      }),
      { numRuns: 12 },
    )
  }, 120_000)
})
