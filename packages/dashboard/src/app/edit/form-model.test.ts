import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftOf, fieldsOf, readForm } from './form-model.ts'

const SCHEMA = {
  type: 'object',
  required: ['cents', 'to'],
  properties: {
    cents: { type: 'integer' },
    to: { type: 'string' },
    note: { type: 'string' },
    share: { type: 'number' },
    notify: { type: 'boolean' },
    method: { enum: ['card', 'bank', 3] },
    items: { type: 'array' },
    address: { type: 'object', properties: { zip: { type: 'string' } } },
    either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  },
}
const ARGS = { cents: 5, to: '007', notify: false, method: 'card', items: [1, '1'], address: { zip: '08' }, either: 4 }

describe('a form', () => {
  it('has a field for each arg by its schema, and opens groups [DASH-2]', () => {
    const kinds = Object.fromEntries(fieldsOf(SCHEMA, ARGS).map(({ pointer, kind }) => [pointer, kind]))
    expect(kinds).toEqual({
      '/cents': 'integer',
      '/to': 'text',
      '/note': 'text',
      '/share': 'number',
      '/notify': 'boolean',
      '/method': 'choice',
      '/items': 'json',
      '/address/zip': 'text',
      '/either': 'json',
    })
  })

  it('keeps types: what looks like a number stays a text, and a number a number [DASH-2]', () => {
    const fields = fieldsOf(SCHEMA, ARGS)
    const draft = { ...draftOf(fields, ARGS), '/cents': ' 120 ', '/to': '008', '/note': '1', '/share': '0.5' }
    expect(readForm(fields, draft, ARGS)).toEqual({
      args: { ...ARGS, cents: 120, to: '008', note: '1', share: 0.5 },
      problems: new Map(),
    })
  })

  it('says what does not fit its field, and leaves out what stays empty', () => {
    const fields = fieldsOf(SCHEMA, ARGS)
    const draft = { ...draftOf(fields, ARGS), '/cents': '1.5', '/share': 'much', '/items': '[1,', '/method': '' }
    const { args, problems } = readForm(fields, draft, ARGS)
    expect([...problems.keys()]).toEqual(['/cents', '/share', '/items'])
    expect(args).not.toHaveProperty('method')
    expect(args).not.toHaveProperty('note')
  })

  it('gives back what it was given, whatever the args are [DASH-2]', () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((name) => name !== '__proto__'),
          value,
        ),
        (given) => {
          const args = JSON.parse(JSON.stringify(given))
          const fields = fieldsOf(null, args)
          expect(readForm(fields, draftOf(fields, args), args)).toEqual({ args, problems: new Map() })
        },
      ),
    )
  })
})
