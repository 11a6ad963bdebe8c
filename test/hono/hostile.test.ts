import { describe, expect, it } from 'vitest'
import { type RequestParts, useApi } from './support.ts'

const api = useApi()

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
const register = (parts: RequestParts) => api.request('POST', '/agents', parts)
const decide = (parts: RequestParts) => api.request('POST', '/triggers', parts)
const TRIGGER = { agent: 'bot', action: 'order.read', args: {} }

describe('bodies', () => {
  it.each<[string, RequestParts, number, string]>([
    ['an unknown key', { body: { id: 'a', admin: true } }, 400, 'INPUT_INVALID'],
    ['a wrong type', { body: { id: 7 } }, 400, 'INPUT_INVALID'],
    ['a missing field', { body: {} }, 400, 'INPUT_INVALID'],
    ['a list', { body: [] }, 400, 'INPUT_INVALID'],
    ['null', { body: null }, 400, 'INPUT_INVALID'],
    ['a text', { body: 'id' }, 400, 'INPUT_INVALID'],
    ['no body', {}, 400, 'INPUT_INVALID'],
    ['__proto__ as a key', { raw: '{"id":"a","__proto__":{"admin":true}}' }, 400, 'INPUT_INVALID'],
    ['__proto__ in escapes', { raw: '{"id":"a","\\u005f_proto__":{"admin":true}}' }, 400, 'INPUT_INVALID'],
    [
      'constructor deep inside',
      { raw: '{"id":"a","fingerprint":{"constructor":{"prototype":{}}}}' },
      400,
      'INPUT_INVALID',
    ],
    ['prototype as a key', { raw: '{"id":"a","prototype":1}' }, 400, 'INPUT_INVALID'],
    ['a key twice', { raw: '{"id":"a","id":"b"}' }, 400, 'INPUT_INVALID'],
    ['a key twice, once in escapes', { raw: '{"id":"a","\\u0069d":"b"}' }, 400, 'INPUT_INVALID'],
    [
      'a key twice deep inside',
      { raw: '{"id":"a","fingerprint":{"version":"1","version":"2"}}' },
      400,
      'INPUT_INVALID',
    ],
    ['33 levels', { raw: nested(33) }, 400, 'BODY_TOO_DEEP'],
    ['a hundred thousand levels', { raw: nested(100_000) }, 400, 'BODY_TOO_DEEP'],
    ['over 256 kB', { raw: `{"id":"${'a'.repeat(262_144)}"}` }, 413, 'BODY_TOO_LARGE'],
    ['a stated length over 256 kB', { raw: '{}', headers: { 'content-length': '262145' } }, 413, 'BODY_TOO_LARGE'],
    ['no JSON', { raw: '{id:1}' }, 400, 'BODY_NOT_JSON'],
    ['two documents', { raw: '{}{}' }, 400, 'BODY_NOT_JSON'],
    ['a comma at the end', { raw: '{"id":"a",}' }, 400, 'BODY_NOT_JSON'],
    ['NaN', { raw: '{"id":NaN}' }, 400, 'BODY_NOT_JSON'],
    ['bytes that are no UTF-8', { raw: new Uint8Array([0x22, 0xff, 0x22]) }, 400, 'BODY_NOT_JSON'],
    ['another content type', { body: { id: 'a' }, headers: { 'content-type': 'text/plain' } }, 400, 'BODY_NOT_JSON'],
    ['a form', { raw: 'id=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 400, 'BODY_NOT_JSON'],
    [
      'another character set',
      { body: { id: 'a' }, headers: { 'content-type': 'application/json; charset=utf-16' } },
      400,
      'BODY_NOT_JSON',
    ],
  ])('with %s are refused with a code [HTTP-3, I-39]', async (_name, parts, status, code) => {
    const answer = await register(parts)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(Object.getPrototypeOf({})).not.toHaveProperty('admin')
  })

  it.each<[string, string]>([
    ['32 levels', `{"agent":"bot","action":"order.read","args":{"a":${nested(29)}}}`],
    [
      'brackets and keys inside texts',
      `{"agent":"bot","action":"order.read","args":{"a":"{\\"__proto__\\":[[[","b":["id","id"]}}`,
    ],
    ['the same key on two levels', '{"agent":"bot","action":"order.read","args":{"args":{"args":1}}}'],
    ['a byte order mark', '\ufeff{"agent":"bot","action":"order.read","args":{}}'],
  ])('with %s are taken [HTTP-3]', async (_name, raw) => {
    const answer = await decide({ raw })
    expect([answer.status, answer.body.code]).toEqual([200, 'ACTION_UNKNOWN'])
  })

  it.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    '../etc',
    'a/b',
    ' ',
    '',
    'ü',
    'a'.repeat(129),
    'a\u0000b',
  ])('no agent is named %j [HTTP-3, I-39]', async (id) => {
    const answer = await register({ body: { id } })
    expect(answer.status).toBe(400)
    expect(['INPUT_INVALID']).toContain(answer.body.code)
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'the action %s is unknown [HTTP-3, I-39]',
    async (action) => {
      const answer = await decide({ body: { ...TRIGGER, action } })
      expect([answer.status, answer.body.route, answer.body.code]).toEqual([200, 'denied', 'ACTION_UNKNOWN'])
    },
  )

  it('never echo a value that may be a secret [JRN-5, HTTP-2]', async () => {
    const secret = 'hunter2-hunter2'
    const answers = await Promise.all([
      register({ body: { id: 'a', displayName: { secret } } }),
      api.request('POST', '/keys', { body: { displayName: secret, principalKind: secret, principalId: secret } }),
      api.request('GET', `/agents?limit=${secret}`),
      api.request('GET', '/agents', { as: { key: secret } }),
    ])
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.text).not.toContain(secret)
    }
  })

  it('mass assignment sets nothing: what a route does not know is refused [I-36, HTTP-3]', async () => {
    const fields = {
      confidence: 10_000,
      maturity: 'autonomous',
      lifecycle: 'active',
      epoch: 9,
      fingerprintCapped: false,
      createdAt: 'x',
    }
    for (const [field, value] of Object.entries(fields)) {
      const answer = await api.request('PATCH', '/agents/bot', { body: { displayName: 'Bot', [field]: value } })
      expect([field, answer.status, answer.body.code]).toEqual([field, 400, 'INPUT_INVALID'])
    }
    expect((await api.request('GET', '/agents/bot')).body).toMatchObject({ maturity: 'student', confidence: 3_000 })
  })

  it('a service cannot set where an agent starts [I-36]', async () => {
    const answer = await register({ as: 'service', body: { id: 'rich', maturity: 'autonomous' } })
    expect([answer.status, answer.body.code]).toEqual([403, 'PERMISSION_DENIED'])
  })
})

describe('claims of an identity', () => {
  it.each<[string, RequestParts, number, string]>([
    ['the source in the body', { body: { ...TRIGGER, source: 'manual' } }, 403, 'SOURCE_MISMATCH'],
    [
      'the source in the body, as the original spelt it',
      { body: { ...TRIGGER, trigger_source: 'MANUAL' } },
      403,
      'SOURCE_MISMATCH',
    ],
    ['the workspace in the body', { body: { ...TRIGGER, workspace: 'other' } }, 403, 'WORKSPACE_MISMATCH'],
    ['a workspace id in the body', { body: { ...TRIGGER, workspace_id: 'other' } }, 403, 'WORKSPACE_MISMATCH'],
    ['another agent in the body', { body: { ...TRIGGER, agent: 'other' } }, 403, 'AGENT_MISMATCH'],
    ['an agent id beside the agent', { body: { ...TRIGGER, agentId: 'other' } }, 400, 'INPUT_INVALID'],
    ['a principal in the body', { body: { ...TRIGGER, principal: { kind: 'user' } } }, 400, 'INPUT_INVALID'],
    ['a user in the body', { body: { ...TRIGGER, user_id: 'ada' } }, 400, 'INPUT_INVALID'],
    ['an approval in the body', { body: { ...TRIGGER, approved: true } }, 400, 'INPUT_INVALID'],
    ['a maturity in the body', { body: { ...TRIGGER, maturity: 'autonomous' } }, 400, 'INPUT_INVALID'],
    [
      'the workspace in a header',
      { body: TRIGGER, headers: { 'preceptor-workspace': 'other' } },
      403,
      'WORKSPACE_MISMATCH',
    ],
    ['the source in a header', { body: TRIGGER, headers: { 'preceptor-source': 'manual' } }, 403, 'SOURCE_MISMATCH'],
  ])('by an agent: %s is refused [I-8, I-5]', async (_name, parts, status, code) => {
    for (const path of ['/triggers', '/triggers/check']) {
      const answer = await api.request('POST', path, { as: 'agent', ...parts })
      expect([path, answer.status, answer.body.code]).toEqual([path, status, code])
    }
  })

  it('in headers that nobody reads, change nothing [I-8]', async () => {
    const headers = {
      'x-user-id': 'ada',
      'x-agent-id': 'boss',
      'x-roles': 'admin',
      'x-forwarded-user': 'ada',
      cookie: 'user=ada',
    }
    const answer = await decide({ as: 'agent', body: TRIGGER, headers })
    expect(answer.body).toMatchObject({ agent: 'bot', source: 'ai_coordinator' })
    expect((await api.request('GET', '/keys', { as: 'agent', headers })).status).toBe(403)
  })

  it('an agent acts for itself when it names none, a service in its source, a person by hand [I-8, AUTH-5]', async () => {
    const { agent: _, ...unnamed } = TRIGGER
    expect((await decide({ as: 'agent', body: unnamed })).body).toMatchObject({
      agent: 'bot',
      source: 'ai_coordinator',
    })
    expect((await decide({ as: 'service', body: TRIGGER })).body).toMatchObject({ agent: 'bot', source: 'data_sync' })
    expect((await decide({ as: 'admin', body: TRIGGER })).body).toMatchObject({ agent: 'bot', source: 'manual' })
    expect((await decide({ as: 'admin', body: unnamed })).body).toMatchObject({ code: 'INPUT_INVALID' })
    const foreign = await decide({ as: 'service', body: { ...TRIGGER, agent: 'other' } })
    expect([foreign.status, foreign.body.code]).toEqual([403, 'PERMISSION_DENIED'])
  })

  it('of a batch are judged item by item or refuse it whole, and never pass [I-8]', async () => {
    const batch = { triggers: [TRIGGER, { ...TRIGGER, agent: 'other' }] }
    const answer = await api.request('POST', '/triggers/batch', { as: 'agent', body: batch })
    expect(answer.body.items).toMatchObject([
      { status: 'decided', decision: { code: 'ACTION_UNKNOWN' } },
      { status: 'failed', problem: { code: 'AGENT_MISMATCH', status: 403 } },
    ])
    const spoofed = { triggers: [TRIGGER, { ...TRIGGER, source: 'manual' }] }
    expect((await api.request('POST', '/triggers/batch', { as: 'agent', body: spoofed })).status).toBe(400)
  })

  it('nobody is present for somebody else [I-8]', async () => {
    const answer = await api.request('POST', '/users/sue/activity/heartbeat', { as: 'admin' })
    expect([answer.status, answer.body.code]).toEqual([403, 'PERMISSION_DENIED'])
  })
})

describe('credentials', () => {
  const expectRefused = async (headers: Record<string, string>, path = '/agents') => {
    const answer = await api.request('GET', path, { as: 'anonymous', headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /)
    return answer.body.code
  }

  it('count in the Authorization header only, as Bearer only [I-35]', async () => {
    const { admin } = api.keys
    expect(await expectRefused({})).toBe('PRINCIPAL_REQUIRED')
    expect(await expectRefused({ 'x-api-key': admin })).toBe('PRINCIPAL_REQUIRED')
    expect(await expectRefused({ cookie: `authorization=Bearer ${admin}` })).toBe('PRINCIPAL_REQUIRED')
    for (const scheme of ['bearer', 'BEARER', 'Basic', 'Token', 'Bearer:', '']) {
      expect(await expectRefused({ authorization: `${scheme} ${admin}` })).toBe('CREDENTIAL_INVALID')
    }
    expect(await expectRefused({ authorization: `Bearer  ${admin}` })).toBe('CREDENTIAL_INVALID')
    expect(await expectRefused({ authorization: `Bearer ${admin} ${admin}` })).toBe('CREDENTIAL_INVALID')
    expect(await expectRefused({}, `/agents?access_token=${admin}`)).toBe('CREDENTIAL_INVALID')
    expect(await expectRefused({ authorization: `Bearer ${admin}` }, `/agents?key=${admin}`)).toBe('CREDENTIAL_INVALID')
  })
})
