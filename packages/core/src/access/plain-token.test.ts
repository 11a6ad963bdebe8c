import { describe, expect, it } from 'vitest'
import { assertPlainToken } from './plain-token.ts'

const part = (text: string): string => Buffer.from(text).toString('base64url')
const token = (header: string, payload: string): string => `${part(header)}.${part(payload)}.AAAA`
const isPlain = (text: string): boolean => {
  try {
    assertPlainToken(text)
    return true
  } catch {
    return false
  }
}

describe('a plain token [AUTH-4, I-35]', () => {
  it.each([
    ['{"alg":"RS256"}', '{}'],
    ['{"alg":"RS256","kid":"a"}', '{"sub":"ana","exp":1}'],
    ['{}', '{"nested":{"sub":"a"},"sub":"b"}'],
    ['{}', '{"list":[{"a":1},{"a":1},[{"a":null}]],"n":null,"yes":true}'],
    ['{}', '{ "sub" : "ana" }'],
    ['{}', '{"text":"a:b","quoted":"she said \\"sub\\": no","end":"\\\\"}'],
    ['{}', '{"a\\"b":1,"c\\\\":"d\\"e\\"f"}'],
    ['{}', '{"names":["a","b","c"],"of":["x: y"]}'],
  ])('may be %s with %s', (header, payload) => {
    expect(isPlain(token(header, payload))).toBe(true)
  })

  it.each([
    ['no part', ''],
    ['one part', part('{}')],
    ['two parts', `${part('{}')}.${part('{}')}`],
    ['four parts', `${token('{}', '{}')}.AAAA`],
    ['five parts, as what is encrypted has', `${token('{}', '{}')}.AAAA.AAAA`],
    ['an empty header', `.${part('{}')}.AAAA`],
    ['an empty payload', `${part('{}')}..AAAA`],
    ['an empty signature', `${part('{}')}.${part('{}')}.`],
    ['padding', `${Buffer.from('{"a":1}').toString('base64')}.${part('{}')}.AAAA`],
    ['a blank', `${part('{}')}.${part('{}')}.AA AA`],
    ['a line break', `${part('{}')}.${part('{}')}.AAAA\n`],
    ['bits that mean nothing', `${part('{}')}.${part('{}')}.AB`],
    ['the alphabet of base64', `${part('{}')}.${part('{}')}.+/+/`],
    ['a header that is a list', token('[]', '{}')],
    ['a header that is null', token('null', '{}')],
    ['a header that is a text', token('"alg"', '{}')],
    ['a payload that is a list', token('{}', '[]')],
    ['a payload that is null', token('{}', 'null')],
    ['a payload that is a number', token('{}', '7')],
    ['a payload that is no JSON', token('{}', '{')],
    ['a payload after a mark of its order of bytes', token('{}', '\uFEFF{}')],
    ['a payload that is no UTF-8', `${part('{}')}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.AAAA`],
    ['a key twice', token('{}', '{"sub":"a","sub":"b"}')],
    ['a key twice, once escaped', token('{}', '{"sub":"a","\\u0073ub":"b"}')],
    ['a key twice in the header', token('{"alg":"none","alg":"RS256"}', '{}')],
    ['a key twice, with blanks', token('{}', '{"sub" \n: "a", "sub" : "b"}')],
    ['a key twice inside', token('{}', '{"a":{"b":1,"b":2}}')],
    ['a key twice in a list', token('{}', '{"a":[{"b":1,"b":2}]}')],
    ['a key twice after an escaped quote', token('{}', '{"a\\"":"\\"b\\"","a\\"":1}')],
  ])('has not %s', (_what, text) => {
    expect(isPlain(text)).toBe(false)
  })

  it.each(['jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64'])('brings no %s of its own', (name) => {
    expect(isPlain(token(JSON.stringify({ alg: 'RS256', [name]: null }), '{}'))).toBe(false)
    expect(isPlain(token('{"alg":"RS256"}', JSON.stringify({ [name]: null })))).toBe(true)
  })
})
