import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LearningOperations } from '../client/learning-operations.ts'
import {
  codeOf,
  type FeedbackGovernor,
  keyOfUser,
  openFeedbackGovernor,
  type ServedGovernor,
  serveFeedback,
} from './feedback-governor.test.helper.ts'

type Operations = Pick<LearningOperations, 'feedback' | 'examples'>
type Role = 'admin' | 'supervisor' | 'viewer'

let test: FeedbackGovernor
let served: ServedGovernor

beforeAll(async () => {
  test = await openFeedbackGovernor()
  await test.admin.agents.register({ id: 'coder', maturity: 'intern', ownerId: 'system', category: 'Engineer' })
  served = await serveFeedback(test)
})
afterAll(async () => {
  await served.close()
  await test.close()
})

const outside = { kind: 'outside', id: 'chat-1' } as const
const answer = { agent: 'coder', input: 'Sort the list.', output: 'sort(a)', about: outside } as const

const planes: readonly (readonly [string, (role: Role) => Promise<Operations>])[] = [
  ['embedded', async (role) => test.as(`e-${role}`, role)],
  ['remote', async (role) => served.connect(await keyOfUser(test.admin, `r-${role}`, role))],
]

describe.each(planes)('feedback and examples on an %s governor', (name, open) => {
  let scope: Operations

  beforeAll(async () => {
    scope = await open('admin')
  })

  it('keep what was given, and find it again', async () => {
    const given = await scope.feedback.give({
      ...answer,
      kind: 'positive',
      comment: 'Fine.',
      tags: [name, 'sort', name],
    })
    expect(given).toMatchObject({
      agent: 'coder',
      agentType: 'engineer',
      kind: 'positive',
      tags: [name, 'sort'],
      correction: null,
      exampleId: null,
      about: outside,
    })
    expect(await scope.feedback.get(given.id)).toEqual(given)
    expect((await scope.feedback.list({ tag: name, kind: 'positive' })).items).toEqual([given])
    expect((await scope.feedback.list({ agentType: 'generic', tag: name })).items).toEqual([])
  })

  it('make an example of a correction, and the same one of the same correction', async () => {
    const correction = { ...answer, kind: 'correction', correction: `a.sort() // ${name}`, tags: [name] } as const
    const first = await scope.feedback.give(correction)
    const second = await scope.feedback.give({ ...correction, output: 'something else' })
    expect(second.exampleId).toBe(first.exampleId)
    const example = await scope.examples.get(first.exampleId ?? '')
    expect(example).toMatchObject({
      agent: 'coder',
      agentType: 'engineer',
      input: answer.input,
      output: 'sort(a)',
      correction: `a.sort() // ${name}`,
      occurrences: 2,
      origin: 'feedback',
      appliedBy: null,
    })
    expect((await scope.examples.list({ agent: 'coder', search: name })).items).toEqual([example])
    expect((await scope.examples.list({ tag: name, isApplied: false })).items).toEqual([example])
    expect((await scope.examples.list({ tag: name, isApplied: true })).items).toEqual([])
    expect((await scope.examples.list({ tag: name, isHeldOut: !example.isHeldOut })).items).toEqual([])
  })

  it('read page by page what stands in no other page', async () => {
    const tag = `${name}-pages`
    for (let count = 0; count < 5; count += 1) {
      const correction = `page of ${'again '.repeat(count)}${name} ${count}`
      await scope.feedback.give({ ...answer, kind: 'correction', correction, tags: [tag] })
    }
    for (const query of [{ tag }, { tag, search: 'page' }]) {
      const found: string[] = []
      let cursor: string | undefined
      do {
        const page = await scope.examples.list({ ...query, limit: 2, ...(cursor === undefined ? {} : { cursor }) })
        found.push(...page.items.map(({ id }) => id))
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      expect(new Set(found).size).toBe(5)
      expect(found).toHaveLength(5)
    }
  })

  it('import lines, say which were refused, and export what can be imported again', async () => {
    const line = (text: string): string =>
      JSON.stringify({ agentType: `${name}-kind`, input: `Ask ${text}`, correction: `Say ${text}`, tags: ['in'] })
    const lines = [line('one'), '', line('two'), 'no json', '{"agentType":"x"}', line('one'), line('three')].join('\n')
    const result = await scope.examples.import(lines)
    expect(result).toMatchObject({ added: 3, duplicates: 1 })
    expect(result.refused.map((one) => one.line)).toEqual([4, 5])
    expect(await scope.examples.import(lines)).toMatchObject({ added: 0, duplicates: 4 })
    let text = ''
    for await (const part of await scope.examples.export({ agentType: `${name}-kind` })) text += part
    expect(
      text
        .trim()
        .split('\n')
        .map((one) => JSON.parse(one).input)
        .sort(),
    ).toEqual(['Ask one', 'Ask three', 'Ask two'])
    expect(await scope.examples.import(text)).toEqual({ added: 0, duplicates: 3, refused: [] })
    const imported = (await scope.examples.list({ agentType: `${name}-kind` })).items
    expect(
      imported.every(({ origin, agent, occurrences }) => origin === 'imported' && agent === null && occurrences === 1),
    ).toBe(true)
  })

  it('import more than one request can hold, and name the lines of the whole', async () => {
    const big = (number: number): string =>
      JSON.stringify({ agentType: `${name}-big`, input: `${number} ${'"x" '.repeat(4_000)}`, correction: 'Yes.' })
    const lines = [...Array.from({ length: 40 }, (_, number) => big(number)), 'broken']
    const result = await scope.examples.import(lines.join('\n'))
    expect(result).toEqual({ added: 40, duplicates: 0, refused: [{ line: 41, message: 'The line is not JSON.' }] })
  })

  it('give numbers and insights', async () => {
    const metrics = await scope.feedback.metrics('coder', { days: 7 })
    expect(metrics.total).toBeGreaterThanOrEqual(8)
    expect(metrics.total).toBe(Object.values(metrics.byKind).reduce((sum, count) => sum + count, 0))
    const judged = metrics.byKind.positive + metrics.byKind.negative + metrics.byKind.correction
    expect(metrics.accuracy).toBe(metrics.byKind.positive / judged)
    expect(metrics.improvementRate).toBeNull()
    const insights = await scope.feedback.insights('coder')
    expect(insights.correctionRate).toBe(metrics.byKind.correction / metrics.total)
    expect(insights.opportunities.some(({ tag, count }) => tag === `${name}-pages` && count === 5)).toBe(true)
    expect(insights.recommendations.map(({ code }) => code)).toContain('REPEATED_CORRECTIONS')
  })

  it.each([
    ['a correction without one', { ...answer, kind: 'correction' }, 'INPUT_INVALID'],
    ['praise with a correction', { ...answer, kind: 'positive', correction: 'x' }, 'INPUT_INVALID'],
    ['a correction that corrects nothing', { ...answer, kind: 'correction', correction: 'sort(a)' }, 'INPUT_INVALID'],
    ['a tag with a blank', { ...answer, kind: 'negative', tags: ['a b'] }, 'INPUT_INVALID'],
    ['a text that cannot be stored', { ...answer, kind: 'negative', comment: 'a\0b' }, 'INPUT_INVALID'],
    ['an agent that is not there', { ...answer, kind: 'negative', agent: 'nobody' }, 'NOT_FOUND'],
    [
      'a proposal that is not there',
      { ...answer, kind: 'negative', about: { kind: 'proposal', id: 'prp_x' } },
      'NOT_FOUND',
    ],
    [
      'a learning session that nobody knows',
      { ...answer, kind: 'negative', about: { kind: 'learning_session', id: 'lss_x' } },
      'NOT_FOUND',
    ],
  ] as const)('refuse %s', async (_, request, code) => {
    expect(await codeOf(scope.feedback.give(request))).toBe(code)
  })

  it('show a viewer that there is something, and not what', async () => {
    const secret = `quinquereme ${name}`
    const given = await scope.feedback.give({
      ...answer,
      kind: 'correction',
      correction: secret,
      comment: secret,
      about: { ...outside, task: secret },
    })
    const viewer = await open('viewer')
    const shown = [
      await viewer.feedback.get(given.id),
      await viewer.feedback.list(),
      await viewer.examples.get(given.exampleId ?? ''),
      await viewer.examples.list(),
      await viewer.feedback.insights('coder'),
      await viewer.feedback.metrics('coder'),
    ]
    expect(JSON.stringify(shown)).not.toContain('quinquereme')
    expect(JSON.stringify(shown)).not.toContain(answer.input)
    expect(await codeOf(viewer.examples.list({ search: 'quinquereme' }))).toBe('PERMISSION_DENIED')
    expect(await codeOf(viewer.examples.export())).toBe('PERMISSION_DENIED')
    expect(await codeOf(viewer.feedback.give({ ...answer, kind: 'positive' }))).toBe('PERMISSION_DENIED')
    expect(await codeOf((await open('supervisor')).examples.import(''))).toBe('PERMISSION_DENIED')
  })
})
