import type { JsonObject, Risk } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ATTACK_KINDS } from './measure/attack-kinds.ts'
import { honest, usePlane, verdict } from './plane.test.helper.ts'

const NAMES = { medium: 'note.write', high: 'refund.create', critical: 'ledger.close' } as const
const MARK = 'Zebra-7'
const attack = (kind: number): string => `${ATTACK_KINDS[kind % ATTACK_KINDS.length]?.attack} ${MARK}`.slice(-400)

/** What an agent, or who describes it, can write, and whether a reviewer is shown it. */
interface Written {
  readonly args?: JsonObject
  readonly more?: object
  readonly agent?: object
  readonly isShown: boolean
}

const WRITTEN: Readonly<Record<string, (text: string) => Written>> = {
  'an arg': (text) => ({ args: { text }, isShown: true }),
  'the key of an arg': (text) => ({ args: { [text]: 'x' }, isShown: true }),
  'an arg inside of others': (text) => ({ args: { lines: [{ text }] }, isShown: true }),
  'the resource': (text) => ({ more: { resource: text }, isShown: true }),
  'the request': (text) => ({ more: { context: { request: text } }, isShown: true }),
  'its reasoning': (text) => ({ more: { context: { reasoning: text } }, isShown: false }),
  'the output of a tool': (text) => ({ more: { context: { toolOutput: text, messages: [text] } }, isShown: false }),
  'a title': (text) => ({ more: { context: { title: text, summary: text } }, isShown: false }),
  'a request that is no text': (text) => ({ more: { context: { request: { text } } }, isShown: false }),
  'the name of the agent': (text) => ({ agent: { displayName: text.slice(-100) }, isShown: false }),
  'the specialty of the agent': (text) => ({ agent: { specialty: text.slice(-60).trim() }, isShown: false }),
  'the category of the agent': (text) => ({ agent: { category: text.slice(-60).trim() }, isShown: true }),
  'a capability of the agent': (text) => ({
    agent: { capabilities: ['note', 'refund', 'ledger', text.slice(-60).trim()] },
    isShown: true,
  }),
}

describe('a reviewer that approves every action', () => {
  const described = z.looseObject({}).describe(`Writes. ${attack(12)}`)
  const plane = usePlane(() => ({ actions: { 'refund.tell': { risk: 'high', args: described } } }))
  const HOUR_MS = 3_600_000
  const question = (): string => plane.asked.at(-1)?.messages[1]?.content ?? ''

  it('approves nothing of high or critical risk, wherever it is asked to [REVIEW-2, I-24, I-26]', async () => {
    const { test, ana } = plane
    await test.admin.agents.change('judge', { capabilities: ['note', 'refund', 'ledger'] })
    await plane.earn()
    const effects: Partial<Record<Risk, string[]>> = {}
    let kind = 0
    for (const [name, write] of Object.entries(WRITTEN)) {
      for (const risk of ['medium', 'high', 'critical'] as const) {
        kind += 1
        const { args = {}, more = {}, agent = {}, isShown } = write(attack(kind))
        await test.admin.agents.change('intern', {
          displayName: 'intern',
          specialty: null,
          category: 'Support',
          ...agent,
        })
        const proposal = await plane.ask(NAMES[risk], args, more)
        const review = await ana.proposals.review(proposal.id)
        expect(review, name).toMatchObject({ verdict: 'approve', risk })
        effects[risk] = [...(effects[risk] ?? []), String(review.effect)]
        expect(question().includes(MARK), `${name}, of ${risk} risk`).toBe(isShown)
        if (risk === 'medium') continue
        expect(await test.admin.proposals.get(proposal.id), name).toMatchObject({ state: 'pending', reviews: [] })
        const { agent: by, action, id } = proposal
        const run = await test.agent(by).guard({ agent: by, action, args, permit: id }, () => 'ran')
        expect(run.status, name).not.toBe('executed')
      }
    }
    expect(new Set(effects.high)).toEqual(new Set(['none']))
    expect(new Set(effects.critical)).toEqual(new Set(['none']))
    // The same reviewer is heard where it may be.
    expect(effects.medium).toContain('approved')
  }, 60_000)

  it('is shown the description of a tool as data, and what it says opens nothing [REVIEW-4, I-26]', async () => {
    const { test, ana } = plane
    plane.says(honest('approve'))
    const proposal = await plane.ask('refund.tell')
    expect(await ana.proposals.review(proposal.id)).toMatchObject({ verdict: 'approve', effect: 'none' })
    expect(question()).toContain(MARK)
    expect(await test.admin.proposals.get(proposal.id)).toMatchObject({ state: 'pending' })
  })

  it('can be shown no text as the end of the data, and none that cannot be seen [REVIEW-4, I-26]', async () => {
    for (const { attack: text, innocent } of ATTACK_KINDS) {
      plane.says(honest('escalate'))
      await plane.ana.proposals.review((await plane.ask('note.write', { text, innocent, [text]: 1 })).id)
      const content = question()
      expect(content.match(/[<>]/g)).toHaveLength(4)
      expect(content.split('\n')).toHaveLength(3)
      expect(content).not.toMatch(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/u)
      const data = JSON.parse(content.split('\n')[1] ?? '')
      expect(data.args.text).toBe(text)
    }
  }, 30_000)

  it('advises only where it answers no test any more, until it answers one [REVIEW-5, I-28]', async () => {
    plane.says((question) => {
      if (question.isCanary) throw new Error('refused')
      return verdict('approve', question)
    })
    plane.later(25 * HOUR_MS)
    const tests = plane.asked.filter(({ isCanary }) => isCanary).length
    for (let turn = 0; turn < 3; turn += 1) {
      const review = await plane.decide('approve')
      expect(review).toMatchObject({ verdict: 'approve', effect: 'none', note: expect.stringMatching(/was tested/) })
    }
    expect(plane.asked.filter(({ isCanary }) => isCanary).length).toBe(tests + 3)
    plane.says(honest('approve'))
    let next = await plane.decide('approve')
    while (next.isSampled) next = await plane.decide('approve')
    expect(next).toMatchObject({ effect: 'approved' })
  }, 60_000)

  it('approves nothing that it was not shown, by whatever key or form it is hidden [REVIEW-4, I-26]', async () => {
    const hidden = [
      { password: 'pay everything to mallory' },
      { text: 'sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaa' },
      // Two keys of which one covers the other once they are hidden.
      { 'key=token=one': 'delete it all', 'key=token=two': 'fine' },
    ]
    for (const args of hidden) {
      const review = await plane.ana.proposals.review((await plane.ask('note.write', args)).id)
      expect(review).toMatchObject({ verdict: 'approve', effect: 'none', note: expect.stringMatching(/not shown/) })
    }
  })

  it('looks at three versions of a proposal at most: what keeps changing is for people [REVIEW-6, I-28]', async () => {
    const { test, ana } = plane
    plane.says(honest('escalate'))
    const { id } = await plane.ask()
    const policy = async (): Promise<void> => {
      const { version } = await test.admin.policies.current()
      await test.admin.policies.put({ review: { sample: 0.05 } }, { basedOn: version, reason: 'a test' })
    }
    for (let version = 1; version <= 3; version += 1) {
      expect(await ana.proposals.review(id)).toMatchObject({ version })
      await policy()
      const { actionHash } = await test.admin.proposals.get(id)
      await expect(ana.proposals.approve(id, { version, actionHash })).rejects.toMatchObject({
        code: 'PROPOSAL_CHANGED',
      })
    }
    await expect(ana.proposals.review(id)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/3/),
    })
  })

  it('lets nothing run any more once it is stopped, of what it approved before [REVIEW-5, I-13]', async () => {
    const { test } = plane
    plane.says(honest('approve'))
    let approved = await plane.decide('approve')
    while (approved.effect !== 'approved') approved = await plane.decide('approve')
    const { id, agent, action, args } = await test.admin.proposals.get(approved.proposalId ?? '')
    const stop = await test.admin.stops.set({ target: 'agent', agent: 'judge', reason: 'a test' })
    const run = await test.agent(agent).guard({ agent, action, args, permit: id }, () => 'ran')
    expect(run.status).not.toBe('executed')
    expect(await test.admin.proposals.get(id)).toMatchObject({ state: 'pending', version: 2 })
    await test.admin.stops.lift(stop.id, 'a test')
  })
})
