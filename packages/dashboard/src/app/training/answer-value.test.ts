import { expect, it } from 'vitest'
import { readAnswerText } from './answer-value.ts'

it('an answer is JSON, or else the text that was typed, or nothing', () => {
  expect(readAnswerText(' {"cents": 350} ')).toEqual({ cents: 350 })
  expect(readAnswerText('0')).toBe(0)
  expect(readAnswerText('null')).toBeNull()
  expect(readAnswerText('{cents')).toBe('{cents')
  expect(readAnswerText(' \n ')).toBeUndefined()
})
