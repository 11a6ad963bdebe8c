import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countLines, lineOf, MOST_LINE_BYTES, MOST_LINES, parseLines } from './example-lines.ts'

const word = fc.stringMatching(/^[a-z]{1,8}$/)
const example = fc.record({
  agentType: word,
  input: word,
  output: fc.oneof(
    fc.constant(null),
    word.map((text) => `was ${text}`),
  ),
  correction: word.map((text) => `is "${text}"\nand \\ 'ü'`),
  tags: fc.uniqueArray(word, { maxLength: 3 }),
})

describe('the lines of an import', () => {
  it('give back what was written as lines', () => {
    fc.assert(
      fc.property(fc.array(example, { maxLength: 10 }), (examples) => {
        const text = examples.map(lineOf).join('')
        expect(countLines(text)).toBe(examples.length)
        expect([...parseLines(text)]).toEqual(examples.map((one, index) => ({ line: index + 1, example: one })))
      }),
    )
  })

  it('are each read or refused, whatever they hold, with nothing of it in the message', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json()), { maxLength: 10 }), (lines) => {
        const text = lines.map((line) => line.replaceAll('\n', ' ')).join('\n')
        const parsed = [...parseLines(text)]
        expect(parsed).toHaveLength(countLines(text))
        for (const one of parsed) expect('refused' in one && one.refused.message.length > 0).toBe(true)
      }),
    )
  })

  it.each([
    ['no JSON', '{secret-word', 'The line is not JSON.'],
    ['a list', '["secret-word"]', 'example: '],
    ['an unknown key', '{"agentType":"qa","input":"a","correction":"b","secret":"secret-word"}', 'unknown key'],
    ['a type that is no name', '{"agentType":"Secret word!","input":"a","correction":"b"}', 'example.agentType'],
    ['nothing to learn', '{"agentType":"qa","input":"a","output":"b","correction":"b"}', 'corrects nothing'],
    [
      'a text that is too long',
      JSON.stringify({ agentType: 'qa', input: 'x'.repeat(20_001), correction: 'b' }),
      'input',
    ],
    ['a line that is too long', `${' '.repeat(MOST_LINE_BYTES)}{}`, 'more than 65536 bytes'],
    ['a character that cannot be stored', '{"agentType":"qa","input":"a\\u0000","correction":"b"}', 'U+0000'],
    ['half of a character', '{"agentType":"qa","input":"a\\ud800","correction":"b"}', 'half of a character'],
  ])('are refused for %s', (_, line, message) => {
    const [parsed] = [...parseLines(line)]
    if (parsed === undefined || !('refused' in parsed)) throw new Error('It was read.')
    expect(parsed.refused.message).toContain(message)
    expect(parsed.refused.message).not.toContain('secret-word')
  })

  it('are numbered as they stand, blank ones and a last one without an end, too', () => {
    const line = JSON.stringify({ agentType: 'qa', input: 'a', correction: 'b' })
    expect([...parseLines(`\n${line}\r\n\n\n${line}`)].map((one) => one.line)).toEqual([2, 5])
  })

  it('are counted no further than needed', () => {
    expect(countLines('x\n'.repeat(MOST_LINES))).toBe(MOST_LINES)
    expect(countLines('x\n'.repeat(MOST_LINES * 2))).toBe(MOST_LINES + 1)
  })
})
