import { useTestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { describeOnEachStore, type TestStore } from '../../journal/each-store.test.helper.ts'
import { CORE_MIGRATIONS } from './index.ts'

const HASH = 'a'.repeat(64)

const AGENT = `
  insert into workspaces values ('default', 'd', now()) on conflict do nothing;
  insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
    values ('default', 'bot', 'b', 'o', now(), now()) on conflict do nothing`

const version = (id: string): string => `
  insert into proposal_versions (proposal_id, version, workspace_id, args, args_hash, action_hash, nonce, policy_version,
    fingerprint, expires_at, created_by, created_at)
  values ('${id}', 1, 'default', '{}', '${HASH}', '${HASH}', 'n', 0, '{}', now(), 'x', now())`

const review = (id: string, reviewer: string, { hash = HASH, workspace = 'default' } = {}): string => `
  insert into proposal_reviews (id, workspace_id, proposal_id, version, reviewer, verdict, action_hash, epochs,
    created_at)
  values ('${id}-${reviewer}', '${workspace}', '${id}', 1, '${reviewer}', 'approve', '${hash}', '[]', now())`

const claim = (id: string, key = id): string => `
  insert into executions (id, workspace_id, agent_id, idempotency_key, action, digest, args_hash, idempotent, decision_id,
    state, claimant, fence, attempt, lease_expires_at, claimed_at, proposal_id)
  values ('exe-${id}', 'default', 'bot', '${key}', 'refund.create', '${HASH}', '${HASH}', false, 'd', 'claimed', 'x', 1, 1,
    now(), now(), '${id}')`

const change = (id: string, set: string): string => `update public.proposals set ${set} where id = '${id}'`

let made = 0

/** A proposal that needs two approvals, in a state that nothing led to. */
async function seed(store: TestStore, state: string): Promise<string> {
  made += 1
  const id = `prp_${made}`
  const client = await store.database.pool.connect()
  try {
    for (const statement of AGENT.split(';')) await client.query(statement)
    await client.query("set session_replication_role to 'replica'")
    await client.query(`insert into proposals (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, risk,
        maturity, source, executor, required_approvals, state, proposed_by, requested_hash, expires_at, created_at, updated_at)
      values ('${id}', 'default', 'bot', 'dec_${id}', '${id}', 'refund.create', '${HASH}', 'high', 'intern', 'x', 'caller', 2,
        '${state}', 'agent:bot', '${HASH}', now() + interval '1 day', now(), now())`)
    await client.query(version(id))
    if (state === 'executing') await client.query(claim(id))
  } finally {
    await client.query('reset session_replication_role')
    client.release()
  }
  return id
}

/** What the application role gets: nothing when it worked. */
async function asApplication(store: TestStore, statements: readonly string[]): Promise<string | undefined> {
  const client = await store.database.pool.connect()
  try {
    await client.query("begin; set local role preceptor_app; set local preceptor.workspace to 'default'")
    for (const statement of statements) await client.query(statement)
    await client.query('commit')
    return undefined
  } catch (error) {
    await client.query('rollback')
    return error instanceof Error ? error.message : String(error)
  } finally {
    client.release()
  }
}

const approvals = (id: string, hash = HASH): string[] => [
  review(id, 'user:a', { hash }),
  review(id, 'user:b', { hash }),
  change(id, `state = 'approved'`),
]

const attacks: Record<string, readonly [string, (id: string) => readonly string[]]> = {
  'need fewer approvals': ['pending', (id) => [change(id, 'required_approvals = 1')]],
  'need fewer approvals with one of them': [
    'pending',
    (id) => [review(id, 'user:a'), change(id, `required_approvals = 1, state = 'approved'`)],
  ],
  'be approved by who saw something else': ['pending', (id) => approvals(id, 'b'.repeat(64))],
  'be approved by a table of that name': [
    'pending',
    (id) => [
      'create temp table proposal_reviews on commit drop as select * from public.proposal_reviews where false',
      ...approvals(id),
    ],
  ],
  'be approved by others': ['approved', (id) => [change(id, `decided_by = '{user:x}'`)]],
  'be answered after its end': ['rejected', (id) => [change(id, `response = '1'`)]],
  'be pending again as it is': ['approved', (id) => [change(id, `state = 'pending'`)]],
  'get a version that is not there': ['pending', (id) => [change(id, 'version = 2')]],
  'live longer': ['pending', (id) => [change(id, `expires_at = now() + interval '9 years'`)]],
  'be of somebody else': ['pending', (id) => [change(id, `delegation = '{boss}'`)]],
  'become another action': ['pending', (id) => [change(id, `digest = '${'b'.repeat(64)}'`)]],
  'be approved while it runs': ['executing', (id) => [change(id, `state = 'approved'`)]],
  'be claimed before it is approved': ['pending', (id) => [claim(id)]],
  'be claimed under another key': ['approved', (id) => [claim(id, `other-${id}`)]],
  'be reviewed from another workspace': [
    'pending',
    (id) => [`set local preceptor.workspace to 'other'`, review(id, 'user:a', { workspace: 'other' })],
  ],
}

/** Which states follow which. */
const FOLLOW: Readonly<Record<string, readonly string[]>> = {
  pending: ['approved', 'rejected', 'responded', 'expired', 'cancelled'],
  approved: ['executing', 'expired', 'cancelled', 'pending'],
  executing: ['succeeded', 'failed', 'outcome_unknown', 'approved'],
  outcome_unknown: ['succeeded', 'failed', 'executing'],
  succeeded: [],
  failed: [],
  rejected: [],
  responded: [],
  expired: [],
  cancelled: [],
}
// What these need besides is looked at by itself.
const NEEDS = ['approved', 'executing', 'pending']

describeOnEachStore('a proposal [DB-13, I-2]', (store) => {
  it.each(Object.entries(FOLLOW))('goes from %s only where the domain says so', async (from, follow) => {
    for (const to of Object.keys(FOLLOW).filter((state) => state !== from)) {
      const refused = await asApplication(store, [change(await seed(store, from), `state = '${to}'`)])
      if (!follow.includes(to))
        expect(refused, to).toMatch(/cannot go|its version only|under a claim only|still runs|lacks/)
      else if (NEEDS.includes(to)) expect(refused, to).not.toContain('cannot go')
      else expect(refused, to).toBeUndefined()
    }
  })

  it.each(Object.entries(attacks))('cannot %s', async (_, [state, statements]) => {
    expect(await asApplication(store, statements(await seed(store, state)))).toMatch(/proposal|execution/)
  })

  it('is approved by as many as it needs, claimed, and approved again only when nothing ran', async () => {
    const id = await seed(store, 'pending')
    expect(await asApplication(store, [review(id, 'user:a'), change(id, `state = 'approved'`)])).toContain('lacks')
    expect(await asApplication(store, approvals(id))).toBeUndefined()
    expect(await asApplication(store, [claim(id), change(id, `state = 'executing'`)])).toBeUndefined()
    const released = `update executions set state = 'released' where proposal_id = '${id}'`
    expect(await asApplication(store, [released, change(id, `state = 'approved'`)])).toBeUndefined()
  })
})

describe('an upgrade by an owner that is no superuser', () => {
  const server = useTestDatabase()

  it('keeps what was proposed before', async () => {
    const client = new pg.Client(server.url)
    await client.connect()
    const [first, second] = CORE_MIGRATIONS
    const owner = `owner_${process.pid}`
    try {
      await client.query(first?.sql ?? '')
      await client.query(`create role ${owner}; grant preceptor_app, preceptor_system to ${owner};
        grant all on schema public to ${owner}`)
      await client.query(`do $$ declare name text; begin
        for name in select 'table ' || tablename from pg_tables where schemaname = 'public'
          union all select 'function ' || oid::regprocedure from pg_proc where proname like 'preceptor%'
        loop execute 'alter ' || name || ' owner to ${owner}'; end loop; end $$`)
      await client.query(AGENT)
      await client.query(`insert into proposals (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, risk,
          maturity, source, executor, required_approvals, state, proposed_by, expires_at, created_at, updated_at)
        values ('p', 'default', 'bot', 'dec', 'k', 'refund.create', '${HASH}', 'high', 'intern', 'x', 'caller', 1, 'pending',
          'agent:bot', now(), now(), now())`)
      await client.query(version('p'))
      await client.query(`set role ${owner}`)
      await client.query(second?.sql ?? '')
      await client.query('reset role')
      const { rows } = await client.query('select requested_hash from proposals')
      expect(rows).toEqual([{ requested_hash: HASH }])
    } finally {
      await client.query(
        `reset role; reassign owned by ${owner} to current_user; drop owned by ${owner}; drop role ${owner}`,
      )
      await client.end()
    }
  })
})
