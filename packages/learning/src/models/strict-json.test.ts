import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readReply } from './read-reply.ts'
import { strictJson } from './strict-json.ts'

describe('strict JSON', () => {
  it('reads every object that JSON writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value)
        expect(strictJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each(['{"a":1,"a":2}', '{"a":{"b":1,"b":1}}', '[{"a":1}]', 'So: {"a":1}', '{"a":1} So.', '{"a":1', ''])(
    'reads nothing from %s',
    (text) => {
      expect(strictJson(text)).toBeUndefined()
    },
  )
})

describe('a reply', () => {
  it.each([
    ['text', 'yes', 'yes'],
    ['a message', { content: 'yes', response_metadata: { finish_reason: 'stop' } }, 'yes'],
    [
      'parts with thoughts',
      {
        content: [
          { type: 'thinking', thinking: 'no' },
          { type: 'text', text: 'yes' },
        ],
      },
      'yes',
    ],
  ])('is read from %s', (_, reply, text) => {
    expect(readReply(reply)).toEqual({ text })
  })

  it.each([
    ['it was cut off', { content: 'y', response_metadata: { finish_reason: 'length' } }],
    ['it was filtered', { content: 'y', response_metadata: { finish_reason: 'content_filter' } }],
    ['it refused', { content: '', additional_kwargs: { refusal: 'No.' } }],
    ['it called a tool', { content: 'y', tool_calls: [{ name: 'a' }] }],
    ['it is an image', { content: [{ type: 'image_url', image_url: 'x' }] }],
    ['it is nothing', undefined],
  ])('is none where %s', (_, reply) => {
    expect(readReply(reply)).toHaveProperty('problem')
  })
})
