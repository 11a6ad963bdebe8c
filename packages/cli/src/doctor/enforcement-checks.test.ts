import type { ControlScope, JsonObject, Role } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reach } from '../connected.ts'
import type { Finding } from './check.ts'
import { databaseChecks } from './database-checks.ts'
import { enforcementChecks } from './enforcement-checks.ts'

let test: TestGovernor
let scope: ControlScope

beforeAll(async () => {
  test = await createTestGovernor({ settings: { deadlineMs: 20_000 } })
  scope = test.admin
})
afterAll(() => test.close())

async function findings(): Promise<Readonly<Record<string, Finding>>> {
  const identity = { workspace: 'default', principal: scope.principal }
  const reach: Reach = async () => ({ url: '', token: '', governor: test.governor, identity, scope })
  const found = await Promise.all(enforcementChecks(reach).map(async ({ name, run }) => [name, await run()] as const))
  return Object.fromEntries(found)
}

async function put(document: JsonObject): Promise<void> {
  const { version } = await scope.policies.current()
  await scope.policies.put(document, { basedOn: version, reason: 'a test' })
}

const member = (userId: string, roles: readonly Role[]) => scope.members.put(userId, { displayName: userId, roles })

describe('what a server enforces', () => {
  it('is named as it is, and fails without an administrator [I-40]', async () => {
    const { people, ...others } = await findings()
    expect(people).toMatchObject({ state: 'failed', message: 'The workspace has no administrator.' })
    expect(Object.values(others).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
    const { journal, ...named } = others
    // The default: what holds where nobody wrote a policy.
    expect(
      Object.fromEntries(Object.entries(named).map(([name, { message }]) => [name, message])),
    ).toMatchInlineSnapshot(`
      {
        "duties": "who proposed or owns does not approve",
        "limits": "no limit on how much agents may do",
        "policy": "the built-in policy: runs strict, actions graduated, promotion earned",
        "shadow": "nothing runs in shadow: every decision is enforced",
      }
    `)
    expect(journal?.message).toMatch(/^the journal verifies: \d+ rows/)
    await member('ada', ['admin'])
    await member('sue', ['supervisor'])
    expect((await findings()).people).toEqual({ state: 'ok', message: '1 administrator, 1 supervisor' })
  })

  it('fails where everything runs in shadow, and warns where something does [I-40]', async () => {
    await put({ shadow: ['refund'] })
    expect((await findings()).shadow).toMatchObject({ state: 'warning', message: expect.stringContaining('refund') })
    await put({ shadow: ['order', 'note', 'refund', 'ledger'] })
    expect((await findings()).shadow).toMatchObject({ state: 'failed' })
  })

  it('fails where owners approve for their own agents, and warns where confidence alone promotes [I-40]', async () => {
    await put({
      separationOfDuties: false,
      promotion: { policy: 'bands' },
      limits: [{ name: 'all', per: 'day', most: 5 }],
    })
    expect(await findings()).toMatchObject({
      duties: { state: 'failed' },
      policy: { state: 'warning' },
      limits: { state: 'ok', message: '1 limit on how much agents may do' },
      shadow: { state: 'ok' },
    })
  })
})

describe('what a server would stand on', () => {
  const check = async (name: string, env: Readonly<Record<string, string>>): Promise<Finding | undefined> =>
    databaseChecks(env)
      .find((one) => one.name === name)
      ?.run()

  it('is no embedded database in production [I-40]', async () => {
    expect(await check('production', { NODE_ENV: 'production' })).toMatchObject({ code: 'EMBEDDED_IN_PRODUCTION' })
    expect(await check('production', { NODE_ENV: 'production', DATABASE_URL: 'x' })).toMatchObject({ state: 'ok' })
    expect(await check('production', {})).toMatchObject({ state: 'ok' })
    expect(await check('database', {})).toMatchObject({ state: 'skipped' })
  })

  it('has no secret out of documentation, and none is shown [I-40]', async () => {
    const env = {
      DATABASE_URL: 'postgres://app:changeme@db/x',
      REDIS_URL: 'redis://:8f3a22c@r',
      PRECEPTOR_TOKEN: 'token',
    }
    const found = await check('secrets', env)
    expect(found).toMatchObject({ state: 'failed', message: expect.stringContaining('DATABASE_URL, PRECEPTOR_TOKEN') })
    expect(JSON.stringify(found)).not.toContain('changeme')
    expect(await check('secrets', { REDIS_URL: 'redis://:8f3a22c@r' })).toMatchObject({ state: 'ok' })
  })
})
