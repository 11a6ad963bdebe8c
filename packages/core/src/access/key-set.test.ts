import { beforeAll, describe, expect, it } from 'vitest'
import { createJwtVerifier, type JwtVerifier } from './jwt.ts'
import type { PublicJwk } from './jwt-options.ts'
import { AUDIENCE, base64url, ISSUER, jwks, makeKeys, NOW, sign } from './signed-token.test.helper.ts'

beforeAll(makeKeys)

const clock = { now: (): number => NOW }
const verifier = (keys: { readonly keys: readonly PublicJwk[] }): JwtVerifier =>
  createJwtVerifier({ issuer: ISSUER, audience: AUDIENCE, jwks: keys }, clock)
const refused = { code: 'CREDENTIAL_INVALID' }

describe('a key set', () => {
  const only = (change: (key: PublicJwk) => PublicJwk): { readonly keys: readonly PublicJwk[] } => ({
    keys: jwks.keys.filter(({ kid }) => kid === 'RS256').map(change),
  })

  it.each<[string, (key: PublicJwk) => PublicJwk]>([
    ['for encryption', (key) => ({ ...key, use: 'enc' })],
    ['for something else than verifying', (key) => ({ ...key, key_ops: ['encrypt'] })],
    ['of another algorithm', (key) => ({ ...key, alg: 'RS512' })],
    ['of another name', (key) => ({ ...key, kid: 'RS257' })],
    ['of another kind', ({ kid }) => ({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid, alg: 'RS256' })],
  ])('whose key is %s verifies nothing [AUTH-4, I-35]', async (_, change) => {
    await expect(verifier(only(change)).verify(await sign())).rejects.toMatchObject(refused)
  })

  it.each<[string, (key: PublicJwk) => PublicJwk]>([
    ['has no modulus', (key) => ({ ...key, n: '' })],
    ['has a small modulus', (key) => ({ ...key, n: base64url(new Uint8Array(64).fill(255)) })],
    ['has an even exponent', (key) => ({ ...key, e: 'Ag' })],
  ])('whose key %s lets nobody in [AUTH-4, I-35]', async (_, change) => {
    await expect(verifier(only(change)).verify(await sign())).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:CREDENTIAL_INVALID|IDENTITY_PROVIDER_UNAVAILABLE)$/),
    })
  })

  it('with two keys of one name is not guessed at [AUTH-4]', async () => {
    const twice = { keys: [...only((key) => key).keys, ...only((key) => key).keys] }
    await expect(verifier(twice).verify(await sign())).rejects.toMatchObject(refused)
  })
})
