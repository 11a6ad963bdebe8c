import { expect, it } from 'vitest'
import { oidcOf } from './serve-governor.ts'

const whole = {
  PRECEPTOR_OIDC_ISSUER: 'https://login.example',
  PRECEPTOR_OIDC_CLIENT_ID: 'preceptor',
  PRECEPTOR_PUBLIC_URL: 'https://desk.example/dashboard',
}

it('takes the provider that signs people in from the environment, whole or not at all [OIDC-1]', () => {
  const taken = { issuer: 'https://login.example', clientId: 'preceptor', publicUrl: 'https://desk.example/dashboard' }
  expect(oidcOf(whole)).toEqual(taken)
  const more = { PRECEPTOR_OIDC_CLIENT_SECRET: 's', PRECEPTOR_OIDC_LABEL: 'Example', PRECEPTOR_OIDC_WORKSPACE: 'north' }
  expect(oidcOf({ ...whole, ...more })).toEqual({ ...taken, clientSecret: 's', label: 'Example', workspace: 'north' })
  expect(oidcOf({})).toBeUndefined()
  expect(oidcOf({ PRECEPTOR_PUBLIC_URL: whole.PRECEPTOR_PUBLIC_URL })).toBeUndefined()
  for (const name of ['PRECEPTOR_OIDC_CLIENT_ID', 'PRECEPTOR_PUBLIC_URL']) {
    expect(() => oidcOf({ ...whole, [name]: '' })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  }
})
