import { describe, expect, it } from 'vitest'
import type { WorkflowValue } from '../client/workflow-definition.ts'
import { definitionProblems } from './check-definition.ts'
import { definitionOf } from './definitions.test.helper.ts'

function problemsOf(headers: Readonly<Record<string, WorkflowValue>>): readonly string[] {
  const definition = definitionOf([{ id: 'a', type: 'api_call', method: 'GET', url: 'https://a.example', headers }])
  return definitionProblems(definition).map(({ path, code, message }) => `${path} ${code}: ${message}`)
}

describe('headers of a step that calls an API', () => {
  it('are texts, expressions, and secrets by their name', () => {
    const headers = {
      'x-note': 'one',
      'x-id': { $cel: 'input.id' },
      'x-api-key': { $secret: 'crm' },
      authorization: { $secret: 'crm', prefix: 'Bearer ' },
    }
    expect(problemsOf(headers)).toEqual([])
  })

  it.each<[string, string, WorkflowValue, string]>([
    ['a secret with more than a prefix', 'x-key', { $secret: 'crm', value: 'x' }, 'A secret is only filled in'],
    ['a prefix that is no text', 'x-key', { $secret: 'crm', prefix: 7 }, 'A secret is only filled in'],
    [
      'a secret that is written out',
      'Authorization',
      'Basic YW5hOnNlY3JldA==',
      'The header authorization holds a secret',
    ],
    ['a secret in a text', 'x-note', 'token=abcdefgh', 'The header x-note holds a secret: write { "$secret"'],
    [
      'a secret in a prefix',
      'x-note',
      { $secret: 'crm', prefix: 'token=abcdefgh ' },
      'The header x-note holds a secret',
    ],
    ['what belongs to the connection', 'Host', 'elsewhere.example', 'The header host is set by the connection alone.'],
    ['a second line', 'x-note', 'one\r\nx-two: 2', 'The header x-note holds a character that no header can carry.'],
  ])('are refused with %s', (_, name, value, problem) => {
    const [first = '', ...more] = problemsOf({ [name]: value })
    expect(more).toEqual([])
    expect(first).toContain(`steps[0].headers.${name} malformed: ${problem}`)
    expect(first).not.toMatch(/abcdefgh|YW5h/)
  })
})
