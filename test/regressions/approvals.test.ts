import type { Trigger } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { shown, useBench } from './support.ts'

const bench = useBench()
const { ask, count, failpoints, http, keyOf, now, pass, ran, run } = bench
const DAY = 24 * 3_600_000
const person = (id: string) => bench.test.user(id, 'supervisor').proposals
const withoutKey = ({ idempotencyKey: _, ...trigger }: Trigger): Trigger => trigger

describe('what was declined', () => {
  it('does not run once the policy that was in force is gone (mastra#20470) [I-6]', async () => {
    const { trigger, proposal } = await ask()
    await person('ana').reject(proposal.id, { ...shown(proposal), category: 'not_allowed', reason: 'No.' })
    const { version } = await bench.test.admin.policies.current()
    await bench.test.admin.policies.put({ separationOfDuties: false }, { basedOn: version, reason: 'Another.' })
    for (const again of [trigger, { ...trigger, permit: proposal.id }, { ...trigger, permit: 'matching' }]) {
      expect(await run(again)).toMatchObject({ status: 'withheld', decision: { code: 'PROPOSAL_REJECTED' } })
    }
    await bench.test.admin.policies.put({}, { basedOn: version + 1, reason: 'As before.' })
    expect(ran).toEqual([])
  })

  it('by the time is denied, and the next attempt is asked for anew (METR/hawk#874) [I-6]', async () => {
    const { trigger, proposal } = await ask()
    await person('ana').approve(proposal.id, shown(proposal))
    pass(2 * DAY)
    expect(await run(trigger)).toMatchObject({ status: 'withheld', decision: { code: 'PROPOSAL_EXPIRED' } })
    await bench.test.governor.jobs.run('expire-proposals', { workspace: 'default' })
    expect(await now(proposal)).toMatchObject({ state: 'expired' })
    const next = await run({ ...trigger, idempotencyKey: 'after-the-time' })
    expect(next).toMatchObject({ status: 'withheld', decision: { route: 'proposal' } })
  })
})

describe('what was approved', () => {
  it('is found without the id of a call (mastra#18939) [I-4]', async () => {
    const { trigger, proposal } = await ask()
    const { trigger: other, proposal: second } = await ask()
    for (const one of [proposal, second]) await person('ana').approve(one.id, shown(one))
    expect(await run({ ...withoutKey(trigger), permit: proposal.id })).toMatchObject({ status: 'executed' })
    expect(await run({ ...withoutKey(other), permit: 'matching' })).toMatchObject({ status: 'executed' })
  })

  it('runs at the first attempt after the answer, without another question (mastra#18564) [I-4, I-22]', async () => {
    const { trigger, proposal } = await ask()
    await person('ana').approve(proposal.id, shown(proposal))
    const before = await count()
    expect(await run(trigger)).toMatchObject({ status: 'executed' })
    expect(await run(trigger)).toMatchObject({ status: 'replayed' })
    expect(await count()).toBe(before)
  })

  it('is not a boolean where a number was shown, nor the other way round (inspect_ai#4944) [I-3]', async () => {
    const { trigger, proposal } = await ask({ args: { force: 1 } })
    await person('ana').approve(proposal.id, shown(proposal))
    const before = ran.length
    for (const force of [true, '1', [1]]) {
      const other = { ...trigger, args: { force } }
      expect(await run(other)).toMatchObject({ decision: { code: 'IDEMPOTENCY_KEY_REUSED' } })
      expect(await run({ ...other, permit: proposal.id })).toMatchObject({ decision: { code: 'PERMIT_REFUSED' } })
    }
    expect(ran).toHaveLength(before)
    // What is the same number in JSON is the same.
    expect(await run({ ...trigger, args: { force: 1.0 } })).toMatchObject({ status: 'executed' })
  })

  it('does not stand for other args of the same tool (orka#306, pi-mcp-adapter#372) [I-3]', async () => {
    const { trigger, proposal } = await ask({ args: { to: 'a@example.test', cents: 5 } })
    await person('ana').approve(proposal.id, shown(proposal))
    const before = ran.length
    const matching = { ...withoutKey(trigger), permit: 'matching', args: { to: 'b@example.test', cents: 5 } }
    expect(await run(matching)).toMatchObject({ status: 'withheld', decision: { route: 'proposal' } })
    expect(ran).toHaveLength(before)
  })

  it('does not stand for args that only read alike once they are joined (Agenta#5757) [I-3]', async () => {
    for (const separator of [':', '|', ',', '\n', '\u001f', '/']) {
      const { trigger, proposal } = await ask({ args: { a: `x${separator}y`, b: 'z' } })
      await person('ana').approve(proposal.id, shown(proposal))
      const alike = { ...withoutKey(trigger), permit: 'matching', args: { a: 'x', b: `y${separator}z` } }
      expect(await run(alike)).toMatchObject({ status: 'withheld' })
    }
  })

  it('is for the attempt that asked, not for the next one like it (gridaco/grida#998) [I-3, I-4]', async () => {
    const { trigger, proposal } = await ask()
    await person('ana').approve(proposal.id, shown(proposal))
    const next = await run({ ...trigger, idempotencyKey: 'one-like-it' })
    expect(next).toMatchObject({ status: 'withheld', decision: { route: 'proposal' } })
    expect(await run(trigger)).toMatchObject({ status: 'executed' })
  })

  it('outside every page runs (Agenta#5598) [I-4]', async () => {
    const { proposal } = await ask({ action: 'mail.post' })
    const answer = await http(await keyOf('ana', 'user'), `/maturity/proposals/${proposal.id}/approve`, shown(proposal))
    expect(answer).toMatchObject({ status: 200, body: { state: 'approved', decidedBy: ['user:ana'] } })
    expect(await bench.test.governor.jobs.runApproved(5)).toBe(1)
    expect(await now(proposal)).toMatchObject({ state: 'succeeded' })
  })
})

describe('whoever decides', () => {
  it('is known by the credential, and must be allowed to (mcp-hangar#665) [I-5, I-35, I-36]', async () => {
    const { proposal } = await ask()
    const path = `/maturity/proposals/${proposal.id}/approve`
    for (const key of [await keyOf('bot', 'agent'), await keyOf('sync', 'service'), await keyOf('vic', 'user')]) {
      expect(await http(key, path, shown(proposal))).toMatchObject({ status: 403 })
    }
    const ana = await keyOf('ana', 'user')
    for (const claimed of [{ decidedBy: 'user:boss' }, { reviewer: 'boss' }, { userId: 'boss' }]) {
      expect(await http(ana, path, { ...shown(proposal), ...claimed })).toMatchObject({ status: 400 })
    }
    const headers = { 'x-user-id': 'boss', 'x-forwarded-user': 'boss' }
    const { body } = await http(ana, path, shown(proposal), headers)
    expect(body).toMatchObject({ state: 'approved', decidedBy: ['user:ana'] })
  })

  it('counts once, however often the request is repeated (powercat-business-approvals-kit#292) [I-22, I-27]', async () => {
    const { trigger, proposal } = await ask({ action: 'ledger.close' })
    const ana = await keyOf('ana', 'user')
    const path = `/maturity/proposals/${proposal.id}/approve`
    const key = { 'idempotency-key': 'the-same-click' }
    const answers = [1, 2, 3].map(() => http(ana, path, shown(proposal), key))
    for (const { status } of await Promise.all(answers)) expect([200, 409]).toContain(status)
    expect(await http(ana, path, shown(proposal), key)).toMatchObject({ status: 200, body: { state: 'pending' } })
    expect(await http(ana, path, shown(proposal))).toMatchObject({ status: 409 })
    expect((await now(proposal)).reviews).toHaveLength(1)
    // Nor does the attempt ask twice.
    const before = await count()
    for (const _ of [1, 2, 3]) await bench.bot.decide(trigger)
    expect(await count()).toBe(before)
  })

  it('decides the same in every place (letta-code#825) [I-9]', async () => {
    const { proposal } = await ask()
    const ana = await keyOf('ana', 'user')
    const path = `/maturity/proposals/${proposal.id}`
    const rejection = { ...shown(proposal), category: 'other', reason: 'No.' }
    expect(await http(ana, `${path}/reject`, rejection)).toMatchObject({ status: 200, body: { state: 'rejected' } })
    expect(await http(ana, `${path}/approve`, shown(proposal))).toMatchObject({ body: { code: 'PROPOSAL_DECIDED' } })
    await expect(person('ben').approve(proposal.id, shown(proposal))).rejects.toMatchObject({
      code: 'PROPOSAL_DECIDED',
    })
    const { proposal: other } = await ask()
    await person('ben').approve(other.id, shown(other))
    const late = await http(ana, `/maturity/proposals/${other.id}/reject`, { ...rejection, ...shown(other) })
    expect(late).toMatchObject({ status: 409, body: { code: 'PROPOSAL_DECIDED' } })
    expect(await now(other)).toMatchObject({ state: 'approved', decidedBy: ['user:ben'] })
  })
})

describe('where something fails or is missing', () => {
  it('nothing is approved by an approval that could not be kept (agent-governance-toolkit#3137) [I-1, I-2]', async () => {
    const { trigger, proposal } = await ask()
    const before = ran.length
    failpoints.throwAt('approve.before_commit', new Error('The disk is full.'))
    await expect(person('ana').approve(proposal.id, shown(proposal))).rejects.toThrow()
    expect(await now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
    expect(await run(trigger)).toMatchObject({ status: 'withheld' })
    expect(ran).toHaveLength(before)
    // An approval that was kept is one, whatever became of the answer.
    failpoints.throwAt('approve.after_commit', new Error('The line is dead.'))
    await expect(person('ana').approve(proposal.id, shown(proposal))).rejects.toThrow()
    expect(await run(trigger)).toMatchObject({ status: 'executed' })
  })

  it('a workspace without a policy still asks (agent-governance-toolkit#1017, agent-bom#2798) [I-1]', async () => {
    const before = ran.length
    for (const [action, requiredApprovals] of [
      ['refund.create', 1],
      ['ledger.close', 2],
    ] as const) {
      const { trigger, proposal } = await ask({ action })
      expect(proposal).toMatchObject({ requiredApprovals })
      expect(await run(trigger)).toMatchObject({ status: 'withheld' })
    }
    expect(ran).toHaveLength(before)
  })

  it('a condition that cannot be evaluated lets no approved edit through (agentguard#638) [I-1, I-39]', async () => {
    const { version } = await bench.test.admin.policies.current()
    const actions = { 'refund.create': { when: 'args.cents < 100' } }
    await bench.test.admin.policies.put({ actions }, { basedOn: version, reason: 'A limit.' })
    const { trigger, proposal } = await ask({ args: { cents: 5 } })
    const edited = person('ana').approve(proposal.id, { ...shown(proposal), args: { dollars: 1 } })
    await expect(edited).rejects.toMatchObject({ code: 'CONDITION_FAILED' })
    expect(await now(proposal)).toMatchObject({ state: 'pending', version: 1 })
    await person('ana').approve(proposal.id, shown(proposal))
    expect(await run(trigger)).toMatchObject({ status: 'executed', value: 'ran' })
    await bench.test.admin.policies.put({}, { basedOn: version + 1, reason: 'As before.' })
  })
})
