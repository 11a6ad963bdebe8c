import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visibleJson, visibleText } from './visible-text.ts'

describe('a text of an agent', () => {
  it.each([
    ['pay \u202e12 RUE', 'pay \\u202e12 RUE'],
    ['a\u200bb\u00adc\ufeff', 'a\\u200bb\\u00adc\\ufeff'],
    ['\u001b[2Kgone\r\u0085', '\\u001b[2Kgone\\u000d\\u0085'],
    ['tag \u{e0041}', 'tag \\udb40\\udc41'],
    ['fill \u3164\u2800\u00a0.', 'fill \\u3164\\u2800\\u00a0.'],
    ['half \ud800', 'half \\ud800'],
    ['p\u0430ypal', 'p\\u0430ypal'],
    ['\u0430\u0440\u0440.com', '\\u0430\\u0440\\u0440.com'],
  ])('shows what is hidden in %j [I-29]', (text, seen) => {
    expect(visibleText(text)).toBe(seen)
  })

  it.each(['two\nlines\tand a tab', 'Grüße, naïve, žluťoučký', 'Привет, мир', 'Tシャツ 価格', '😀 100 €'])(
    'leaves %j as it is [I-29]',
    (text) => expect(visibleText(text)).toBe(text),
  )
})

describe('JSON of an agent', () => {
  it('stays the value that it is [I-29]', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(JSON.parse(visibleJson(value, 2))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 50 },
    )
    expect(visibleJson('\nПривет')).toBe('"\\nПривет"')
  })
})
