import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashCredential, isApiKey, isSameHash, makeApiKeySecret } from './api-key-secret.ts'

describe('an API key [AUTH-1]', () => {
  it('is a prefix to know it by, and 256 random bits', () => {
    const sizes: number[] = []
    const counting = (size: number): Uint8Array => {
      sizes.push(size)
      return Uint8Array.from({ length: size }, (_, index) => index + 30)
    }
    const { prefix, secret } = makeApiKeySecret(counting)
    expect(sizes).toEqual([8, 32])
    // The 31st letter is the last one of the alphabet; after it the letters begin again.
    expect(prefix).toBe('pcp_89abcdef')
    expect(secret).toBe(`${prefix}_${Buffer.from(counting(32)).toString('base64url')}`)
    expect(isApiKey(secret)).toBe(true)
  })

  it('is another one each time, without letters that look alike', () => {
    const secrets = Array.from({ length: 200 }, () => makeApiKeySecret(randomBytes))
    expect(new Set(secrets.map(({ secret }) => secret)).size).toBe(200)
    for (const { prefix, secret } of secrets) {
      expect(prefix).toMatch(/^pcp_[a-km-np-z2-9]{8}$/)
      expect(isApiKey(secret)).toBe(true)
    }
  })

  const rest = 'A'.repeat(43)
  it.each([
    `pcp_abcdefgh_${rest}B`,
    `pcp_abcdefgh_${rest.slice(1)}`,
    `xpcp_abcdefgh_${rest}`,
    `pcp_abcdefg_${rest}`,
    `pcp_ABCDEFGH_${rest}`,
    `pcp_abcdefgh_${rest.slice(1)}+`,
    `pcp_abcdefgh_${rest}\n`,
    `pst_abcdefgh_${rest}`,
    '',
  ])('is not %j', (text) => {
    expect(isApiKey(text)).toBe(false)
  })

  it('is known by its SHA-256', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    expect(hashCredential('')).toBe(empty)
    expect(isSameHash(empty, hashCredential(''))).toBe(true)
    expect(isSameHash(empty, empty.toUpperCase())).toBe(true)
    for (const other of [hashCredential('a'), '', empty.slice(2), `${empty}00`, 'zz', `${empty.slice(0, 62)}00`]) {
      expect(isSameHash(empty, other)).toBe(false)
      expect(isSameHash(other, empty)).toBe(false)
    }
    expect(isSameHash('', '')).toBe(false)
  })
})
