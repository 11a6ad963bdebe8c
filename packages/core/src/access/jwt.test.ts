import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  base64url,
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJwtVerifier, type JwtVerifier } from './jwt.ts'
import type { JwtOptions, PublicJwk } from './jwt-options.ts'

const ISSUER = 'https://issuer.example'
const AUDIENCE = 'preceptor'
const NOW = 1_800_000_000_000

type Keys = Awaited<ReturnType<typeof generateKeyPair>>

let clockMs = NOW
const clock = { now: (): number => clockMs }
const keys = new Map<string, Keys>()
const jwks: { keys: PublicJwk[] } = { keys: [] }
let stranger: Keys

beforeAll(async () => {
  for (const algorithm of ['EdDSA', 'ES256', 'RS256', 'PS256'] as const) {
    const pair = await generateKeyPair(algorithm, { extractable: true })
    keys.set(algorithm, pair)
    const { kty = '', ...jwk } = await exportJWK(pair.publicKey)
    jwks.keys.push({ kty, ...jwk, kid: algorithm, alg: algorithm })
  }
  stranger = await generateKeyPair('RS256', { extractable: true })
})

const pair = (algorithm: string): Keys => {
  const known = keys.get(algorithm)
  if (known === undefined) throw new Error(`no key for ${algorithm}`)
  return known
}

const seconds = (offset: number): number => Math.floor(NOW / 1_000) + offset
const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: 'ana', workspace: 'default', exp: seconds(300), iat: seconds(-10) }

interface Forgery {
  readonly claims?: Record<string, unknown>
  readonly header?: Record<string, unknown>
  readonly key?: CryptoKey
}

async function sign({ claims = {}, header = {}, key }: Forgery = {}): Promise<string> {
  const protectedHeader = { alg: 'RS256', kid: 'RS256', typ: 'at+jwt', ...header } as JWTHeaderParameters
  const payload = Object.fromEntries(
    Object.entries({ ...CLAIMS, ...claims }).filter(([, value]) => value !== undefined),
  )
  return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(key ?? pair('RS256').privateKey)
}

/** Puts together what no library would sign. */
function assemble(header: object, claims: object, signature: (input: string) => string): string {
  const input = [header, claims].map((part) => base64url.encode(JSON.stringify(part))).join('.')
  return `${input}.${signature(input)}`
}

async function assembleSigned(header: object): Promise<string> {
  const { privateKey } = pair('RS256')
  const input = [header, CLAIMS].map((part) => base64url.encode(JSON.stringify(part))).join('.')
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, new TextEncoder().encode(input))
  return `${input}.${base64url.encode(new Uint8Array(signature))}`
}

const options = (more: Partial<JwtOptions> = {}): JwtOptions => ({ issuer: ISSUER, audience: AUDIENCE, jwks, ...more })
const verifier = (more: Partial<JwtOptions> = {}): JwtVerifier => createJwtVerifier(options(more), clock)
const refused = { code: 'CREDENTIAL_INVALID' }

describe('JWT', () => {
  it.each(['EdDSA', 'ES256', 'RS256', 'PS256'])('signed with %s is taken [AUTH-4]', async (alg) => {
    const token = await sign({ header: { alg, kid: alg }, key: pair(alg).privateKey, claims: { jti: 't1' } })
    const claims = await verifier().verify(token)
    expect(claims).toEqual({ workspace: 'default', subject: 'ana', roles: null, id: 't1' })
  })

  it('takes a list of audiences that holds ours, and a small difference of clocks [AUTH-4]', async () => {
    const token = await sign({ claims: { aud: ['other', AUDIENCE], exp: seconds(-3), nbf: seconds(3) } })
    await expect(verifier().verify(token)).resolves.toMatchObject({ subject: 'ana' })
  })

  it('is known for a minute, and never for longer than it holds [AUTH-4]', async () => {
    let asked = 0
    const counting = { now: (): number => clockMs }
    const kept = createJwtVerifier(options(), counting)
    const subtle = crypto.subtle.verify
    crypto.subtle.verify = (...given: Parameters<typeof subtle>) => {
      asked += 1
      return subtle.apply(crypto.subtle, given)
    }
    try {
      const [long, short] = [await sign(), await sign({ claims: { exp: seconds(30) } })]
      await kept.verify(long)
      await kept.verify(short)
      clockMs = NOW + 29_999
      await kept.verify(long)
      await kept.verify(short)
      expect(asked).toBe(2)
      // The clocks may differ by five seconds, so that it still holds; but it is verified anew.
      clockMs = NOW + 30_000
      await kept.verify(short)
      expect(asked).toBe(3)
      clockMs = NOW + 59_999
      await kept.verify(long)
      expect(asked).toBe(3)
      clockMs = NOW + 60_000
      await kept.verify(long)
      expect(asked).toBe(4)
      await expect(kept.verify(short)).rejects.toMatchObject(refused)
    } finally {
      crypto.subtle.verify = subtle
      clockMs = NOW
    }
  })

  it('is as long as it may be, and has an id of its own or the beginning of its hash [AUTH-4]', async () => {
    const idOf = async (claims: Record<string, unknown>): Promise<string> =>
      (await verifier().verify(await sign({ claims }))).id
    expect(await idOf({ jti: 'j'.repeat(200) })).toBe('j'.repeat(200))
    expect(await idOf({ jti: 'j'.repeat(201) })).toMatch(/^[0-9a-f]{16}$/)
    expect(await idOf({ jti: 7 })).toMatch(/^[0-9a-f]{16}$/)
    expect(await idOf({})).toMatch(/^[0-9a-f]{16}$/)
    await expect(verifier().verify(await sign({ claims: { sub: 's'.repeat(200) } }))).resolves.toMatchObject({
      subject: 's'.repeat(200),
    })
    await expect(verifier().verify(await sign({ claims: { sub: 's'.repeat(201) } }))).rejects.toMatchObject(refused)
    await expect(verifier().verify(await sign({ claims: { sub: '' } }))).rejects.toMatchObject(refused)
    await expect(verifier().verify(await sign({ claims: { exp: 8_640_000_000_000 } }))).resolves.toMatchObject({
      subject: 'ana',
    })
    await expect(verifier().verify(await sign({ claims: { exp: 8_640_000_000_001 } }))).rejects.toMatchObject(refused)
  })

  it('of more characters than 8,192 is not looked at [AUTH-4]', async () => {
    const bare = (await sign({ claims: { pad: '' } })).length
    const longest = await sign({ claims: { pad: 'x'.repeat(Math.floor((8_192 - bare) * 0.75)) } })
    expect(longest.length).toBeGreaterThan(8_188)
    await expect(verifier().verify(longest)).resolves.toMatchObject({ subject: 'ana' })
    const faultOf = (text: string): Promise<unknown> =>
      verifier()
        .verify(text)
        .catch((fault: unknown) => fault)
    expect(await faultOf('x'.repeat(8_192))).toMatchObject({ ...refused, cause: expect.any(Error) })
    expect(await faultOf('x'.repeat(8_193))).toMatchObject(refused)
    expect(await faultOf('x'.repeat(8_193))).not.toHaveProperty('cause')
  })

  const attacks: Record<string, () => Promise<string>> = {
    'alg none': async () => assemble({ alg: 'none', typ: 'at+jwt', kid: 'RS256' }, CLAIMS, () => ''),
    'alg none with a signature': async () => assemble({ alg: 'none', typ: 'at+jwt' }, CLAIMS, () => 'AAAA'),
    'alg NoNe': async () => assemble({ alg: 'NoNe', typ: 'at+jwt', kid: 'RS256' }, CLAIMS, () => 'AAAA'),
    'HS256 with the public RSA key as the secret': async () => {
      const secret = await exportSPKI(pair('RS256').publicKey)
      const header = { alg: 'HS256', kid: 'RS256', typ: 'at+jwt' }
      return assemble(header, CLAIMS, (input) => createHmac('sha256', secret).update(input).digest('base64url'))
    },
    'RS512, which is not on the list': async () => {
      const other = await generateKeyPair('RS512', { extractable: true })
      return sign({ header: { alg: 'RS512' }, key: other.privateKey })
    },
    'a key of somebody else under our kid': () => sign({ key: stranger.privateKey }),
    'the algorithm of another key': () => sign({ header: { kid: 'ES256' } }),
    'a kid that is a path': () => sign({ header: { kid: '../../../../dev/null' } }),
    'a kid that nobody has': () => sign({ header: { kid: 'new' } }),
    'a key in the header (jwk)': async () =>
      sign({ header: { jwk: await exportJWK(stranger.publicKey) }, key: stranger.privateKey }),
    'the address of a key (jku)': () => sign({ header: { jku: 'http://127.0.0.1:9/jwks' }, key: stranger.privateKey }),
    'the address of a certificate (x5u), although our own key signed': () =>
      sign({ header: { x5u: 'http://127.0.0.1:9/cert' } }),
    'a certificate (x5c)': () => sign({ header: { x5c: ['AAAA'] } }),
    'a critical extension': () =>
      assembleSigned({ alg: 'RS256', kid: 'RS256', typ: 'at+jwt', crit: ['urn:x'], 'urn:x': 1 }),
    'another issuer': () => sign({ claims: { iss: 'https://issuer.example.evil' } }),
    'no issuer': () => sign({ claims: { iss: undefined } }),
    'another audience': () => sign({ claims: { aud: 'someone-else' } }),
    'no audience': () => sign({ claims: { aud: undefined } }),
    'an end that has passed': () => sign({ claims: { exp: seconds(-60) } }),
    'no end': () => sign({ claims: { exp: undefined } }),
    'an end that is a text': () => sign({ claims: { exp: String(seconds(300)) } }),
    'a beginning in the future': () => sign({ claims: { nbf: seconds(60) } }),
    'no subject': () => sign({ claims: { sub: undefined } }),
    'an empty subject': () => sign({ claims: { sub: '' } }),
    'a subject that is a number': () => sign({ claims: { sub: 7 } }),
    'no workspace': () => sign({ claims: { workspace: undefined } }),
    'a workspace that is a list': () => sign({ claims: { workspace: ['default'] } }),
    'an id token (typ JWT)': () => sign({ header: { typ: 'JWT' } }),
    'no typ': () => sign({ header: { typ: undefined } }),
    'changed claims': async () => {
      const [header = '', , signature = ''] = (await sign()).split('.')
      return `${header}.${base64url.encode(JSON.stringify({ ...CLAIMS, sub: 'root' }))}.${signature}`
    },
    'a signature cut short': async () => (await sign()).slice(0, -20),
    'text that is no token': async () => 'a.b.c',
    'a header that is no JSON': async () => `${base64url.encode('{')}.e30.AAAA`,
    'a header that is a list': async () => `${base64url.encode('[]')}.e30.AAAA`,
    'ten thousand characters': async () => `${(await sign()).slice(0, -1)}${'A'.repeat(10_000)}`,
  }

  it.each(Object.keys(attacks))('with %s is refused [AUTH-4, I-35]', async (name) => {
    const token = await attacks[name]?.()
    await expect(verifier().verify(token ?? '')).rejects.toMatchObject(refused)
  })

  it('is taken with a listed algorithm only, although the key would do [AUTH-4]', async () => {
    const bare = { keys: jwks.keys.filter(({ kid }) => kid === 'RS256').map(({ alg: _, ...key }) => key) }
    const signed = async (alg: 'RS256' | 'RS512'): Promise<string> => {
      const { privateKey } = pair('RS256')
      const jwk = { ...(await exportJWK(privateKey)), alg }
      const key = (await importJWK(jwk, alg)) as CryptoKey
      return sign({ header: { alg }, key })
    }
    await expect(verifier({ jwks: bare }).verify(await signed('RS256'))).resolves.toMatchObject({ subject: 'ana' })
    await expect(verifier({ jwks: bare }).verify(await signed('RS512'))).rejects.toMatchObject(refused)
    const only: JwtOptions['algorithms'] = ['EdDSA']
    await expect(verifier({ jwks: bare, algorithms: only }).verify(await signed('RS256'))).rejects.toMatchObject(
      refused,
    )
  })

  it('says the same of every forgery [I-35]', async () => {
    const messages = new Set<string>()
    for (const forge of Object.values(attacks)) {
      await verifier()
        .verify(await forge())
        .catch((error: Error) => messages.add(error.message))
    }
    expect(messages.size).toBe(1)
  })

  it('without the extension the same assembly is taken: the attack above fails for what it claims', async () => {
    const token = await assembleSigned({ alg: 'RS256', kid: 'RS256', typ: 'at+jwt' })
    await expect(verifier().verify(token)).resolves.toMatchObject({ subject: 'ana' })
  })

  it('grants roles only where the option names a claim, and only roles there are [AUTH-5]', async () => {
    const token = await sign({ claims: { roles: ['admin', 'root', 'viewer'], groups: 'admin' } })
    expect((await verifier().verify(token)).roles).toBeNull()
    expect((await verifier({ rolesFromToken: 'roles' }).verify(token)).roles).toEqual(['admin', 'viewer'])
    expect((await verifier({ rolesFromToken: 'groups' }).verify(token)).roles).toEqual([])
    expect((await verifier({ rolesFromToken: 'constructor' }).verify(token)).roles).toEqual([])
  })

  it('verifies a token once a minute, and never past its end [AUTH-4]', async () => {
    const one = verifier()
    const token = await sign({ claims: { exp: seconds(30) } })
    await one.verify(token)
    clockMs = NOW + 29_000
    await expect(one.verify(token)).resolves.toMatchObject({ subject: 'ana' })
    clockMs = NOW + 40_000
    await expect(one.verify(token)).rejects.toMatchObject(refused)
    clockMs = NOW
  })
})

describe('JWT options', () => {
  it('are checked before anything is verified [CONF-1, AUTH-4]', () => {
    expect(() => createJwtVerifier({ ...options(), issuer: '' }, clock)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    )
  })
})

describe('JWT with keys of an address', () => {
  let server: Server
  let answer: (path: string) => { status: number; body: string } | 'hang'
  let asked = 0
  const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked += 1
      const given = answer(request.url ?? '')
      if (given === 'hang') return
      response.writeHead(given.status, { 'content-type': 'application/json' }).end(given.body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it('fetches the keys once [AUTH-4]', async () => {
    asked = 0
    answer = () => ({ status: 200, body: JSON.stringify(jwks) })
    const remote = verifier({ jwks: address() })
    await remote.verify(await sign())
    await remote.verify(await sign({ claims: { sub: 'bo' } }))
    await expect(remote.verify(await sign({ header: { kid: 'new' } }))).rejects.toMatchObject(refused)
    expect(asked).toBe(1)
  })

  it.each<[string, typeof answer]>([
    ['answers 500', () => ({ status: 500, body: '' })],
    ['answers with a redirect', () => ({ status: 302, body: '' })],
    ['answers with no JSON', () => ({ status: 200, body: '<html>' })],
    ['answers with no keys', () => ({ status: 200, body: '{"keys":7}' })],
    ['hangs', () => 'hang'],
  ])('denies with a code of its own within 2 s while the server %s [I-1, AUTH-4]', async (_name, given) => {
    answer = given
    const started = performance.now()
    await expect(verifier({ jwks: address() }).verify(await sign())).rejects.toMatchObject({
      code: 'IDENTITY_PROVIDER_UNAVAILABLE',
    })
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  it('denies with that code when nobody listens there [I-1, AUTH-4]', async () => {
    await expect(verifier({ jwks: 'http://127.0.0.1:9/jwks' }).verify(await sign())).rejects.toMatchObject({
      code: 'IDENTITY_PROVIDER_UNAVAILABLE',
    })
  })
})
