import type { ControlScope, JsonObject } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Plane, startPlane, typing } from './plane.test.helper.ts'

let plane: Plane
let bot: ControlScope
let used = 0

beforeAll(async () => {
  plane = await startPlane()
  await plane.admin.registerActions({
    'note.write': { risk: 'medium' },
    'refund.create': { risk: 'high' },
  })
  await plane.admin.agents.register({ id: 'bot', maturity: 'intern', ownerId: 'system' })
  bot = await plane.agent('bot')
}, 120_000)
afterAll(() => plane.close())

/** What an agent has proposed, and how often it ran. */
async function propose(action: string, args: JsonObject = { to: 'ana' }) {
  used += 1
  const trigger = { agent: 'bot', action, args, idempotencyKey: `k${used}` }
  let runs = 0
  const attempt = () =>
    bot.guard(trigger, () => {
      runs += 1
      return 'done'
    })
  const { decision } = await attempt()
  if (decision.route !== 'proposal') throw new Error(`It is ${decision.route}: ${decision.reason}`)
  return { ...decision.proposal, attempt, runs: () => runs }
}

const stateOf = async (id: string): Promise<string> => (await plane.admin.proposals.get(id)).state

describe('preceptor proposals', () => {
  it('approves by the hash that was shown, and it runs once [CLI-1]', async () => {
    const { id, version, actionHash, attempt, runs } = await propose('refund.create')
    const shown = await plane.ask('proposals', 'show', id)
    expect(shown.json.proposal).toMatchObject({ id, version, actionHash, state: 'pending' })
    const seen = ['--version', String(version), '--action-hash', shown.json.proposal.actionHash]
    expect(await plane.ask('proposals', 'approve', id, ...seen, '--reason', 'It is right.')).toMatchObject({
      code: 0,
      json: { id, state: 'approved', reviews: [{ actionHash, reason: 'It is right.', verdict: 'approve' }] },
    })
    const first = await attempt()
    const again = await attempt()
    expect([first.decision.route, runs(), again.decision.route === 'execution' && runs() > 1]).toEqual([
      'execution',
      1,
      false,
    ])
    expect(await plane.ask('proposals', 'approve', id, ...seen)).toMatchObject({
      code: 1,
      json: { error: { code: 'PROPOSAL_DECIDED' } },
    })
  })

  it('refuses a hash that is not the one, and then nothing runs [CLI-1]', async () => {
    const { id, version, attempt, runs } = await propose('refund.create')
    const other = (await propose('refund.create', { to: 'eve' })).actionHash
    for (const seen of [
      ['--action-hash', other],
      ['--action-hash', 'f'.repeat(64), '--version', String(version)],
      ['--action-hash', other, '--version', '2'],
    ]) {
      const { code, json } = await plane.ask('proposals', 'approve', id, ...seen)
      expect([code, json.error.code]).toEqual([1, 'PROPOSAL_CHANGED'])
    }
    await attempt()
    expect([await stateOf(id), runs()]).toEqual(['pending', 0])
    expect((await plane.ask('proposals', 'approve', id, '--version', 'x')).code).toBe(2)
  })

  it('asks nobody without a terminal: what is high needs the hash, the rest a yes [CLI-1, CLI-2]', async () => {
    const [high, medium] = [await propose('refund.create'), await propose('note.write')]
    for (const flags of [[], ['--yes']]) {
      const { code, noted } = await plane.cli(['proposals', 'approve', high.id, ...flags])
      expect([code, noted]).toEqual([2, expect.stringContaining('--action-hash')])
    }
    expect((await plane.cli(['proposals', 'approve', medium.id])).code).toBe(2)
    expect((await plane.cli(['proposals', 'approve', medium.id, '--json'], typing(['yes']))).code).toBe(2)
    expect((await plane.ask('proposals', 'approve', medium.id, '--yes')).json.state).toBe('approved')
    expect([await stateOf(high.id), await stateOf(medium.id)]).toEqual(['pending', 'approved'])
  })

  it('shows a person all of it, and of high risk has the name of the action typed [CLI-1]', async () => {
    const hidden = `an\u0430@example.com\u202e${'x'.repeat(3_000)}END`
    const { id } = await propose('refund.create', { to: hidden })
    const asked: string[] = []
    const wrong = await plane.cli(['proposals', 'approve', id], typing(['yes'], asked))
    expect([wrong.code, await stateOf(id)]).toEqual([1, 'pending'])
    expect(asked).toEqual(['high risk. Type refund.create to go on: '])
    expect(wrong.printed).toContain(`an\\u0430@example.com\\u202e${'x'.repeat(3_000)}END`)
    expect(wrong.printed).not.toMatch(/[\u0430\u202e]/)
    // Ctrl-C is no yes.
    expect((await plane.cli(['proposals', 'approve', id], typing(['\u0003']))).code).toBe(1)
    expect((await plane.cli(['proposals', 'approve', id], typing(['refund.create']))).code).toBe(0)
    expect(await stateOf(id)).toBe('approved')
    const medium = await propose('note.write')
    expect((await plane.cli(['proposals', 'approve', medium.id], typing(['yes']))).code).toBe(0)
  })

  it('approves other args, rejects, answers and takes back [CLI-1]', async () => {
    const edited = await propose('note.write')
    const other = ['--args', '{"to":"ben"}', '--yes']
    expect((await plane.ask('proposals', 'approve', edited.id, ...other)).json).toMatchObject({
      version: 2,
      args: { to: 'ben' },
      state: 'approved',
    })
    const rejected = await propose('note.write')
    const why = ['--category', 'wrong_args', '--reason', 'Not Ana.']
    expect(
      (await plane.ask('proposals', 'reject', rejected.id, ...why, '--action-hash', 'f'.repeat(64))).json.error.code,
    ).toBe('PROPOSAL_CHANGED')
    expect((await plane.ask('proposals', 'reject', rejected.id, ...why)).json).toMatchObject({ state: 'rejected' })
    expect((await plane.ask('proposals', 'reject', rejected.id, '--category', 'bad', '--reason', 'x')).code).toBe(2)
    const answered = await propose('note.write')
    expect((await plane.ask('proposals', 'respond', answered.id, '--response', '{no}')).code).toBe(2)
    expect((await plane.ask('proposals', 'respond', answered.id, '--response', '{"sent":false}')).json).toMatchObject({
      state: 'responded',
      response: { sent: false },
    })
    const taken = await propose('note.write')
    expect((await plane.ask('proposals', 'cancel', taken.id, '--reason', 'Never mind.')).json.state).toBe('cancelled')
    const list = (await plane.ask('proposals', 'list', '--state', 'rejected', '--agent', 'bot')).json
    expect(list.items.map(({ id }: { id: string }) => id)).toEqual([rejected.id])
    expect((await plane.cli(['proposals', 'list'])).printed).toMatch(/^PROPOSAL +AGENT/)
  })

  it('follows them until it is interrupted, one line of JSON for each event [CLI-1]', async () => {
    const ending = new AbortController()
    const lines: string[] = []
    const watching = plane.cli(['proposals', 'watch', '--json'], {
      ended: ending.signal,
      onPrint: (text) => lines.push(text),
    })
    const events = () => lines.map((line) => JSON.parse(line)).map(({ kind, subjectId }) => `${kind} ${subjectId}`)
    const ids: string[] = []
    await vi
      .waitFor(
        async () => {
          ids.push((await propose('note.write')).id)
          expect(events()).toContain(`proposal.created ${ids.at(0)}`)
        },
        { timeout: 20_000, interval: 500 },
      )
      .catch(() => undefined)
    await vi.waitFor(() => expect(ids.some((id) => events().includes(`proposal.created ${id}`))).toBe(true), {
      timeout: 20_000,
    })
    ending.abort()
    expect((await watching).code).toBe(0)
  })
})

describe('preceptor simulate and explain-decision', () => {
  it('say how an attempt would be decided, and why one was [CLI-3]', async () => {
    const attempt = ['bot', 'refund.create', '--args', '{"to":"ana"}']
    const before = (await plane.admin.journal.list({ kind: 'decision.made', limit: 1 })).items[0]?.id
    expect(await plane.ask('simulate', ...attempt)).toMatchObject({
      code: 0,
      json: { route: 'execution', reason: expect.any(String) },
    })
    expect((await plane.ask('simulate', ...attempt, '--expect', 'proposal')).code).toBe(1)
    expect((await plane.ask('simulate', 'nobody', 'refund.create', '--expect', 'denied')).code).toBe(0)
    expect((await plane.ask('simulate', 'bot', 'refund.create', '--args', '[]')).code).toBe(2)
    expect((await plane.admin.journal.list({ kind: 'decision.made', limit: 1 })).items[0]?.id).toBe(before)
    const { id } = await propose('note.write')
    const { decisionId } = await plane.admin.proposals.get(id)
    const { json } = await plane.ask('explain-decision', decisionId)
    expect(json).toMatchObject({
      decision: { id: decisionId, route: 'proposal' },
      args: { to: 'ana' },
      actor: 'agent:bot',
    })
    expect((await plane.cli(['explain-decision', decisionId])).printed).toMatch(/Route +proposal, APPROVAL_REQUIRED/)
    expect((await plane.ask('explain-decision', 'dec_none')).json.error.code).toBe('NOT_FOUND')
  })
})
