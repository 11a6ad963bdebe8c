import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { parsePolicyFile } from './read-policy-file.ts'

const problems = (text: string) =>
  parsePolicyFile(text).problems.map(({ line, column, field, message }) => `${line}:${column} ${field}: ${message}`)

describe('a policy file', () => {
  it('is YAML 1.2 with comments, or JSON; the schema that it names is no part of it [POL-23]', () => {
    const document = { actions: { 'refund.create': { ceiling: 'intern' } }, shadow: ['no', '1'] }
    const yaml = [
      '# yaml-language-server: $schema=./policy.schema.json',
      '$schema: ./policy.schema.json',
      'actions: # by name',
      '  refund.create: { ceiling: intern }',
      "shadow: [no, '1'] # a text in YAML 1.2",
    ].join('\n')
    expect(parsePolicyFile(yaml)).toEqual({ document, problems: [] })
    expect(parsePolicyFile(JSON.stringify({ $schema: './policy.schema.json', ...document }, null, '\t'))).toEqual({
      document,
      problems: [],
    })
    for (const empty of ['', '# nothing yet\n', '{}', '\ufeff{}', '---\n{}\n']) {
      expect(parsePolicyFile(empty)).toEqual({ document: {}, problems: [] })
    }
  })

  it.each<[string, string, readonly string[]]>([
    [
      'the Norway problem',
      'separationOfDuties: no',
      [
        '1:21 separationOfDuties: Invalid input: expected boolean, received string; no is a text in YAML 1.2, write false',
      ],
    ],
    [
      'the Norway problem the other way round',
      '%YAML 1.1\n---\nshadow: [no]',
      ['1:1 null: it asks for YAML 1.1, in which "no" and "on" are no texts; leave the directive out'],
    ],
    [
      'a name twice',
      'shadow: [a]\nshadow: [b]',
      ['2:1 null: the name stands twice here; the first of them would be lost'],
    ],
    [
      'an action twice',
      'actions:\n  a: { risk: high }\n  a: { risk: safe }',
      ['3:3 null: the name stands twice here; the first of them would be lost'],
    ],
    ['a tab', 'actions:\n\ta: {}', ['2:1 null: a tab indents this line; YAML indents by spaces']],
    [
      'an alias',
      'shadow: &all [refund]\nlimits: *all',
      ['2:9 null: the alias *all is not followed; write out what it stands for'],
    ],
    [
      'a bomb of aliases',
      'a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n',
      ['2:8', '2:12', '3:8', '3:12'].map(
        (at, index) => `${at} null: the alias *${index < 2 ? 'a' : 'b'} is not followed; write out what it stands for`,
      ),
    ],
    ['a tag', 'shadow: !!js/function "x"', ['1:9 null: there are no tags in a policy']],
    ['two documents', '{}\n---\n{}', ['2:1 null: a second document begins here; a policy is one document']],
    [
      'a name that is a number',
      'actions:\n  1: { risk: high }',
      ['2:3 null: the name "1" is no text; put it in quotes'],
    ],
    [
      'a number where a name is meant',
      'shadow:\n  - 1',
      ['2:5 shadow.0: Invalid input: expected string, received number; put 1 in quotes'],
    ],
    [
      'a text where a number is meant',
      'proposalTtlMs: 1_000',
      ['1:16 proposalTtlMs: Invalid input: expected number, received string; write it without quotes and separators'],
    ],
    [
      'a field that is empty',
      'limits:\nshadow: [a]',
      ['1:8 limits: Invalid input: expected array, received null; it is empty, leave the field out'],
    ],
    [
      'a word that there is not',
      'actions:\n  refund.create:\n    risk: hi',
      ['3:11 actions.refund.create.risk: it is one of "safe", "medium", "high", "critical"'],
    ],
    ['a field that there is not', 'shadows: [a]', ['1:1 shadows: there is no field "shadows"']],
    ['a field that is missing', 'limits:\n  - name: a\n    per: day', ['2:5 limits.0.most: it is missing']],
    ['a list', '- a', ['1:1 null: Invalid input: expected object, received array']],
    [
      'an action that no one can name',
      '{"actions":{"__proto__":{"risk":"high"}}}',
      ['1:13 actions.__proto__: no action has this name'],
    ],
    [
      'limits of one name',
      'limits:\n  - { name: a, per: day, most: 1 }\n  - { name: a, per: hour, most: 1 }',
      ['3:13 limits.1.name: two limits are named "a"'],
    ],
    [
      'a target without its scope',
      'limits:\n  - { name: a, per: day, most: 1, target: iban }',
      ['2:43 limits.0.target: the limit "a" names a target and is not of the scope "target"'],
    ],
  ])('says where %s stands [POL-23]', (_, text, expected) => {
    expect(problems(text)).toEqual(expected)
  })

  it('says where a condition does not compile [POL-23]', () => {
    expect(problems('actions:\n  pay:\n    when: args.')).toEqual([
      expect.stringMatching(/^3:11 actions\.pay\.when: The condition is not valid: /),
    ])
  })

  it.each<[string, string]>([
    ['brackets', '['.repeat(200_000)],
    ['lists in lists', '- '.repeat(100_000)],
    ['maps in maps', Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('is refused before %s are followed down [POL-23]', (_, text) => {
    expect(problems(text)).toEqual([expect.stringMatching(/it is nested more than 100 levels deep$/)])
  })

  it('takes any text for what it is, or says where it is wrong: it never throws [POL-23]', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
      '#',
      '\t',
      '&a',
      '*a',
      '|',
      '>',
      '!',
      '%',
      '?',
      '0x1',
      '~',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
          fc.string(),
        ),
        (text) => {
          const { document, problems: found } = parsePolicyFile(text)
          expect(document === null).toBe(found.length > 0)
          for (const { line, column } of found) {
            expect(line).toBeGreaterThanOrEqual(1)
            expect(line).toBeLessThanOrEqual(text.split('\n').length)
            expect(column).toBeGreaterThanOrEqual(1)
          }
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('reads what YAML and JSON are written of a policy as that policy [POL-23]', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => /^[^\p{Cc}\p{Cs}]+$/u.test(text) && text !== '__proto__')
    const policy = fc.record(
      {
        shadow: fc.array(
          fc.oneof(name, fc.constantFrom('no', 'yes', 'null', '1', '1e3', '~', '*a', '&a', '# x', ' a ')),
        ),
        actions: fc.dictionary(name, fc.record({ risk: fc.constantFrom('safe', 'high'), waitMs: fc.nat(1_000) })),
        limits: fc.uniqueArray(fc.record({ name, per: fc.constant('day'), most: fc.maxSafeNat() }), {
          selector: (one) => one.name,
        }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(policy, (document) => {
        const plain = JSON.parse(JSON.stringify(document))
        expect(parsePolicyFile(stringify(plain))).toEqual({ document: plain, problems: [] })
        expect(parsePolicyFile(JSON.stringify(plain, null, 2))).toEqual({ document: plain, problems: [] })
      }),
    )
  })
})
