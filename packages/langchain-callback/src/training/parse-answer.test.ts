import { describe, expect, it } from 'vitest'
import { parseAnswer } from './parse-answer.ts'

const JSON_TEXT = '{"cents":5}'

describe('a text of a model', () => {
  it.each([
    ['JSON', JSON_TEXT, { cents: 5 }],
    ['JSON with space around it', `\n  ${JSON_TEXT}\n`, { cents: 5 }],
    ['a number', '45.7', 45.7],
    ['null', 'null', null],
    ['a fence', `\`\`\`json\n${JSON_TEXT}\n\`\`\``, { cents: 5 }],
    ['a fence without a label', `\`\`\`\n${JSON_TEXT}\n\`\`\``, { cents: 5 }],
    ['a fence on one line', `\`\`\`JSON ${JSON_TEXT}\`\`\``, { cents: 5 }],
    ['words around a fence', `Here it is:\r\n\`\`\`json\r\n${JSON_TEXT}\r\n\`\`\`\r\nThat is all.`, { cents: 5 }],
    ['a fence inside of JSON', '```json\n{"reply":"```ts\\nx\\n```"}\n```', { reply: '```ts\nx\n```' }],
  ])('is read as JSON where it is %s', (_, text, answer) => {
    expect(parseAnswer(text)).toEqual(answer)
  })

  it.each([
    ['words', 'I do not know.'],
    ['words and JSON without a fence', `The answer is ${JSON_TEXT}`],
    ['JSON that is cut off', '{"cents":'],
    ['one fence', '```json {"cents":5}'],
    ['two fences', '```json\n1\n```\n```json\n2\n```'],
    ['another language', '```ts\nconst cents = 5\n```'],
  ])('stays as it is where it is %s', (_, text) => {
    expect(parseAnswer(text)).toBe(text)
  })

  it('gives no other prototype', () => {
    const answer = parseAnswer('{"__proto__":{"isAdmin":true}}')
    expect(Object.keys(Object(answer))).toEqual(['__proto__'])
    expect(Reflect.get(Object(answer), 'isAdmin')).toBeUndefined()
  })
})
