import { expect, it } from 'vitest'
import { jwtOf } from './jwt-of.ts'
import { authorizationOf } from './serve-mcp.ts'

const whole = {
  PRECEPTOR_JWT_ISSUER: 'https://id.example',
  PRECEPTOR_JWT_AUDIENCE: 'https://desk.example/mcp',
  PRECEPTOR_JWT_KEYS: 'https://id.example/keys',
}

it('takes access tokens as the environment says, whole or not at all [MCP-27]', () => {
  expect(jwtOf({})).toBeUndefined()
  expect(jwtOf(whole)).toEqual({
    issuer: 'https://id.example',
    audience: 'https://desk.example/mcp',
    jwks: 'https://id.example/keys',
  })
  for (const name of Object.keys(whole)) {
    expect(() => jwtOf({ ...whole, [name]: '' })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  }
})

it('tells assistants of the issuer where the audience is an address [MCP-27]', () => {
  const told = { resource: 'https://desk.example/mcp', servers: ['https://id.example'] }
  expect(authorizationOf(whole)).toEqual(told)
  for (const audience of ['preceptor', 'urn:preceptor', 'http://']) {
    expect(authorizationOf({ ...whole, PRECEPTOR_JWT_AUDIENCE: audience })).toBeUndefined()
  }
  expect(authorizationOf({})).toBeUndefined()
})
