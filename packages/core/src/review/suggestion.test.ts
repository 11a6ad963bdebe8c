import type { AgentReview, JsonObject, Proposal } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Plane, type Reply, shown, usePlane, verdict } from './plane.test.helper.ts'

const suggesting =
  (suggested_args: unknown, said = 'escalate'): Reply =>
  (question) =>
    question.isCanary ? verdict('deny', question) : verdict(said, question, { suggested_args })

const CARD = z.object({ card: z.string().meta({ sensitive: true }), text: z.string() })

describe('what a reviewer would change of a medium action', () => {
  const plane = usePlane(() => ({ actions: { 'card.note': { risk: 'medium', args: CARD } } }))
  const review = async (args: JsonObject, suggested: unknown, action = 'note.write'): Promise<AgentReview> => {
    plane.says(suggesting(suggested))
    return plane.ana.proposals.review((await plane.ask(action, args)).id)
  }

  it('is shown to people, who may take it as it is, and is never applied [REVIEW-9]', async () => {
    const { test, ana } = plane
    const said = await review({ cents: 500, to: 'ana' }, { cents: 123_454_321, to: 'ana' })
    expect(said).toMatchObject({
      verdict: 'escalate',
      effect: 'none',
      isFault: false,
      suggestedArgs: { cents: 123_454_321, to: 'ana' },
    })
    expect(said.suggestions).toEqual([{ pointer: '/cents', kind: 'changed', before: 500, after: 123_454_321 }])
    expect(await ana.reviews.get(said.id)).toEqual(said)
    const proposal = await test.admin.proposals.get(said.proposalId ?? '')
    expect(proposal).toMatchObject({ state: 'pending', version: 1, args: { cents: 500, to: 'ana' }, reviews: [] })
    const args = said.suggestedArgs ?? {}
    const approved = await ana.proposals.approve(proposal.id, { ...shown(proposal), args })
    expect(approved).toMatchObject({ state: 'approved', version: 2, args: { cents: 123_454_321, to: 'ana' } })
    const journal = await test.admin.journal.list({ subject: proposal.id, kind: 'review.completed' })
    expect(JSON.stringify(journal.items)).not.toContain('123454321')
  })

  it('keeps what is hidden, and is not offered where it touches that or the action does not take it [REVIEW-9]', async () => {
    const { test, ana } = plane
    const cases: readonly (readonly [JsonObject, unknown, RegExp])[] = [
      [{ cents: 500 }, { cents: 500 }, /changes nothing/],
      [{ cents: 500 }, { cents: 'many' }, /does not take it/],
      [{ cents: 500 }, { cents: 4, key: 'sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaa' }, /held a secret/],
      [{ cents: 500 }, { cents: 4, to: '[redacted]' }, /ARGS_INVALID/],
    ]
    for (const [args, suggested, why] of cases) {
      const said = await review(args, suggested)
      expect(said).toMatchObject({ verdict: 'escalate', isFault: false, suggestedArgs: null, suggestions: [] })
      expect(said.reasons.at(-1)).toMatch(why)
    }
    const high = await review({ cents: 1 }, { cents: 2 }, 'refund.create')
    expect(high).toMatchObject({ suggestedArgs: null })
    expect(high.reasons.at(-1)).toMatch(/high risk/)
    const masked = await review({ card: 'c-1', text: 'Helo.' }, { card: '[redacted]', text: 'Hello.' }, 'card.note')
    expect(masked).toMatchObject({ suggestedArgs: { card: '[redacted]', text: 'Hello.' } })
    expect(masked.suggestions).toEqual([{ pointer: '/text', kind: 'changed', before: 'Helo.', after: 'Hello.' }])
    const other = await review({ card: 'c-1', text: 'Helo.' }, { card: 'c-2', text: 'Helo.' }, 'card.note')
    expect(other.reasons.at(-1)).toMatch(/hidden values/)
    const proposal = await ana.proposals.get(masked.proposalId ?? '')
    await ana.proposals.approve(proposal.id, { ...shown(proposal), args: masked.suggestedArgs ?? {} })
    const run = await test
      .agent('intern')
      .guard(
        { agent: 'intern', action: 'card.note', args: { card: 'c-1', text: 'Helo.' }, permit: proposal.id },
        ({ args }) => args,
      )
    expect(run).toMatchObject({ status: 'executed', value: { card: 'c-1', text: 'Hello.' } })
  })

  it('is no verdict where it comes with another one, or is none [REVIEW-9, I-25]', async () => {
    const { ana } = plane
    for (const reply of [
      suggesting({ cents: 1 }, 'approve'),
      suggesting({ cents: 1 }, 'deny'),
      suggesting('cents'),
      suggesting([{ cents: 1 }]),
      suggesting(null),
      (question) =>
        question.isCanary
          ? verdict('deny', question)
          : verdict('escalate', question, { suggested_args: 0 }).replace('0', '{"cents":1,"cents":2}'),
      (question) =>
        question.isCanary
          ? verdict('deny', question)
          : verdict('escalate', question, { suggested_args: 0 }).replace('0', '{"__proto__":{"cents":1}}'),
    ] satisfies readonly Reply[]) {
      plane.says(reply)
      const said = await ana.proposals.review((await plane.ask('note.write', { cents: 5 })).id)
      expect(said).toMatchObject({ verdict: 'escalate', isFault: true, suggestedArgs: null })
      plane.later(61_000)
    }
  })
})

const SAFE = { matrix: { actions: 'strict' } } as const

function applied(plane: Plane): void {
  /** Proposals of a safe action that people approve, and that run. */
  async function runsBefore(count: number, cents: number): Promise<void> {
    const { test, ana } = plane
    for (let turn = 0; turn < count; turn += 1) {
      const proposal = await plane.ask('tag.set', { cents })
      await ana.proposals.approve(proposal.id, shown(proposal))
      const { agent, action, args, id } = proposal
      await test.agent(agent).guard({ agent, action, args, permit: id }, () => 'ran')
    }
  }

  /** Asks until it is not left to people by chance. */
  async function review(
    args: JsonObject,
    suggested: JsonObject,
  ): Promise<{ readonly said: AgentReview; readonly proposal: Proposal }> {
    plane.says(suggesting(suggested))
    const said = await plane.ana.proposals.review((await plane.ask('tag.set', args)).id)
    return { said, proposal: await plane.test.admin.proposals.get(said.proposalId ?? '') }
  }

  it('needs another agent that approves by rules, and is that or a suggestion [REVIEW-9, I-27]', async () => {
    const { test, ana } = plane
    const { version } = await test.admin.policies.current()
    await test.admin.policies.put(SAFE, { basedOn: version, reason: 'a test' })
    await plane.earn()
    await runsBefore(4, 100)
    const alone = await review({ cents: 900 }, { cents: 100 })
    expect(alone.said).toMatchObject({ effect: 'none', suggestedArgs: { cents: 100 } })
    expect(alone.proposal).toMatchObject({ state: 'pending', version: 1 })
    await test.admin.agents.register({
      id: 'table',
      maturity: 'autonomous',
      ownerId: 'rita',
      category: 'Other',
      capabilities: ['tag'],
    })
    test.governor.registerReviewer({ agent: 'table' }, 'rules')
    // What never ran like that is for people, whoever suggests it.
    const unlike = await review({ cents: 901 }, { cents: 101 })
    expect(unlike.proposal).toMatchObject({ state: 'pending', version: 1, args: { cents: 901 } })
    let next = await review({ cents: 902 }, { cents: 100 })
    for (let turn = 0; next.proposal.version === 1 && turn < 5; turn += 1)
      next = await review({ cents: 902 }, { cents: 100 })
    const { said, proposal } = next
    expect(said).toMatchObject({ version: 1, verdict: 'escalate', effect: 'none', reviewer: 'judge' })
    expect(proposal).toMatchObject({ state: 'approved', version: 2, args: { cents: 100 }, decidedBy: ['agent:table'] })
    const [second] = (await ana.reviews.list({ agent: 'intern', limit: 1 })).items
    expect(second).toMatchObject({
      proposalId: proposal.id,
      version: 2,
      reviewer: 'table',
      by: 'rules',
      effect: 'approved',
    })
    const journal = (await test.admin.journal.list({ subject: proposal.id, limit: 100 })).items.map(({ kind }) => kind)
    expect(journal).toEqual(expect.arrayContaining(['proposal.edited', 'proposal.approved']))
    // It stands in the record as edited, so that rules do not go on by what machines made of it.
    const again = await review({ cents: 903 }, { cents: 100 })
    expect(again.proposal).toMatchObject({ state: 'pending', version: 1 })
  }, 60_000)
}

describe('what a reviewer would change of a safe action', () => {
  applied(
    usePlane(() => ({
      memory: true,
      actions: { 'tag.set': { risk: 'safe', args: z.looseObject({ cents: z.int() }) } },
    })),
  )
})
