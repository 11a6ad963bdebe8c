import { randomBytes } from 'node:crypto'
import type { JsonObject, JsonValue } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeApiKeySecret } from '../access/api-key-secret.ts'
import { redact } from './redact.ts'
import { sensitivePathsOf } from './redact-schema.ts'

const JWT = `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U`
const PEM = `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nx+y/z==\n-----END RSA PRIVATE KEY-----`
const API_KEY = makeApiKeySecret(randomBytes).secret
const AWS_KEY = 'AKIAIOSFODNN7EXAMPLE'
const CARD = '4111 1111 1111 1111'
const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>

describe('redaction by the form of a text', () => {
  it.each([
    ['a JWT', JWT, '[redacted]'],
    ['a JWT in a sentence', `sent ${JWT}, then waited`, 'sent [redacted], then waited'],
    ['a bearer token', 'Authorization: Bearer abc.DEF-123_456~x', 'Authorization: Bearer [redacted]'],
    ['a bearer JWT', `bearer ${JWT}`, 'bearer [redacted]'],
    ['an API key of ours', `key ${API_KEY}.`, 'key [redacted].'],
    ['an access key id', `id=${AWS_KEY};`, 'id=[redacted];'],
    ['a token of GitHub', `ghp_${'a1B2'.repeat(9)}`, '[redacted]'],
    ['a key of OpenAI', 'sk-proj-abcdefghijklmnopqrstuv', '[redacted]'],
    ['a private key', `before\n${PEM}\nafter`, 'before\n[redacted]\nafter'],
    ['a private key that was cut off', `before ${PEM.slice(0, 60)}`, 'before [redacted]'],
    ['two private keys', `${PEM} and ${PEM}`, '[redacted] and [redacted]'],
    ['a password in an address', 'postgres://app:hunter2@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
    ['a password in a query', 'GET /?user=a&password=hunter2&page=2', 'GET /?user=a&password=[redacted]&page=2'],
    ['a secret in JSON text', '{"client_secret":"abc","a":1}', '{"client_secret":"[redacted]","a":1}'],
    [
      'a secret of a compound name',
      'clientSecret=abc MY_API_KEY = def',
      'clientSecret=[redacted] MY_API_KEY = [redacted]',
    ],
    ['a token in a setting', 'access_token: abc123 end', 'access_token: [redacted] end'],
    ['a card number', CARD, '[redacted]'],
    ['a card number with dashes', `card 5500-0000-0000-0004!`, 'card [redacted]!'],
    ['a card number beside other numbers', `order 12 ${CARD} 2026`, 'order 12 [redacted] 2026'],
    ['an American card', '378282246310005', '[redacted]'],
  ])('redacts %s [I-33]', (_name, text, expected) => {
    expect(redact(text)).toBe(expected)
    expect(redact({ note: [text] })).toEqual({ note: [expected] })
  })

  it.each([
    'alice@example.com',
    'order 1234567890123',
    '1767609000123',
    '4111 1111 1111 1112',
    '123456789012345678901234567890',
    'a token of appreciation',
    'the secretary keeps the keys',
    'passengers: 4',
    'pcp_abcdefgh',
    'eyJ',
    'eyJhbGciOiJ.x',
    'bearer of bad news',
    '-----BEGIN CERTIFICATE-----',
    'https://example.com:8080/a@b',
    'SKU-sk-12',
    'a1b2c3d4-0000-7000-8000-000000000000',
    '+49 30 1234 5678 9012',
    '',
  ])('leaves %s', (text) => {
    expect(redact(text)).toBe(text)
  })

  it('redacts a card that is a number, and no other number', () => {
    expect(redact({ a: 4_111_111_111_111_111, b: 1_767_609_000_123, c: 4.1111e15 + 0.5, d: -5 })).toEqual({
      a: '[redacted]',
      b: 1_767_609_000_123,
      c: 4.1111e15 + 0.5,
      d: -5,
    })
  })
})

describe('redaction by the name of the key', () => {
  it.each([
    'password',
    'Password',
    'userPassword',
    'passwd',
    'passphrase',
    'pwd',
    'db_pwd',
    'secret',
    'clientSecret',
    'client-secret',
    'token',
    'accessToken',
    'refresh_token',
    'X-Auth-Token',
    'tokens',
    'Authorization',
    'proxy-authorization',
    'api_key',
    'apiKey',
    'X-API-Key',
    'accessKeyId',
    'private_key',
    'signingKey',
    'cookie',
    'Set-Cookie',
    'credentials',
    'cvv',
    'card_cvc',
    'pin',
    'otp',
  ])('redacts whatever stands under %s [I-33]', (name) => {
    expect(redact({ [name]: 'x', a: 1 })).toEqual({ [name]: '[redacted]', a: 1 })
    expect(redact({ deep: [{ [name]: { a: ['x'] } }] })).toEqual({ deep: [{ [name]: '[redacted]' }] })
    expect(redact({ [name]: null })).toEqual({ [name]: null })
    expect(redact({ [name]: true })).toEqual({ [name]: true })
  })

  it.each([
    'max_tokens',
    'secretary',
    'key',
    'monkey',
    'author',
    'tokenizer',
    'passenger',
    'shipping',
    'cookieless',
    'name',
  ])('leaves what stands under %s', (name) => {
    expect(redact({ [name]: 7 })).toEqual({ [name]: 7 })
  })

  it('redacts a number that is a secret', () => {
    expect(redact({ pin: 1234, token: 5 })).toEqual({ pin: '[redacted]', token: '[redacted]' })
  })

  it('redacts secrets that stand in a key', () => {
    expect(redact({ [`Bearer ${JWT}`]: 1 })).toEqual({ 'Bearer [redacted]': 1 })
  })
})

describe('redaction by schema', () => {
  const schema: JsonObject = {
    type: 'object',
    properties: {
      iban: { type: 'string', sensitive: true },
      customer: { $ref: '#/$defs/customer' },
      lines: { type: 'array', items: { properties: { note: { sensitive: true }, cents: {} } } },
      pair: { prefixItems: [{}, { properties: { b: { sensitive: true } } }] },
      byName: { additionalProperties: { properties: { c: { sensitive: true } } } },
      either: { anyOf: [{ properties: { d: { sensitive: true } } }, { type: 'null' }] },
      open: { sensitive: false },
    },
    $defs: { customer: { properties: { birthday: { sensitive: true }, city: {} } } },
  }

  it('redacts what the schema of the args marks as sensitive, and nothing beside it [I-33]', () => {
    const sensitivePaths = sensitivePathsOf(schema)
    const args = {
      iban: 'DE89',
      customer: { birthday: '2000-01-01', city: 'Berlin' },
      lines: [
        { note: 'a', cents: 1 },
        { note: { deep: true }, cents: 2 },
      ],
      pair: [{ b: 1 }, { b: 2 }],
      byName: { x: { c: 'y', e: 1 } },
      either: { d: 'z' },
      open: 'o',
      birthday: 'kept',
    }
    expect(redact(args, { sensitivePaths })).toEqual({
      iban: '[redacted]',
      customer: { birthday: '[redacted]', city: 'Berlin' },
      lines: [
        { note: '[redacted]', cents: 1 },
        { note: '[redacted]', cents: 2 },
      ],
      pair: [{ b: '[redacted]' }, { b: '[redacted]' }],
      byName: { x: { c: '[redacted]', e: 1 } },
      either: { d: '[redacted]' },
      open: 'o',
      birthday: 'kept',
    })
  })

  it('finds no place in a schema that marks none', () => {
    expect(sensitivePathsOf({ properties: { a: { type: 'string' } } })).toEqual([])
    expect(sensitivePathsOf({})).toEqual([])
  })

  it('redacts everything under a schema that is sensitive as a whole', () => {
    expect(redact({ a: 1 }, { sensitivePaths: sensitivePathsOf({ sensitive: true }) })).toBe('[redacted]')
  })

  it('ends on schemas that refer to themselves, and redacts where it no longer follows them', () => {
    const list: JsonObject = { properties: { next: { $ref: '#' }, pin: { sensitive: true } } }
    let args: JsonObject = { pin: 'x', name: 'end' }
    for (let level = 0; level < 40; level += 1) args = { next: args, name: 'n' }
    const redacted = redact(args, { sensitivePaths: sensitivePathsOf(list) })
    expect(JSON.stringify(redacted)).toContain('[redacted]')
    expect(JSON.stringify(redacted)).not.toContain('end')
    const tree: JsonObject = { properties: { left: { $ref: '#' }, right: { $ref: '#' }, pin: { sensitive: true } } }
    expect(redact({ a: 1 }, { sensitivePaths: sensitivePathsOf(tree) })).toBe('[redacted]')
    expect(sensitivePathsOf({ $ref: '#/$defs/none', a: { sensitive: true } })).toEqual([])
  })
})

describe('redaction', () => {
  it('leaves the original as it was', () => {
    const original = Object.freeze({ password: 'x', list: Object.freeze(['y', JWT]) })
    expect(redact(original)).not.toBe(original)
    expect(original).toEqual({ password: 'x', list: ['y', JWT] })
  })

  it('copies what holds no secret as it is, the key __proto__ included', () => {
    const value = JSON.parse('{"__proto__":{"a":1},"constructor":[null,true,"b"]}')
    const copied = redact(value)
    expect(JSON.stringify(copied)).toBe(JSON.stringify(value))
    expect(Reflect.get({}, 'a')).toBeUndefined()
  })

  it('follows 64 levels', () => {
    const nested = (levels: number): JsonValue => (levels === 0 ? 'x' : [nested(levels - 1)])
    expect(redact(nested(64))).toEqual(nested(64))
    expect(JSON.stringify(redact(nested(65)))).toBe(`${'['.repeat(65)}"[redacted]"${']'.repeat(65)}`)
    let bottomless: unknown = 'x'
    for (let level = 0; level < 50_000; level += 1) bottomless = [bottomless]
    expect(JSON.stringify(redact(bottomless as JsonValue))).toContain('[redacted]')
  })

  it('is done after one time, and lets no planted secret through [I-33]', () => {
    const secrets = [JWT, PEM, API_KEY, AWS_KEY, CARD]
    const canary = fc.constantFrom(...secrets)
    const holder = fc.record({ before: fc.string(), secret: canary, after: fc.string(), key: fc.string(), rest: json })
    fc.assert(
      fc.property(holder, ({ before, secret, after, key, rest }) => {
        const value = { [key]: [`${before} ${secret} ${after}`, { rest }], rest }
        const once = redact(value)
        expect(JSON.stringify(once)).not.toContain(JSON.stringify(secret).slice(1, -1))
        expect(redact(once)).toEqual(once)
      }),
      { numRuns: 500 },
    )
  })

  it('never throws on what is no JSON', () => {
    const cycle: unknown[] = []
    cycle.push(cycle)
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('trap')
        },
      },
    )
    const getter = Object.defineProperty({}, 'a', {
      get: () => {
        throw new Error('getter')
      },
      enumerable: true,
    })
    let doubled: unknown = 'x'
    for (let level = 0; level < 60; level += 1) doubled = [doubled, doubled]
    const odd: unknown[] = [
      undefined,
      1n,
      Symbol('a'),
      () => 1,
      Number.NaN,
      cycle,
      trap,
      getter,
      doubled,
      new Date(0),
      '\ud800',
      [Array(3)],
    ]
    for (const value of odd) expect(() => JSON.stringify(redact(value as JsonValue))).not.toThrow()
    expect(redact([undefined, 1n, Number.NaN] as unknown as JsonValue)).toEqual([
      '[redacted]',
      '[redacted]',
      '[redacted]',
    ])
    expect(redact(trap as JsonValue)).toBe('[redacted]')
  })

  const HOSTILE = [
    'eyJ',
    'eyJaaaaaaaa-',
    'eyJaaaaaaaa.',
    'eyJaaaaaaaa.bbbb.',
    'bearer ',
    'bearer    ',
    'pcp_',
    'pcp_aaaaaaaa_',
    'AKIA',
    'AKIAAAAAAAAAAAAAAAA',
    '://',
    '://a:',
    '://a:b',
    'password',
    'password ',
    'password=',
    'password"',
    "token'  ",
    'a-token',
    'api_key',
    'a_',
    'ghp_',
    'sk-',
    'xoxb-',
    '-----BEGIN ',
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----END ',
    '1',
    '1 ',
    '4-',
    '4111 ',
    '41111111',
    '1-1 ',
    ' ',
    '\t',
    'a',
    '=',
    '"',
    '.',
  ]

  it.each(HOSTILE)('takes time linear in a text of %j [I-33]', (part) => {
    const time = (length: number): number => {
      const text = part.repeat(Math.ceil(length / part.length)).slice(0, length)
      const start = performance.now()
      redact(`token ${text}\u0001`)
      return performance.now() - start
    }
    time(1_000)
    // Sixteen times the text would take 256 times as long if the time grew with the square: seconds, at this length.
    expect(Math.min(time(256_000), time(256_000))).toBeLessThan(500)
  })

  it('takes time linear in any mixture', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 5 }), (parts) => {
        const part = parts.join('')
        const text = part.repeat(Math.ceil(64_000 / part.length))
        const start = performance.now()
        redact(text)
        expect(performance.now() - start).toBeLessThan(1_000)
      }),
      { numRuns: 100 },
    )
  })
})
