import { createHmac } from 'node:crypto'
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGovernor, type EmbeddedGovernor } from '../governor.ts'
import { createJwtVerifier, type JwtVerifier } from './jwt.ts'
import type { PublicJwk } from './jwt-options.ts'
import {
  ALGORITHMS,
  AUDIENCE,
  base64url,
  CLAIMS,
  der,
  fill,
  HEADER,
  ISSUER,
  jwks,
  makeKeys,
  NOW,
  ORDER,
  partOf,
  publicKey,
  seconds,
  sign,
  signature,
} from './signed-token.test.helper.ts'

const clock = { now: (): number => NOW }
let stranger: CryptoKey

beforeAll(async () => {
  await makeKeys()
  stranger = (await generateKeyPair('RS256', { extractable: true })).privateKey
})

const withHeader = (more: object): Promise<string> => sign({ header: { ...HEADER, ...more } })
const withClaims = (more: object): Promise<string> => sign({ payload: { ...CLAIMS, ...more } })
const without = (from: object, name: string): object => ({ ...from, [name]: undefined })

/** Signs with ES256 and hands on what becomes of the signature. */
async function changed(change: (signature: Uint8Array) => Uint8Array): Promise<string> {
  const input = `${partOf({ ...HEADER, alg: 'ES256', kid: 'ES256' })}.${partOf(CLAIMS)}`
  return `${input}.${base64url(change(await signature(input, 'ES256')))}`
}

async function hmac(bits: 256 | 384 | 512, secret: string | Uint8Array): Promise<string> {
  const input = `${partOf({ ...HEADER, alg: `HS${bits}` })}.${partOf(CLAIMS)}`
  return `${input}.${createHmac(`sha${bits}`, secret).update(input).digest('base64url')}`
}

const unsigned = (alg: unknown, end = ''): string => `${partOf({ ...HEADER, alg })}.${partOf(CLAIMS)}.${end}`
type Make = () => Promise<string> | string
type Vectors = Readonly<Record<string, Make>>

const VALID: Vectors = {
  ...Object.fromEntries(
    ALGORITHMS.map((alg): [string, Make] => [
      alg,
      () => sign({ header: { ...HEADER, alg, kid: alg }, algorithm: alg }),
    ]),
  ),
  'no kid, where one key fits': () => sign({ header: without(HEADER, 'kid') }),
  'typ with its whole media type': () => withHeader({ typ: 'application/at+jwt' }),
  'a header that means nothing': () => withHeader({ note: 'x' }),
  'a list of audiences with ours': () => withClaims({ aud: ['other', AUDIENCE] }),
  'a fraction of a second': () => withClaims({ exp: seconds(300) + 0.5, nbf: seconds(-0.5) }),
  'a beginning that has passed': () => withClaims({ nbf: seconds(-1) }),
  'claims with quotes, colons and braces in them': () => withClaims({ note: '"sub": "root", {"a": [1]} \\" : ' }),
  'the same key at two places': () => withClaims({ one: { sub: 1 }, two: [{ sub: 2 }, { sub: 3 }] }),
  'claims in another alphabet': () => withClaims({ sub: 'Änne 安娜 😀' }),
  'blanks around the JSON': () => sign({ payload: ` ${JSON.stringify(CLAIMS, null, 2)}\n` }),
}

const ALGORITHM: Vectors = {
  ...Object.fromEntries(
    ['none', 'None', 'NONE', 'nOnE', 'none ', ' none', 'none\0', '', null, true, 0, {}, ['none'], ['RS256']].flatMap(
      (alg): [string, Make][] => [
        [`alg ${JSON.stringify(alg)} without a signature`, () => unsigned(alg)],
        [`alg ${JSON.stringify(alg)} with a signature`, () => withHeader({ alg })],
      ],
    ),
  ),
  'no alg': () => sign({ header: without(HEADER, 'alg') }),
  ...Object.fromEntries(
    ['rs256', 'Rs256', 'RS256 ', 'RS384', 'RS512', 'PS384', 'ES384', 'ES256K', 'RS1', 'HS256', 'dir', 'RSA-OAEP'].map(
      (alg): [string, Make] => [`alg ${alg} over a signature of RS256`, () => withHeader({ alg })],
    ),
  ),
  ...Object.fromEntries(
    ([256, 384, 512] as const).flatMap((bits): [string, Make][] => [
      [`HS${bits} with the public key as PEM`, async () => hmac(bits, await exportSPKI(publicKey('RS256')))],
      [
        `HS${bits} with the public key as DER`,
        async () => hmac(bits, new Uint8Array(await crypto.subtle.exportKey('spki', publicKey('RS256')))),
      ],
      [
        `HS${bits} with the public key as JWK`,
        async () => hmac(bits, JSON.stringify(await exportJWK(publicKey('RS256')))),
      ],
      [`HS${bits} with the modulus`, async () => hmac(bits, (await exportJWK(publicKey('RS256'))).n ?? '')],
      [`HS${bits} with nothing`, () => hmac(bits, '')],
    ]),
  ),
  'PS256 said, RS256 signed': () => withHeader({ alg: 'PS256', kid: 'PS256' }),
  'PS256 by the key of RS256': () => withHeader({ alg: 'PS256' }),
  'RS256 said, PS256 signed': () => sign({ algorithm: 'PS256' }),
  'RS256 by the key of PS256': () => withHeader({ kid: 'PS256' }),
  'ES256 by the key of RS256': () => withHeader({ alg: 'ES256' }),
  'EdDSA by the key of ES256': () => withHeader({ alg: 'EdDSA', kid: 'ES256' }),
}

const KEY: Vectors = {
  ...Object.fromEntries(
    [
      '../../../../dev/null',
      '/dev/null',
      "x' or '1'='1",
      "RS256' union select 'x",
      'RS256\0',
      'rs256',
      ' RS256',
      '',
      '__proto__',
      'constructor',
      'x'.repeat(4_000),
      null,
      0,
      7,
      true,
      [],
      ['RS256'],
      {},
      { toString: 'RS256' },
    ].map((kid): [string, Make] => [`kid ${JSON.stringify(kid).slice(0, 40)}`, () => withHeader({ kid })]),
  ),
  'jwk of somebody else': async () => sign({ header: { ...HEADER, jwk: await exportJWK(stranger) }, key: stranger }),
  'jwk of our own': async () => withHeader({ jwk: await exportJWK(publicKey('RS256')) }),
  ...Object.fromEntries(
    ['jku', 'x5u'].map((name): [string, Make] => [
      `${name}, with our key`,
      () => withHeader({ [name]: 'http://127.0.0.1:9/' }),
    ]),
  ),
  'x5c, with our key': () => withHeader({ x5c: ['AAAA'] }),
  'x5t, with our key': () => withHeader({ x5t: 'AAAA' }),
  'x5t#S256, with our key': () => withHeader({ 'x5t#S256': 'AAAA' }),
  'the key of somebody else': () => sign({ key: stranger }),
}

const EXTENSIONS: Vectors = Object.fromEntries(
  [
    { crit: [] },
    { crit: ['exp'] },
    { crit: ['alg'] },
    { crit: ['exp'], exp: 1 },
    { crit: 'exp', exp: 1 },
    { crit: null },
    { crit: ['urn:x'] },
    { crit: ['urn:x'], 'urn:x': 1 },
    { crit: ['b64'], b64: false },
    { crit: ['b64'], b64: true },
    { b64: false },
    { b64: true },
    { b64: 'false' },
  ].map((more): [string, Make] => [JSON.stringify(more), () => withHeader(more)]),
)

const raw = async (part: (token: string) => string): Promise<string> => part(await sign())
/** Changes one of the three parts as text. */
const partly = (index: number, change: (part: string) => string): Promise<string> =>
  raw((token) =>
    token
      .split('.')
      .map((part, at) => (at === index ? change(part) : part))
      .join('.'),
  )
const json = JSON.stringify(CLAIMS)

const SPELLING: Vectors = {
  ...Object.fromEntries(
    [0, 1, 2].flatMap((index): [string, Make][] => [
      [
        `part ${index} with padding`,
        () => partly(index, (part) => `${part}${'='.repeat((4 - (part.length % 4)) % 4 || 4)}`),
      ],
      [`part ${index} with a blank`, () => partly(index, (part) => `${part} `)],
      [`part ${index} with a line break`, () => partly(index, (part) => `${part.slice(0, 8)}\n${part.slice(8)}`)],
      [
        `part ${index} with a sign of no alphabet`,
        () => partly(index, (part) => `${part.slice(0, 8)}!${part.slice(8)}`),
      ],
      [`part ${index} with one character more`, () => partly(index, (part) => `${part}A`)],
      [`part ${index} empty`, () => partly(index, () => '')],
    ]),
  ),
  'the alphabet of plain base64': () =>
    partly(2, (part) => Buffer.from(part, 'base64url').toString('base64').replaceAll('=', '')),
  'bits at the end that mean nothing': () =>
    partly(2, (part) => {
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      return part.slice(0, -1) + alphabet.charAt(alphabet.indexOf(part.slice(-1)) + 1)
    }),
  'a fourth part': () => raw((token) => `${token}.AAAA`),
  'a dot at the end': () => raw((token) => `${token}.`),
  'a dot at the beginning': () => raw((token) => `.${token}`),
  'two parts': () => raw((token) => token.split('.').slice(0, 2).join('.')),
  'text behind it': () => raw((token) => `${token},${token}`),
  'a blank around it': () => raw((token) => ` ${token}`),
  'a JWE': () => [HEADER, CLAIMS, CLAIMS, CLAIMS, CLAIMS].map(partOf).join('.'),
  'a JWS of the JSON form': async () => {
    const [header, payload, signed] = (await sign()).split('.')
    return JSON.stringify({ protected: header, payload, signature: signed })
  },
  'a token in a token': async () => sign({ header: { ...HEADER, cty: 'JWT' }, payload: await sign() }),
  'a key twice in the header': () => sign({ header: '{"alg":"none","alg":"RS256","kid":"RS256","typ":"at+jwt"}' }),
  'a key twice in the header, spelt in two ways': () =>
    sign({ header: '{"\\u0061lg":"none","alg":"RS256","kid":"RS256","typ":"at+jwt"}' }),
  'a key twice in the claims': () => sign({ payload: `${json.slice(0, -1)},"sub":"root"}` }),
  'a key twice inside a claim': () => sign({ payload: `${json.slice(0, -1)},"x":{"a":1,"a":2}}` }),
  'a header that is a list': () => sign({ header: JSON.stringify([HEADER]) }),
  'a header that is null': () => sign({ header: 'null' }),
  'claims that are a list': () => sign({ payload: `[${json}]` }),
  'claims that are a text': () => sign({ payload: JSON.stringify(json) }),
  'claims that are a number': () => sign({ payload: '7' }),
  'claims that are null': () => sign({ payload: 'null' }),
  'data behind the claims': () => sign({ payload: `${json}{}` }),
  'a comment in the claims': () => sign({ payload: `${json}//` }),
  'a mark of byte order': () => sign({ payload: `\uFEFF${json}` }),
  'bytes that are no text': () =>
    sign({ payload: Buffer.concat([Buffer.from(json.slice(0, -2)), Buffer.from([0xff, 0x22, 0x7d])]) }),
  'claims nested without end': () =>
    sign({ payload: `${json.slice(0, -1)},"x":${'['.repeat(2_500)}${']'.repeat(2_500)}}${' '.repeat(2_000)}` }),
  'ten thousand characters': () => withClaims({ x: 'x'.repeat(10_000) }),
}

const SIGNATURE: Vectors = {
  'r and s of zero': () => changed(() => fill(64)),
  'r of zero': () => changed((raw64) => Buffer.concat([fill(32), raw64.subarray(32)])),
  's of zero': () => changed((raw64) => Buffer.concat([raw64.subarray(0, 32), fill(32)])),
  'r and s of the order': () => changed(() => Buffer.concat([ORDER, ORDER])),
  'r of the order': () => changed((raw64) => Buffer.concat([ORDER, raw64.subarray(32)])),
  'all bits set': () => changed(() => fill(64, 255)),
  'one byte less': () => changed((raw64) => raw64.subarray(0, 63)),
  'one byte more': () => changed((raw64) => Buffer.concat([raw64, fill(1)])),
  'a zero before r and s': () =>
    changed((raw64) => Buffer.concat([fill(1), raw64.subarray(0, 32), fill(1), raw64.subarray(32)])),
  'r without s': () => changed((raw64) => raw64.subarray(0, 32)),
  DER: () => changed(der),
  'RSA of zero': () => partly(2, () => base64url(fill(256))),
  'RSA of one': () => partly(2, () => base64url(Buffer.concat([fill(255), fill(1, 1)]))),
  'RSA with one byte less': () => partly(2, (part) => base64url(Buffer.from(part, 'base64url').subarray(1))),
  'RSA with a zero before it': () =>
    partly(2, (part) => base64url(Buffer.concat([fill(1), Buffer.from(part, 'base64url')]))),
  'EdDSA of zero': () =>
    `${partOf({ ...HEADER, alg: 'EdDSA', kid: 'EdDSA' })}.${partOf(CLAIMS)}.${base64url(fill(64))}`,
  'of other claims': async () => {
    const [header, , signed] = (await sign()).split('.')
    return `${header}.${partOf({ ...CLAIMS, sub: 'root' })}.${signed}`
  },
  'of another header': async () => {
    const [, payload, signed] = (await sign()).split('.')
    return `${partOf({ ...HEADER, x: 1 })}.${payload}.${signed}`
  },
}

const CLAIM: Vectors = {
  ...Object.fromEntries(
    ['JWT', 'at+jwt;x', 'at-jwt', 'jwt', 'id+jwt', 'application/jwt', '', null, 7, ['at+jwt'], {}].map(
      (typ): [string, Make] => [`typ ${JSON.stringify(typ)}`, () => withHeader({ typ })],
    ),
  ),
  'no typ': () => sign({ header: without(HEADER, 'typ') }),
  ...Object.fromEntries(
    [
      'precepto',
      'preceptor2',
      'PRECEPTOR',
      ' preceptor',
      'preceptor ',
      'other,preceptor',
      '',
      null,
      7,
      {},
      [],
      ['other'],
      [[AUDIENCE]],
      { 0: AUDIENCE },
    ].map((aud): [string, Make] => [`aud ${JSON.stringify(aud)}`, () => withClaims({ aud })]),
  ),
  ...Object.fromEntries(
    [`${ISSUER}/`, `${ISSUER}.evil`, ISSUER.toUpperCase(), 'http://issuer.example', '', null, 7, [ISSUER], {}].map(
      (iss): [string, Make] => [`iss ${JSON.stringify(iss)}`, () => withClaims({ iss })],
    ),
  ),
  ...Object.fromEntries(
    [
      String(seconds(300)),
      seconds(-60),
      0,
      -1,
      seconds(-6),
      null,
      true,
      {},
      [seconds(300)],
      '2999-01-01T00:00:00Z',
      8_640_000_000_001,
      1e308,
      NOW * 1e9,
    ].map((exp): [string, Make] => [`exp ${JSON.stringify(exp)}`, () => withClaims({ exp })]),
  ),
  'exp past every number': () => sign({ payload: json.replace(/"exp":\d+/, '"exp":1e999') }),
  ...Object.fromEntries(
    [seconds(60), seconds(6), 1e308, String(seconds(-10)), null, [], {}].map((nbf): [string, Make] => [
      `nbf ${JSON.stringify(nbf)}`,
      () => withClaims({ nbf }),
    ]),
  ),
  ...Object.fromEntries(
    ['', null, 7, ['ana'], {}, 'x'.repeat(201)].map((sub): [string, Make] => [
      `sub ${JSON.stringify(sub).slice(0, 20)}`,
      () => withClaims({ sub }),
    ]),
  ),
  ...Object.fromEntries(
    [null, 7, ['default'], {}].map((workspace): [string, Make] => [
      `workspace ${JSON.stringify(workspace)}`,
      () => withClaims({ workspace }),
    ]),
  ),
  ...Object.fromEntries(
    ['iss', 'aud', 'exp', 'sub', 'workspace'].map((name): [string, Make] => [
      `no ${name}`,
      () => sign({ payload: without(CLAIMS, name) }),
    ]),
  ),
  'claims that hang on a prototype': () =>
    sign({ payload: `{"__proto__":${json},"iss":"${ISSUER}","aud":"${AUDIENCE}","exp":${seconds(300)}}` }),
}

const TABLES: Readonly<Record<string, Vectors>> = {
  algorithm: ALGORITHM,
  key: KEY,
  extension: EXTENSIONS,
  spelling: SPELLING,
  signature: SIGNATURE,
  claim: CLAIM,
}
const HOSTILE = Object.entries(TABLES).flatMap(([table, vectors]) =>
  Object.entries(vectors).map(([name, make]): [string, string, Make] => [table, name, make]),
)

const verifier = (keys: { readonly keys: readonly PublicJwk[] } = jwks): JwtVerifier =>
  createJwtVerifier({ issuer: ISSUER, audience: AUDIENCE, jwks: keys }, clock)
const refused = { code: 'CREDENTIAL_INVALID' }

describe('a token that holds', () => {
  it.each(Object.entries(VALID))('%s is taken [AUTH-4]', async (_, make) => {
    await expect(verifier().verify(await make())).resolves.toMatchObject({ workspace: 'default' })
  })
})

describe('a hostile token', () => {
  it('is one of a great many [I-35]', () => {
    expect(HOSTILE.length).toBeGreaterThan(180)
  })

  it.each(HOSTILE)('%s: %s is refused [AUTH-4, I-35]', async (_table, _name, make) => {
    await expect(verifier().verify(await make())).rejects.toMatchObject(refused)
  })
})

describe('at the gate', () => {
  let governor: EmbeddedGovernor

  beforeAll(async () => {
    const jwt = { issuer: ISSUER, audience: AUDIENCE, jwks }
    governor = await createGovernor({
      memory: true,
      jwt,
      clock: { now: () => NOW, monotonic: () => NOW },
      report: () => undefined,
    })
    const host = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
    await host.members.put('ana', { displayName: 'Ana', roles: ['viewer'] })
  })
  afterAll(() => governor.close())

  it('a token is taken, and every hostile one refused [AUTH-4, I-35]', async () => {
    expect(await governor.authenticate(await sign())).toMatchObject({ principal: { id: 'ana', roles: ['viewer'] } })
    const taken: string[] = []
    for (const [table, name, make] of HOSTILE) {
      await governor.authenticate(await make()).then(
        () => taken.push(`${table}: ${name}`),
        (error: { readonly code?: string }) => expect([name, error.code]).toEqual([name, 'CREDENTIAL_INVALID']),
      )
    }
    expect(taken).toEqual([])
  })
})
