import { expect, it } from 'vitest'
import { createTestGovernor } from '../testing/test-governor.ts'
import { decisionDraft } from './journal-decision.ts'
import { deniedBeforeRuling } from './make-decision.ts'

it.each(['safe', 'high'] as const)(
  'keeps a secret in resource or run of a %s action out of the journal [I-33]',
  async (risk) => {
    const test = await createTestGovernor({ actions: { act: { risk } } })
    await test.register('bot', 'autonomous')
    const resource = 'https://ana:hunter2hunter2@shop.example/orders/7'
    const trigger = { agent: 'bot', action: 'act', args: {}, resource, run: 'run of Bearer abcdef0123456789' }
    await test.agent('bot').guard(trigger, () => 'ran')
    const read = () => test.admin.journal.list({ agent: 'bot', kind: 'decision.made' })
    await expect.poll(async () => (await read()).items.length).toBe(1)
    const { items } = await read()
    expect(items[0]?.body).toMatchObject({
      resource: 'https://ana:[redacted]@shop.example/orders/7',
      // Runs that differ stay apart.
      run: expect.stringMatching(/^run of Bearer \[redacted\] #[0-9a-f]{12}$/),
    })
    expect(JSON.stringify(items)).not.toMatch(/hunter2|abcdef0123456789/)
    await test.close()
  },
)

it('keeps a secret in the reason of a decision out of the journal [I-33]', () => {
  const trigger = { agent: 'bot', action: 'act', args: {} }
  const actor = { workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] }, source: 'manual' } as const
  const attempt = {
    actor,
    trigger,
    keyed: false,
    idempotencyKey: 'k',
    decisionId: 'dec_1',
    decidedAt: '2030-01-01T00:00:00Z',
    startedAt: 0,
  }
  const reason = 'The provider said: token=abcdef0123456789 is not valid.'
  const draft = decisionDraft(attempt, deniedBeforeRuling(attempt, { code: 'INTERNAL', reason }), null)
  expect(draft.body.decision).toMatchObject({ reason: 'The provider said: token=[redacted] is not valid.' })
})
