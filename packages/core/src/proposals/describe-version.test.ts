import type { ActionDefinition, JsonObject, PreviewBlock } from '@preceptor/client'
import { describe, expect, it, vi } from 'vitest'
import { specifyAction } from '../actions/specify-action.ts'
import type { Report } from '../context.ts'
import { describeVersion, type VersionDescription } from './describe-version.ts'
import { genericPreview, genericSummary } from './generic-preview.ts'

interface Told extends VersionDescription {
  readonly reports: readonly Report[]
}

function told(definition: object, args: JsonObject = { cents: 5, pin: 'canary' }): Told {
  const reports: Report[] = []
  const schema = { properties: { pin: { writeOnly: true } } }
  const action = specifyAction('refund.create', { args: schema, ...definition } as ActionDefinition)
  return { ...describeVersion({ report: (report) => void reports.push(report) }, action, { args }), reports }
}

const BLOCKS: readonly PreviewBlock[] = [
  { kind: 'kv', items: [{ label: 'To', value: 'Clara' }] },
  { kind: 'text', text: 'Duplicate charge.\nTwice.' },
  { kind: 'diff', before: 'a', after: 'b', language: 'ts' },
  { kind: 'code', code: 'select 1', language: 'sql' },
  { kind: 'table', columns: ['a', 'b'], rows: [[1, { x: null }]] },
  { kind: 'money', amount: 124_000, currency: 'EUR', label: 'Refund' },
  { kind: 'recipients', items: ['clara@example.test'] },
  { kind: 'link', url: 'https://example.test/cus_91' },
  { kind: 'warning', text: 'It cannot be undone.' },
]

describe('what an action shows to who decides', () => {
  it('is stored as it is given, in every kind of block [CARD-4]', () => {
    const given = told({ summary: () => 'Refund EUR 1,240.00', preview: () => BLOCKS })
    expect(given).toMatchObject({ summary: 'Refund EUR 1,240.00', preview: BLOCKS, reports: [] })
  })

  it('sees the args, but neither what the schema hides nor anything that it could change [CARD-4, I-33]', () => {
    const args = Object.freeze({ cents: 5, pin: 'canary', to: ['a'] })
    const seen: JsonObject[] = []
    const change = (shown: JsonObject): never[] => {
      seen.push(structuredClone(shown))
      ;(shown.to as string[]).push('b')
      return []
    }
    expect(told({ preview: change }, args).preview).toBe('failed')
    expect(seen).toEqual([{ cents: 5, pin: '[redacted]', to: ['a'] }])
    expect(args.to).toEqual(['a'])
  })

  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  const text = (length: number): object => ({ kind: 'text', text: 'x'.repeat(length) })

  it.each<[string, () => unknown]>([
    ['throws', () => Reflect.apply(Reflect.get({}, 'none') as () => void, null, [])],
    ['throws nothing', () => throwing(undefined)],
    ['answers later', async () => BLOCKS],
    ['fails later', async () => throwing(new Error('later'))],
    ['gives nothing', () => undefined],
    ['gives one block', () => BLOCKS[0]],
    ['gives a text', () => 'a refund'],
    ['gives another kind', () => [{ kind: 'html', html: '<b>' }]],
    ['gives more than a block has', () => [{ kind: 'text', text: 'a', html: '<b>' }]],
    ['gives less than a block has', () => [{ kind: 'money', amount: 5 }]],
    ['gives parts of a cent', () => [{ kind: 'money', amount: 0.5, currency: 'EUR' }]],
    ['gives a number that there is not', () => [{ kind: 'kv', items: [{ label: 'a', value: Number.NaN }] }]],
    ['gives a link that runs', () => [{ kind: 'link', url: 'javascript:alert(1)' }]],
    ['gives a link to a file', () => [{ kind: 'link', url: 'file:///etc/passwd' }]],
    ['gives rows of another width', () => [{ kind: 'table', columns: ['a'], rows: [[1, 2]] }]],
    ['gives a function', () => [{ kind: 'text', text: () => 'a' }]],
    ['gives a cycle', () => cyclic],
    ['gives an accessor', () => [{ kind: 'text', get text() { return 'a' } }]], // biome-ignore format: one line each
    ['gives a prototype', () => [JSON.parse('{"kind":"text","text":"a","__proto__":{"polluted":true}}')]],
    ['gives a prototype inside', () => [{ kind: 'table', columns: ['a'], rows: [[JSON.parse('{"__proto__":1}')]] }]],
    ['gives a character that cannot be stored', () => [{ kind: 'text', text: 'a\0b' }]],
    ['gives half of a character', () => [{ kind: 'text', text: '\ud800' }]],
    ['gives what throws when it is read', () => new Proxy([], { get: () => throwing(new Error('read')) })],
    ['gives 21 blocks', () => Array.from({ length: 21 }, () => text(1))],
    ['gives a block of more than 16 kB', () => [text(16_384)]],
    ['gives endless blocks', () => Object.assign([], { length: 4_294_967_295 })],
  ])('is left out when it %s [CARD-4]', async (_, preview) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const given = told({ summary: () => 'A refund', preview })
    expect(given).toMatchObject({ summary: 'A refund', preview: 'failed' })
    expect(given.reports).toMatchObject([{ level: 'warn', code: 'NOTICE' }])
    expect(given.reports[0]?.message).toContain('refund.create')
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('takes 20 blocks of just under 16 kB [CARD-4]', () => {
    const most = Array.from({ length: 20 }, () => text(16_384 - '{"kind":"text","text":""}'.length))
    expect(told({ preview: () => most }).preview).toEqual(most)
  })

  it.each<[string, () => unknown]>([
    ['throws', () => throwing(new Error('no'))],
    ['is empty', () => ' \n'],
    ['is no text', () => 5],
    ['is longer than 200 characters', () => 'x'.repeat(201)],
    ['answers later', async () => 'A refund'],
  ])('says so when its line %s [CARD-4]', (_, summary) => {
    expect(told({ summary, preview: () => BLOCKS })).toMatchObject({ summary: null, preview: 'failed' })
  })

  it('is one line, without secrets and without what turns it [CARD-4, I-33]', () => {
    const line = 'Pay\u202e 5\nwith password=hunter2'
    expect(told({ summary: () => line }).summary).toBe('Pay  5 with password=[redacted]')
  })

  it('must be functions [CARD-4]', () => {
    for (const part of ['summary', 'preview']) {
      expect(() => told({ [part]: 'text' })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
    }
  })
})

function throwing(error: unknown): never {
  throw error
}

describe('what is shown of an action that shows nothing', () => {
  it('is all of its args, short ones as a list and the others whole [CARD-4]', () => {
    const long = 'y'.repeat(20_000)
    const preview = genericPreview({ cents: 5, ok: true, none: null, to: 'a', lines: [{ a: 1 }], long, '': 'unnamed' })
    expect(preview[0]).toEqual({
      kind: 'kv',
      items: [
        { label: 'cents', value: 5 },
        { label: 'ok', value: true },
        { label: 'none', value: null },
        { label: 'to', value: 'a' },
      ],
    })
    const rest = preview.slice(1).map((block) => (block.kind === 'code' ? JSON.parse(block.code) : null))
    expect(rest).toEqual([{ lines: [{ a: 1 }] }, { long }, { '': 'unnamed' }])
    expect(genericPreview({})).toEqual([])
  })

  it('is a line that asks, and says what it leaves out [CARD-4]', () => {
    expect(genericSummary('refund.create', {})).toBe('Asks for refund.create without arguments.')
    expect(genericSummary('refund.create', { cents: 5, to: 'a\u202eb' })).toBe(
      'Asks for refund.create with cents 5, to "a b".',
    )
    expect(genericSummary('a', { b: 'x'.repeat(300) })).toBe('Asks for a with 1 argument.')
    expect(genericSummary('a', { a: 1, b: 'x'.repeat(300), c: 2 })).toBe('Asks for a with a 1 and 2 more arguments.')
    expect(genericSummary('a'.repeat(128), { a: 'x'.repeat(70) }).length).toBeLessThanOrEqual(200)
    expect(genericSummary('a', { key: 'pcp_abcdefgh_ijklmnopqrst' })).not.toContain('ijklmn')
  })
})
