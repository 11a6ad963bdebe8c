import { expect, it } from 'vitest'
import { describeOnEachStore, type TestStore } from '../../journal/each-store.test.helper.ts'

const HASH = 'a'.repeat(64)
const WAITING = `insert into policies values ('default', 3, '{"actions":{"refund.create":{"waitMs":60000}}}', 'r', 'x', now())`
const AGENT = `
  insert into workspaces values ('default', 'd', now()) on conflict do nothing;
  insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
    values ('default', 'bot', 'b', 'o', now(), now()) on conflict do nothing;
  ${WAITING} on conflict do nothing`

const version = (id: string, number: number, expiry = `now() + interval '1 day'`, policy = 0): string => `
  insert into proposal_versions (proposal_id, version, workspace_id, args, args_hash, action_hash, nonce, policy_version,
    fingerprint, expires_at, created_by, created_at)
  values ('${id}', ${number}, 'default', '{}', '${HASH}', '${HASH}', 'n', ${policy}, '{}', ${expiry}, 'x', now())`
const review = (id: string): string => `
  insert into proposal_reviews (id, workspace_id, proposal_id, version, reviewer, verdict, action_hash, epochs, created_at)
  values ('${id}-r', 'default', '${id}', 1, 'user:a', 'approve', '${HASH}', '[]', now())`
const claim = (id: string, { at = 'now()', state = 'claimed', attempt = 1 } = {}): string => `
  insert into executions (id, workspace_id, agent_id, idempotency_key, action, digest, args_hash, idempotent, decision_id,
    state, claimant, fence, attempt, lease_expires_at, claimed_at, proposal_id)
  values ('exe-${id}', 'default', 'bot', '${id}', 'refund.create', '${HASH}', '${HASH}', true, 'd', '${state}', 'x', 1,
    ${attempt}, now(), ${at}, '${id}')`
const comment = (id: string): string =>
  `insert into proposal_comments values ('${id}-c', 'default', '${id}', 'user:a', 'Hm.', now())`
const change = (id: string, set: string): string => `update proposals set ${set} where id = '${id}'`

interface Seed {
  readonly state?: string
  readonly policy?: number
  readonly runnable?: string
  readonly more?: (id: string) => string
}

let made = 0

/** A proposal that needs one approval, in a state that nothing led to. */
async function seed(
  store: TestStore,
  { state = 'pending', policy = 0, runnable = 'null', more }: Seed,
): Promise<string> {
  made += 1
  const id = `prp_${made}`
  const client = await store.database.pool.connect()
  try {
    for (const statement of AGENT.split(';')) await client.query(statement)
    await client.query("set session_replication_role to 'replica'")
    await client.query(`insert into proposals (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, risk,
        maturity, source, executor, required_approvals, state, proposed_by, requested_hash, expires_at, created_at,
        updated_at, runnable_at)
      values ('${id}', 'default', 'bot', 'dec_${id}', '${id}', 'refund.create', '${HASH}', 'high', 'intern', 'x', 'caller', 1,
        '${state}', 'agent:bot', '${HASH}', now() + interval '1 day', now(), now(), ${runnable})`)
    await client.query(version(id, 1, undefined, policy))
    if (more !== undefined) await client.query(more(id))
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

type Case = readonly [Seed, (id: string) => readonly string[]]
const later = `now() + interval '3 days'`
const inAMinute = `now() + interval '1 minute'`
const next = (id: string, expiry = later): readonly string[] => [
  version(id, 2, expiry),
  change(id, `version = 2, expires_at = ${expiry}`),
]
const waits: Seed = { state: 'approved', runnable: inAMinute }

const REFUSED: Readonly<Record<string, Case>> = {
  'live longer as it is': [{}, (id) => [change(id, `expires_at = ${later}`)]],
  'live longer than its version': [{}, (id) => [version(id, 2), change(id, `version = 2, expires_at = ${later}`)]],
  'live longer than 7 days': [{}, (id) => next(id, `now() + interval '8 days'`)],
  'live shorter': [{}, (id) => next(id, `now() + interval '1 hour'`)],
  'live longer by being taken back': [
    { state: 'approved' },
    (id) => [version(id, 2, later), change(id, `state = 'pending', version = 2, expires_at = ${later}`)],
  ],
  'be approved without the wait of its policy': [
    { policy: 3 },
    (id) => [review(id), change(id, `state = 'approved', decided_at = now()`)],
  ],
  'be approved with a shorter wait than that': [
    { policy: 3 },
    (id) => [review(id), change(id, `state = 'approved', decided_at = now(), runnable_at = now() + interval '59 s'`)],
  ],
  'run before its wait is over': [waits, (id) => [claim(id), change(id, `state = 'executing'`)]],
  'forget its wait to run': [waits, (id) => [claim(id), change(id, `state = 'executing', runnable_at = null`)]],
  'forget its wait': [waits, (id) => [change(id, 'runnable_at = null')]],
  'get a wait before it is approved': [{}, (id) => [change(id, 'runnable_at = now()')]],
  'be assigned once it is decided': [{ state: 'rejected' }, (id) => [change(id, `assigned_to = 'ana'`)]],
  'be tried a fourth time': [
    { state: 'outcome_unknown', more: (id) => claim(id, { state: 'outcome_unknown', attempt: 3 }) },
    (id) => [`update executions set state = 'claimed', fence = 2, attempt = 4 where id = 'exe-${id}'`],
  ],
  'have a comment changed': [{ more: comment }, () => [`update proposal_comments set text = 'Other.'`]],
  'have a comment removed': [{ more: comment }, () => ['delete from proposal_comments']],
}

const ALLOWED: Readonly<Record<string, Case>> = {
  'lives longer by its next version': [{}, (id) => next(id)],
  'is approved with the wait of its policy': [
    { policy: 3 },
    (id) => [review(id), change(id, `state = 'approved', decided_at = now(), runnable_at = now() + interval '60 s'`)],
  ],
  'runs once its wait is over': [waits, (id) => [claim(id, { at: inAMinute }), change(id, `state = 'executing'`)]],
  'waits no more when it is taken back': [
    waits,
    (id) => [version(id, 2), change(id, `state = 'pending', version = 2, runnable_at = null`)],
  ],
  'is tried a third time': [
    { state: 'outcome_unknown', more: (id) => claim(id, { state: 'outcome_unknown', attempt: 2 }) },
    (id) => [`update executions set state = 'claimed', fence = 2, attempt = 3 where id = 'exe-${id}'`],
  ],
}

describeOnEachStore('a proposal that is reviewed [DB-13, PROP-11, PROP-13, PROP-15, PROP-16]', (store) => {
  it.each(Object.entries(REFUSED))('cannot %s', async (_, [seeded, statements]) => {
    expect(await asApplication(store, statements(await seed(store, seeded)))).toMatch(
      /^(proposal|execution) \S+ |append-only|permission denied/,
    )
  })

  it.each(Object.entries(ALLOWED))('%s', async (_, [seeded, statements]) => {
    expect(await asApplication(store, statements(await seed(store, seeded)))).toBeUndefined()
  })
})
