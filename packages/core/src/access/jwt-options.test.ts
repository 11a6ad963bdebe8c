import { describe, expect, it } from 'vitest'
import { type JwtOptions, parseJwtOptions } from './jwt-options.ts'

const least: JwtOptions = { issuer: 'https://id.example', audience: 'api', jwks: 'https://id.example/keys' }
const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB' }

describe('how tokens are verified [CONF-1, AUTH-4]', () => {
  it('has defaults that let in access tokens of four asymmetric algorithms', () => {
    expect(parseJwtOptions(least)).toEqual({
      ...least,
      algorithms: ['EdDSA', 'ES256', 'RS256', 'PS256'],
      type: 'at+jwt',
      workspaceClaim: 'workspace',
      clockToleranceSeconds: 5,
    })
  })

  it('is as the host says', () => {
    const all: JwtOptions = {
      issuer: 'i',
      audience: 'a',
      jwks: { keys: [rsa, { kty: 'EC' }, { kty: 'OKP' }] },
      algorithms: ['PS256', 'RS256', 'ES256', 'EdDSA'],
      type: 'JWT',
      workspaceClaim: 'tenant',
      rolesFromToken: 'roles',
      clockToleranceSeconds: 60,
    }
    expect(parseJwtOptions(all)).toEqual(all)
    expect(parseJwtOptions({ ...least, clockToleranceSeconds: 0 }).clockToleranceSeconds).toBe(0)
  })

  it.each(['https://keys.example/a', 'http://localhost:1/a', 'http://127.0.0.1/a', 'http://[::1]:8080/a'])(
    'fetches keys from %s',
    (jwks) => {
      expect(parseJwtOptions({ ...least, jwks }).jwks).toBe(jwks)
    },
  )

  it.each<[what: string, change: object, field: string]>([
    ['keys from a plain http address', { jwks: 'http://id.example/keys' }, 'jwks'],
    ['keys from a file', { jwks: 'file:///keys' }, 'jwks'],
    ['keys over another protocol of this machine', { jwks: 'ftp://localhost/keys' }, 'jwks'],
    ['keys from no address', { jwks: 'keys' }, 'jwks'],
    ['no key', { jwks: { keys: [] } }, 'jwks'],
    ['a set of keys with more than keys', { jwks: { keys: [rsa], of: 'x' } }, 'jwks'],
    ['a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'AA' }] } }, 'jwks'],
    ['a private key (d)', { jwks: { keys: [{ ...rsa, d: 'AA' }] } }, 'jwks'],
    ['a private key (p)', { jwks: { keys: [{ ...rsa, p: 'AA' }] } }, 'jwks'],
    ['a private key (q)', { jwks: { keys: [{ ...rsa, q: 'AA' }] } }, 'jwks'],
    ['a key with a secret (k)', { jwks: { keys: [rsa, { ...rsa, k: 'AA' }] } }, 'jwks'],
    ['no issuer', { issuer: '' }, 'issuer'],
    ['no audience', { audience: '' }, 'audience'],
    ['no algorithm', { algorithms: [] }, 'algorithms'],
    ['a symmetric algorithm', { algorithms: ['HS256'] }, 'algorithms'],
    ['no signature', { algorithms: ['none'] }, 'algorithms'],
    ['an unknown type', { type: 'id+jwt' }, 'type'],
    ['a claim without a name', { workspaceClaim: '' }, 'workspaceClaim'],
    ['roles of a claim without a name', { rolesFromToken: '' }, 'rolesFromToken'],
    ['clocks that differ by more than a minute', { clockToleranceSeconds: 61 }, 'clockToleranceSeconds'],
    ['clocks that differ by less than nothing', { clockToleranceSeconds: -1 }, 'clockToleranceSeconds'],
    ['an unknown option', { verify: false }, ''],
  ])('refuses %s', (_what, change, field) => {
    const refused = (): unknown => parseJwtOptions({ ...least, ...change } as JwtOptions)
    expect(refused).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
    expect(refused).toThrow(`jwt.${field}`)
  })

  it('says everything that is wrong', () => {
    expect(() => parseJwtOptions({ ...least, issuer: '', audience: '' })).toThrow(
      /jwt\.issuer: .+\. jwt\.audience: .+\./,
    )
  })
})
