import type { ControlScope } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'
import { grantTo } from './grants.test.helper.ts'

let test: TestGovernor
beforeAll(async () => {
  test = await createTestGovernor()
  await test.register('bot', 'intern')
})
afterAll(() => test.close())

describe('a grant in the journal', () => {
  it('tells neither its agent nor a viewer what it lets run, and why [GRANT-1, I-36]', async () => {
    const { id } = await grantTo(test, { matcher: { args: { cents: { atMost: 4_321 } } }, reason: 'Between us.' })
    await test.user('ben', 'supervisor').grants.revoke(id, 'Not between us.')
    const agent = test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
    const read = async (scope: ControlScope): Promise<string> =>
      JSON.stringify((await scope.journal.list({ subject: id })).items)
    for (const scope of [agent, test.user('vic', 'viewer')]) {
      expect(await read(scope)).toContain('grant.created')
      expect(await read(scope)).not.toMatch(/4321|etween us/)
    }
    const seen = await read(test.user('ben', 'supervisor'))
    for (const part of ['4321', 'Between us.', 'Not between us.']) expect(seen).toContain(part)
  })
})
