import type { ControlScope } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../database/open-database.ts'
import { inWorkspace } from '../database/transaction.ts'
import { createGovernor, type EmbeddedGovernor } from '../governor.ts'

let database: Database
let governor: EmbeddedGovernor
let admin: ControlScope

beforeAll(async () => {
  database = await openDatabase({ memory: true })
  governor = await createGovernor({ database: database.pool, migrate: true })
  admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
})
afterAll(async () => {
  await governor.close()
  await database.close()
})

describe('maturity', () => {
  it('goes up one step at a time, with a ledger row and a transition that name person and reason [MAT-2]', async () => {
    await admin.agents.register({ id: 'climber', ownerId: 'ana' })
    const agent = await admin.agents.promote('climber', 'passed the course')
    expect(agent).toMatchObject({ maturity: 'intern', confidence: 5_000 })
    const { items } = await admin.agents.transitions('climber')
    expect(items).toMatchObject([
      { from: 'student', to: 'intern', cause: 'person', actor: 'user:root', reason: 'passed the course' },
    ])
    expect((await admin.agents.confidence('climber')).items[0]).toMatchObject({ kind: 'promotion', applied: 2_000 })
  })

  it('is not raised by the owner of the agent', async () => {
    await admin.agents.register({ id: 'own' })
    await expect(admin.agents.promote('own', 'mine')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it('is not raised by who handed the agent over, or owned it once [I-27]', async () => {
    const as = (id: string) =>
      governor.as({ workspace: 'default', principal: { kind: 'user', id, roles: ['admin'] } }).agents
    await as('ana').register({ id: 'handed' })
    await as('ana').change('handed', { ownerId: 'bob' })
    await as('ben').change('handed', { ownerId: 'cleo' })
    await as('cleo').change('handed', { displayName: 'Handed over', ownerId: 'cleo' })
    for (const user of ['ana', 'bob', 'ben', 'cleo']) {
      await expect(as(user).promote('handed', 'mine')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    }
    const host = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'dan', roles: [] } })
    await host.agents.change('handed', { ownerId: 'cleo-2' })
    await host.agents.change('handed', { ownerId: 'cleo' })
    await as('dan').change('handed', { displayName: 'Handed', ownerId: 'cleo' })
    expect(await as('dan').promote('handed', 'passed the course')).toMatchObject({ maturity: 'intern' })
  })

  it('falls any number of steps, bumps the epoch, and must be earned again [MAT-7]', async () => {
    await admin.agents.register({ id: 'fallen', maturity: 'autonomous' })
    const agent = await admin.agents.demote('fallen', 'student', 'deleted the wrong table')
    expect(agent).toMatchObject({ maturity: 'student', confidence: 0, epoch: 2 })
    const { items } = await admin.journal.list({ agent: 'fallen', kind: 'agent.demoted' })
    expect(items[0]?.body).toMatchObject({ actor: 'user:root', reason: 'deleted the wrong table', to: 'student' })
    await expect(admin.agents.demote('fallen', 'student', 'again')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('takes 2,000 basis points and at least one step after an incident, in one transaction [MAT-6]', async () => {
    await admin.agents.register({ id: 'reckless', confidence: 10_000 })
    const agent = await admin.agents.recordIncident('reckless', 'ignored a stop')
    // 8,000 is still in the band of supervised.
    expect(agent).toMatchObject({ maturity: 'supervised', confidence: 8_000 })
    const again = await admin.agents.recordIncident('reckless', 'and again')
    expect(again).toMatchObject({ maturity: 'intern', confidence: 6_000 })
  })

  it('writes no secret of a reason into the journal [MAT-6, I-33]', async () => {
    await admin.agents.register({ id: 'leaky', confidence: 10_000 })
    await admin.agents.recordIncident('leaky', 'It printed token=abcdef1234567890.')
    const { items } = await admin.journal.list({ agent: 'leaky' })
    expect(items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['agent.incident_recorded', 'agent.demoted']))
    expect(JSON.stringify(items)).not.toContain('abcdef1234567890')
  })

  it('is the sum of the applied deltas [MAT-3]', async () => {
    await admin.agents.register({ id: 'summed', confidence: 1_000 })
    await admin.agents.recordIncident('summed', 'one')
    const { items } = await admin.agents.confidence('summed')
    expect(items[0]).toMatchObject({ kind: 'incident', requested: -2_000, applied: -1_000, confidence: 0 })
    expect(items.reduce((sum, { applied }) => sum + applied, 0)).toBe((await admin.agents.get('summed')).confidence)
  })

  it('is refused by the database itself when a statement changes it without a transition [MAT-2, DB-13]', async () => {
    await admin.agents.register({ id: 'forged' })
    const forge = inWorkspace(database, { workspace: 'default' }, (tx) =>
      tx.db.execute(sql`update maturity_records set maturity = 'autonomous' where agent_id = 'forged'`),
    )
    await expect(forge).rejects.toThrow(/without a transition/)
    expect((await admin.agents.get('forged')).maturity).toBe('student')
  })
})
