import { createTestClock } from '@preceptor/core/testing'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  begin,
  type CollaborationGovernor,
  called,
  codeOf,
  openCollaborationGovernor,
  person,
} from '../collaboration/collaboration-governor.test.helper.ts'

let test: CollaborationGovernor
let collaboration: string
let vote: string

beforeAll(async () => {
  test = await openCollaborationGovernor({ clock: createTestClock() })
  for (const id of ['boss', 'writer', 'late']) await test.register(id, 'intern')
  const ana = test.as('ana', 'supervisor')
  const members = [called('boss', 'lead'), called('writer'), person('ben')]
  collaboration = (await begin(ana, { mode: 'hierarchical', task: 'Launch.', members })).id
  vote = (await ana.consensus.open({ collaboration, topic: 'Now?' })).id
  await test.as('ben', 'supervisor').consensus.vote(vote, { option: 'yes' })
  await test.as('ben', 'supervisor').collaborations.send(collaboration, 'Hello.')
  await ana.delegations.create({ collaboration, to: 'agent:writer', task: 'Write.' })
})
afterAll(() => test.close())

/** What the database says to statements of the application; `nothing` where it takes them. */
async function refusalOf(...statements: readonly SQL[]): Promise<string> {
  return test
    .inStore(async (tx) => {
      for (const statement of statements) await tx.db.execute(statement)
      throw new Error('nothing')
    })
    .catch((error: Error) => `${error.message} ${String(error.cause)}`)
}

const ballot = (member: string, weight: SQL, at: SQL = sql`now()`, option = 'no'): SQL =>
  sql`insert into consensus_votes (workspace_id, consensus_id, kind, member_id, weight, option, created_at)
      select 'default', ${vote}, 'agent', ${member}, ${weight}, ${option}, ${at}`
const own = (): SQL =>
  sql`(select weight from consensus_electors where consensus_id = ${vote} and member_id = 'writer')`

describe('a vote, whoever writes it', () => {
  it('is one of an elector, with its weight, once, for an option and in time [VOTE-1]', async () => {
    expect(await refusalOf(ballot('writer', own()))).toContain('nothing')
    expect(await refusalOf(ballot('writer', own()), ballot('writer', own()))).toContain('duplicate key')
    expect(await refusalOf(ballot('writer', sql`10000`))).toContain('foreign key')
    expect(await refusalOf(ballot('late', sql`10000`))).toContain('foreign key')
    expect(await refusalOf(ballot('writer', own(), sql`now()`, 'maybe'))).toContain('takes no such vote')
    expect(await refusalOf(ballot('writer', own(), sql`now() + interval '2 days'`))).toContain('takes no such vote')
    const close = sql`update collaboration_consensus set state = 'undecided', ended_at = now() where id = ${vote} and state = 'open'`
    expect(await refusalOf(close, ballot('writer', own()))).toContain('takes no such vote')
  })

  it('stays as it was cast, as do its question and its electors [VOTE-1]', async () => {
    for (const change of [
      sql`update consensus_votes set option = 'no'`,
      sql`delete from consensus_votes`,
      sql`update consensus_electors set weight = 10000`,
      sql`update collaboration_consensus set threshold = 5001`,
      sql`update collaboration_consensus set quorum = 1`,
    ]) {
      expect(await refusalOf(change)).toContain('permission denied')
    }
    const decide = (option: string): SQL =>
      sql`update collaboration_consensus set state = 'decided', option = ${option}, ended_at = now()
          where id = ${vote} and state in ('open', 'decided')`
    expect(await refusalOf(decide('yes'), decide('no'))).toContain('has ended')
    expect(await refusalOf(decide('maybe'))).toContain('violates')
  })
})

describe('a collaboration, whoever writes it', () => {
  it('keeps its members once it has begun', async () => {
    const join = sql`insert into collaboration_members (workspace_id, collaboration_id, kind, member_id, role, position)
      values ('default', ${collaboration}, 'agent', 'late', 'member', 9)`
    expect(await refusalOf(join)).toContain('are fixed')
    expect(await refusalOf(sql`delete from collaboration_members where member_id = 'writer'`)).toContain('are fixed')
    expect(await refusalOf(sql`update collaboration_members set action = 'x'`)).toContain('permission denied')
  })

  it('never goes back, and never comes to life again', async () => {
    const to = (values: SQL): SQL => sql`update collaborations set ${values} where id = ${collaboration}`
    expect(await refusalOf(to(sql`state = 'open'`))).toContain('cannot go back')
    expect(await refusalOf(to(sql`input = '{}'`))).toContain('cannot go back')
    expect(await refusalOf(to(sql`task = 'Another.'`))).toContain('permission denied')
    const end = to(sql`state = 'completed', output = '1', ended_at = now()`)
    expect(await refusalOf(end, to(sql`output = '2'`))).toContain('has ended')
    expect(await refusalOf(to(sql`state = 'failed', ended_at = now()`))).toContain('violates')
  })

  it('keeps what was said, and what a call or a delegation gave', async () => {
    for (const table of ['collaboration_messages', 'collaboration_contexts']) {
      expect(await refusalOf(sql`update ${sql.identifier(table)} set workspace_id = 'default'`)).toContain('permission')
      expect(await refusalOf(sql`delete from ${sql.identifier(table)}`)).toContain('permission')
    }
    const done = (table: string, state: string): SQL =>
      sql`update ${sql.identifier(table)} set state = ${state}, output = '1', ended_at = now()`
    const again = (table: string): SQL => sql`update ${sql.identifier(table)} set output = '2'`
    const turns = 'collaboration_turns'
    expect(await refusalOf(done(turns, 'succeeded'), again(turns))).toContain('stays what it is')
    const delegations = 'collaboration_delegations'
    expect(await refusalOf(done(delegations, 'completed'), again(delegations))).toContain('has ended')
    expect(
      await refusalOf(sql`update collaboration_delegations set holders = array['agent:x'], is_retried = true`),
    ).toContain('nothing')
    expect(await refusalOf(sql`update collaboration_delegations set holders = '{}'`)).toContain('cannot go back')
  })
})

describeWithPostgres('a vote that one member casts in two processes at once', () => {
  const server = useTestDatabase()
  const governors: CollaborationGovernor[] = []

  beforeAll(async () => {
    const settings = { deadlineMs: 20_000 }
    for (let each = 0; each < 2; each += 1) {
      governors.push(await openCollaborationGovernor({ database: server.url, settings }))
    }
    for (const id of ['one', 'two']) await governors[0]?.register(id, 'autonomous')
  })
  afterAll(() => Promise.all(governors.map((one) => one.close())))

  it('counts once, and every change of a decision once [VOTE-1]', async () => {
    const [left, right] = governors
    if (left === undefined || right === undefined) throw new Error('The governors are not there.')
    const ana = left.as('ana', 'supervisor')
    const members = [{ kind: 'agent', id: 'one' } as const, { kind: 'agent', id: 'two' } as const, person('ben')]
    for (let round = 0; round < 5; round += 1) {
      const { id } = await begin(ana, { mode: 'consensus', task: 'Ship?', members, consensus: { quorum: 3 } })
      const [open] = (await ana.consensus.list({ collaboration: id })).items
      const cast = (test: CollaborationGovernor, option: string): Promise<string> =>
        codeOf(test.asAgent('one').consensus.vote(open?.id ?? '', { option }))
      const codes = await Promise.all([cast(left, 'yes'), cast(right, 'no'), cast(left, 'no'), cast(right, 'yes')])
      expect(codes.filter((code) => code === 'nothing')).toHaveLength(1)
      expect(codes.filter((code) => code === 'VOTE_ALREADY_CAST')).toHaveLength(3)
      // The last two votes come at once: one of them decides, and the collaboration ends once.
      const last = await Promise.all([
        codeOf(left.asAgent('two').consensus.vote(open?.id ?? '', { option: 'yes' })),
        codeOf(right.as('ben', 'supervisor').consensus.vote(open?.id ?? '', { option: 'yes' })),
      ])
      expect(last).toEqual(['nothing', 'nothing'])
      const ended = await ana.consensus.get(open?.id ?? '')
      expect(ended.votes.map(({ member }) => member).sort()).toEqual(['agent:one', 'agent:two', 'user:ben'])
      expect(ended.state).not.toBe('open')
      const rows = (await left.admin.journal.list({ limit: 100 })).items.map(({ kind, subjectId }) => [kind, subjectId])
      for (const about of [
        ['consensus.decided', open?.id],
        ['collaboration.completed', id],
      ]) {
        expect(rows.filter((row) => JSON.stringify(row) === JSON.stringify(about))).toHaveLength(1)
      }
    }
  }, 60_000)
})
