import { GovernanceError, type GuardResult, type JsonObject } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import { useActions } from '../executors/governed-actions.test.helper.ts'
import { apiActions } from './api-actions.ts'
import { sendJson, useApi } from './api-server.test.helper.ts'
import { keepSecrets, type WorkflowSecret } from './secrets.ts'

// With every kind of character that is written in another way somewhere.
const VALUE = 'canary/7+"ü"\\x=é%'
const PASSWORD = 'canary-password'
const BASIC = Buffer.from(`ana:${PASSWORD}`).toString('base64')
const AUTHORIZATION = { authorization: { $secret: 'crm', prefix: 'Bearer ' } }

/** Every text of every table. */
async function textsOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    )
    const texts: string[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`select to_jsonb(t)::text as text from ${name} t`)
      texts.push(...rows.map(({ text }) => text))
    }
    return texts.join('\n')
  } finally {
    await client.end()
  }
}

const FORMS = [VALUE, 'canary', PASSWORD, BASIC, btoa(VALUE), encodeURIComponent(VALUE)]

describeWithPostgres('a secret that a call sends', () => {
  const api = useApi()
  const database = useTestDatabase()
  let asked = 0
  const actions = useActions(
    (host) =>
      apiActions(host, {
        secrets: {
          crm: { value: VALUE, origins: [api.origin] },
          basic: { value: BASIC, origins: [api.origin] },
          fresh: {
            value: async () => {
              asked += 1
              return `canary-of-call-${asked}`
            },
            origins: [api.origin],
          },
          broken: { value: () => Promise.reject(new Error('canary in a vault')), origins: [api.origin] },
          empty: { value: () => '', origins: [api.origin] },
          other: { value: VALUE, origins: ['https://crm.example.com'] },
        },
      }),
    () => ({ database: database.url, migrate: true, outbound: { allow: [api.origin] } }),
  )
  beforeEach(() => {
    asked = 0
  })

  const send = (headers: JsonObject, options = {}): Promise<GuardResult<unknown>> =>
    actions.attempt('http.send', { method: 'POST', url: api.origin, headers, body: { a: 1 } }, options)
  const errorOf = (headers: JsonObject): Promise<unknown> => send(headers).catch((error: unknown) => error)

  it('arrives, and comes back in nothing that is kept', async () => {
    api.answer = ({ headers }, response) => {
      response.setHeader('location', `/?key=${encodeURIComponent(String(headers.authorization))}`)
      const escaped = [...VALUE].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(
        `{"headers":${JSON.stringify(headers)},"escaped":"${escaped}","${JSON.stringify(VALUE).slice(1, -1)}":1}`,
      )
    }
    const result = await send(AUTHORIZATION)
    const sent = Buffer.from(String(api.received[0]?.headers.authorization), 'latin1').toString('latin1')
    expect(sent).toBe(`Bearer ${VALUE}`)
    const given = JSON.stringify(result)
    expect(given).toContain('[redacted]')
    for (const form of FORMS) expect(given).not.toContain(form)
    expect(await textsOf(database.url)).not.toContain('canary')
  })

  it('comes back in no error', async () => {
    api.answer = ({ headers }, response) => sendJson(response, { said: headers, encoded: btoa(VALUE) }, 403)
    for (const headers of [AUTHORIZATION, { 'x-api-key': { $secret: 'crm' } }]) {
      const error = await errorOf(headers)
      expect(String(error)).toContain('was answered 403')
      for (const form of FORMS) expect(`${error} ${JSON.stringify(error)}`).not.toContain(form)
    }
    expect(await textsOf(database.url)).not.toContain('canary')
  })

  it('comes back in no other form either, where it is a user with a password', async () => {
    api.answer = ({ headers }, response) => {
      sendJson(response, { pair: atob(String(headers.authorization).slice(6)), password: PASSWORD })
    }
    const result = await send({ authorization: { $secret: 'basic', prefix: 'Basic ' } })
    expect(api.received[0]?.headers.authorization).toBe(`Basic ${BASIC}`)
    for (const form of FORMS) expect(JSON.stringify(result)).not.toContain(form)
  })

  it('is asked for at each call where a function gives it', async () => {
    const headers = { 'x-api-key': { $secret: 'fresh' } }
    await send(headers)
    await send(headers)
    expect(api.received.map((request) => request.headers['x-api-key'])).toEqual([
      'canary-of-call-1',
      'canary-of-call-2',
    ])
  })

  it('is a reference on the card, in the proposal and in its row, and what is approved is what is sent', async () => {
    const agent = await actions.agent('intern')
    const attempt = { agent, idempotencyKey: 'asked-1' }
    const result = await send(AUTHORIZATION, attempt)
    const decision = result.status === 'withheld' ? result.decision : undefined
    if (decision?.route !== 'proposal') throw new Error('It was to be proposed.')
    const approver = actions.governor.as({
      workspace: 'default',
      principal: { kind: 'user', id: 'ben', roles: ['admin'] },
    })
    const card = await approver.proposals.card(decision.proposal.id)
    expect(card.proposal.args).toMatchObject({ headers: AUTHORIZATION })
    expect(JSON.stringify(card)).not.toContain('canary')
    const { version, actionHash } = card.proposal
    await approver.proposals.approve(decision.proposal.id, { version, actionHash })
    expect(await send(AUTHORIZATION, attempt)).toMatchObject({ status: 'executed' })
    expect(api.received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${VALUE}`])
    const texts = await textsOf(database.url)
    expect(texts).toContain('{"prefix": "Bearer ", "$secret": "crm"}')
    expect(texts).not.toContain('canary')
  })

  it.each([
    ['is not kept', 'none'],
    ['is kept for another address', 'other'],
    ['cannot be given', 'broken'],
    ['is given as none', 'empty'],
    ['has a name that all objects have', 'constructor'],
  ])('is not sent, and nothing is, where it %s', async (_, name) => {
    const error = await errorOf({ 'x-api-key': { $secret: name } })
    expect(GovernanceError.isInstance(error) && error.code).toBe('SECRET_UNKNOWN')
    expect(String(error)).not.toContain('canary')
    expect(api.received).toEqual([])
  })

  it('leads nowhere else by a redirect', async () => {
    api.answer = (_, response) => void response.writeHead(307, { location: '/elsewhere' }).end()
    expect(await send(AUTHORIZATION)).toMatchObject({ value: { status: 307 } })
    expect(api.received).toHaveLength(1)
  })
})

describe('secrets of the host', () => {
  const origins = ['https://crm.example.com']

  it.each<[string, Record<string, WorkflowSecret>]>([
    ['a name with a space', { 'a b': { value: VALUE, origins } }],
    ['a short value', { crm: { value: 'canary7', origins } }],
    ['a long value', { crm: { value: 'canary'.repeat(1_000), origins } }],
    ['a value of two lines', { crm: { value: 'canary\r\nx-two: 2', origins } }],
    ['no origin', { crm: { value: VALUE, origins: [] } }],
    ['an address for an origin', { crm: { value: VALUE, origins: ['https://crm.example.com/'] } }],
    ['a host for an origin', { crm: { value: VALUE, origins: ['crm.example.com'] } }],
    ['another protocol', { crm: { value: VALUE, origins: ['ftp://crm.example.com'] } }],
  ])('are refused with %s, and never shown', (_, secrets) => {
    let error: unknown
    try {
      keepSecrets(secrets)
    } catch (thrown) {
      error = thrown
    }
    expect(GovernanceError.isInstance(error) && error.code).toBe('OPTION_INVALID')
    expect(String(error)).not.toContain('canary')
  })

  it('are not waited for longer than the attempt', async () => {
    const { fill } = keepSecrets({ crm: { value: () => new Promise<string>(() => undefined), origins } })
    const ending = new AbortController()
    const filling = fill(
      { 'x-api-key': { $secret: 'crm' } },
      { origin: 'https://crm.example.com', signal: ending.signal },
    )
    ending.abort(new Error('enough'))
    await expect(filling).rejects.toThrow('enough')
  })
})
