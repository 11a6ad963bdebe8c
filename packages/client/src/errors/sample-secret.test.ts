import { describe, expect, it } from 'vitest'
import { isSampleSecret } from './sample-secret.ts'

describe('a secret out of documentation', () => {
  it.each([
    ...['changeme', 'CHANGE-ME', 'change_me_please', 'secret', 'my-secret', 'password', 'Postgres', 'Bearer token'],
    ...['your-api-key', '<token>', '{TOKEN}', '{{ token }}', 'xxxxxxxx', '00000000', '123456', '123456789'],
  ])('is recognised: %s [I-40]', (secret) => {
    expect(isSampleSecret(secret)).toBe(true)
  })

  it.each(['pcp_k3jd82hs_0fJx', '91a2981ba130226e873129c2', 'correct horse battery', 'Bearer 8f3a-22'])(
    'is told from a real one: %s',
    (secret) => expect(isSampleSecret(secret)).toBe(false),
  )
})
