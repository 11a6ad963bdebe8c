import { expect, it } from 'vitest'
import type { FeedbackRequest } from '../client/feedback.ts'
import {
  codeOf,
  describeOnPostgres,
  describeOnStores,
  type FeedbackGovernor,
  feedbackPort,
} from './feedback-governor.test.helper.ts'

const answer = { agent: 'bot', input: 'Ask.', output: 'No.', about: { kind: 'outside', id: 'chat' } } as const
const correct = (correction: string, more: Partial<FeedbackRequest> = {}): FeedbackRequest => ({
  ...answer,
  kind: 'correction',
  correction,
  ...more,
})

const foreigner = ({ governor }: FeedbackGovernor) =>
  governor.as({ workspace: 'other', principal: { kind: 'user', id: 'root', roles: ['admin'] } }).plugin(feedbackPort)

describeOnStores('feedback', (store) => {
  it('of the same kind at once makes one example, counted as often as it came', async () => {
    const admin = store.test.as('root', 'admin')
    const given = await Promise.all(
      Array.from({ length: 4 }, (_, index) => admin.feedback.give(correct(`Say  yes.${' '.repeat(index)}`))),
    )
    expect(new Set(given.map(({ exampleId }) => exampleId)).size).toBe(1)
    expect(new Set(given.map(({ id }) => id)).size).toBe(4)
    expect(await admin.examples.get(given[0]?.exampleId ?? '')).toMatchObject({ occurrences: 4 })
    const { items } = await store.test.admin.journal.list({ kind: 'example.added', subject: given[0]?.exampleId ?? '' })
    expect(items).toHaveLength(1)
  })

  it('puts itself on record, without a text of it', async () => {
    const text = 'aquamarine'
    const { id, exampleId } = await store.test.as('root', 'admin').feedback.give(correct(text, { comment: text }))
    const { items } = await store.test.admin.journal.list({ subject: id })
    expect(items).toMatchObject([
      { kind: 'feedback.received', agent: 'bot', body: { actor: 'user:root', kind: 'correction', example: exampleId } },
    ])
    expect(JSON.stringify(items)).not.toContain(text)
  })

  it('holds no secret that can be recognised', async () => {
    const key = `sk-${'a'.repeat(24)}`
    const admin = store.test.as('root', 'admin')
    const given = await admin.feedback.give(
      correct(`Use ${key}`, { input: `password=${key}`, comment: key, about: { kind: 'outside', id: 'x', task: key } }),
    )
    const line = JSON.stringify({ agentType: 'ops', input: `token: ${key}`, correction: key })
    await admin.examples.import(line)
    const { items } = await admin.examples.list({ agentType: 'ops' })
    expect(JSON.stringify([given, items])).not.toContain(key)
    expect(items).toHaveLength(1)
  })

  it('is not given by an agent on itself, and by another one on its sub-agent only', async () => {
    const bot = store.test.asAgent('bot')
    const subagent = { kind: 'subagent', id: 'helper-1', task: 'Find the invoice.' } as const
    for (const request of [
      { ...answer, kind: 'positive' },
      { ...answer, kind: 'negative' },
      correct('Better.', { about: subagent }),
      { ...answer, agent: 'helper', kind: 'positive', about: subagent },
      correct('Better.', { agent: 'helper' }),
    ] as const) {
      expect(await codeOf(bot.feedback.give(request))).toBe('PERMISSION_DENIED')
    }
    const given = await bot.feedback.give(correct('Look in the archive.', { agent: 'helper', about: subagent }))
    expect(given).toMatchObject({ agent: 'helper', actor: 'agent:bot', about: subagent })
    expect(await codeOf(bot.feedback.get(given.id))).toBe('NOT_FOUND')
    expect(await store.test.asAgent('helper').feedback.get(given.id)).toEqual(given)
    const seen = (await bot.feedback.list({ limit: 100 })).items.map(({ agent }) => agent)
    expect(new Set(seen)).toEqual(new Set(['bot']))
    expect(await codeOf(bot.feedback.insights('helper'))).toBe('PERMISSION_DENIED')
    expect(await codeOf(bot.examples.import(''))).toBe('PERMISSION_DENIED')
  })

  it('is given by a service with the scope for it, on its own agents only', async () => {
    const serviceOf = (scopes: readonly string[], agents?: readonly string[]) =>
      store.test.governor
        .as({
          workspace: 'default',
          principal: { kind: 'service', id: 'chat', roles: [], scopes, ...(agents && { agents }) },
        })
        .plugin(feedbackPort)
    const praise = { ...answer, kind: 'positive' } as const
    expect(await codeOf(serviceOf([]).feedback.give(praise))).toBe('PERMISSION_DENIED')
    expect(await codeOf(serviceOf(['learning.feedback.give'], ['helper']).feedback.give(praise))).toBe(
      'PERMISSION_DENIED',
    )
    expect((await serviceOf(['learning.feedback.give'], ['bot']).feedback.give(praise)).actor).toBe('service:chat')
    const importing = serviceOf(['learning.examples.import'], ['bot'])
    expect(await codeOf(importing.examples.import(''))).toBe('PERMISSION_DENIED')
  })

  it('is about a record of that agent in that workspace, or about nothing', async () => {
    const { test } = store
    const trigger = { agent: 'bot', action: 'refund.create', args: {} }
    const decision = await test.agent('bot').decide(trigger)
    if (decision.route !== 'proposal') throw new Error(decision.route)
    const { give } = test.as('root', 'admin').feedback
    for (const about of [
      { kind: 'decision', id: decision.id },
      { kind: 'proposal', id: decision.proposal.id },
    ] as const) {
      expect((await give({ ...answer, kind: 'suggestion', about })).about).toEqual(about)
      expect(await codeOf(give({ ...answer, agent: 'helper', kind: 'suggestion', about }))).toBe('NOT_FOUND')
      const wrong = { ...about, kind: about.kind === 'decision' ? 'proposal' : 'decision' } as const
      expect(await codeOf(give({ ...answer, kind: 'suggestion', about: wrong }))).toBe('NOT_FOUND')
    }
  })

  it('is not seen from another workspace, by any operation', async () => {
    const { test } = store
    const given = await test.as('root', 'admin').feedback.give(correct('Only here.'))
    const other = foreigner(test)
    expect(await codeOf(other.feedback.get(given.id))).toBe('NOT_FOUND')
    expect(await codeOf(other.examples.get(given.exampleId ?? ''))).toBe('NOT_FOUND')
    expect((await other.feedback.list()).items).toEqual([])
    expect((await other.examples.list()).items).toEqual([])
    expect((await other.examples.list({ search: 'only' })).items).toEqual([])
    expect(await codeOf(other.feedback.metrics('bot'))).toBe('NOT_FOUND')
    expect(await codeOf(other.feedback.give(correct('Also there.')))).toBe('NOT_FOUND')
    let text = ''
    for await (const part of await other.examples.export()) text += part
    expect(text).toBe('')
  })

  it.each([
    `'; drop table learning_examples; --`,
    `word:* & !other | <->`,
    `(((`,
    `a <-> b:A*`,
    String.raw`\'`,
    '%_',
    '"unclosed',
    '-only',
    'x'.repeat(500),
  ])('is searched for by whatever people type in: %s', async (search) => {
    const { examples, feedback } = store.test.as('root', 'admin')
    await feedback.give(correct('Still here.'))
    expect(Array.isArray((await examples.list({ search })).items)).toBe(true)
    expect((await examples.list({ search: 'still here' })).items.length).toBeGreaterThan(0)
    expect((await examples.list({ tag: search.slice(0, 64) })).items).toEqual([])
  })

  it('is found best first, by whole words in any case, without those left out', async () => {
    const { examples, feedback } = store.test.as('root', 'admin')
    await feedback.give(correct('Zebra zebra zebra.', { input: 'zebra' }))
    await feedback.give(correct('One ZEBRA and much else beside it.', { input: 'animals' }))
    await feedback.give(correct('Zebrano wood.', { input: 'wood' }))
    const inputs = async (search: string) => (await examples.list({ search })).items.map(({ input }) => input)
    expect(await inputs('zebra')).toEqual(['zebra', 'animals'])
    expect(await inputs('zebra -animals')).toEqual(['zebra'])
    expect(await inputs('"much else"')).toEqual(['animals'])
    // A dictionary of one language would leave such words out.
    expect(await inputs('beside it')).toEqual(['animals'])
  })
})

describeOnPostgres('the tables of feedback', (store) => {
  const asApp = (workspace: string, statement: string) =>
    store.asOwner(`begin; set local role preceptor_app; set local preceptor.workspace to '${workspace}'; ${statement}`)

  it('show the application role the rows of its workspace alone', async () => {
    await store.test.as('root', 'admin').feedback.give(correct('Behind the wall.'))
    for (const table of ['learning_feedback', 'learning_examples']) {
      expect(await asApp('default', `select 1 from ${table} limit 1`)).toHaveLength(1)
      expect(await asApp('other', `select 1 from ${table}`)).toEqual([])
    }
    await expect(
      asApp('other', `update learning_examples set occurrences = occurrences + 1 returning id`),
    ).resolves.toEqual([])
    await expect(asApp('other', `insert into learning_captures values ('default', 9)`)).rejects.toThrow(
      /row-level security/,
    )
  })

  it.each([
    ['feedback that is changed', `update learning_feedback set comment = 'x'`],
    ['feedback that is removed', 'delete from learning_feedback'],
    ['an example that is removed', 'delete from learning_examples'],
    ['an example with another text', `update learning_examples set correction = 'x'`],
    ['an example that is held out no longer', 'update learning_examples set is_held_out = not is_held_out'],
  ])('take from the application role no %s', async (_, statement) => {
    await store.test.as('root', 'admin').feedback.give(correct('Stays.'))
    await expect(asApp('default', statement)).rejects.toThrow(/permission denied/)
  })

  it('are searched by their index, which a search behind row-level security would not use', async () => {
    const explain = (role: string) =>
      store.asOwner(`begin; set local role ${role}; set local preceptor.workspace to 'default';
        set local enable_seqscan to off; set local enable_indexscan to off;
        explain select id from learning_examples
        where search @@ websearch_to_tsquery('simple', 'word')`)
    expect(JSON.stringify(await explain('preceptor_system'))).toContain('learning_examples_search')
    expect(JSON.stringify(await explain('preceptor_app'))).not.toContain('learning_examples_search')
  })

  it.each([
    ['feedback', `update learning_feedback set comment = 'x'`, /append-only/],
    ['an example', `update learning_examples set correction = 'x'`, /stays what it is/],
    [
      'how often one came',
      'update learning_examples set occurrences = occurrences - 1 where occurrences > 1',
      /no less/,
    ],
    [
      'one that tests',
      `update learning_examples set applied_by = 'trn', applied_at = now() where is_held_out`,
      /violates/,
    ],
  ])('let nobody change %s, the owner neither', async (_, statement, message) => {
    const admin = store.test.as('root', 'admin')
    for (let count = 0; count < 12; count += 1) {
      await admin.feedback.give({ ...correct(`Number ${count}.`), input: `Question ${count}` })
    }
    await admin.feedback.give({ ...correct('Number 1.'), input: 'Question 1' })
    await expect(store.asOwner(statement)).rejects.toThrow(message)
  })
})
