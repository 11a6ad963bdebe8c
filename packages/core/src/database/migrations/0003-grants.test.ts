import { expect, it } from 'vitest'
import { describeOnEachStore, type TestStore } from '../../journal/each-store.test.helper.ts'

const HASH = 'a'.repeat(64)

const AGENT = [
  `insert into workspaces values ('default', 'd', now()) on conflict do nothing`,
  `insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
    values ('default', 'bot', 'b', 'o', now(), now()) on conflict do nothing`,
]

const grant = (id: string, { used = 0, days = 1, revoked = false } = {}): string => `
  insert into grants (id, workspace_id, agent_id, action, digest, matcher, uses, used, epoch, fingerprint, policy_version,
    reason, created_by, created_at, expires_at, revoked_by, revoked_at, revoke_reason)
  values ('${id}', 'default', 'bot', 'refund.create', '${HASH}', '{"args":{}}', 2, ${used}, 1, '{}', 0, 'r', 'user:ana', now(),
    now() + interval '${days} days', ${revoked ? `'x', now(), 'r'` : 'null, null, null'})`

const claim = (key: string, { under = 'g', action = 'refund.create', digest = HASH } = {}): string => `
  insert into executions (id, workspace_id, agent_id, idempotency_key, action, digest, args_hash, idempotent, decision_id,
    state, claimant, fence, attempt, lease_expires_at, claimed_at, grant_id)
  values ('exe-${key}', 'default', 'bot', '${key}', '${action}', '${digest}', '${HASH}', false, 'd', 'claimed', 'x', 1, 1,
    now(), now(), '${under}')`

const use = (id: string, more = 1): string => `update public.grants set used = used + ${more} where id = '${id}'`
const revoke = (id: string): string =>
  `update public.grants set revoked_by = 'user:ben', revoked_at = now(), revoke_reason = 'r' where id = '${id}'`
const release = (key: string): string => `update executions set state = 'released' where id = 'exe-${key}'`
const renew = (key: string): string => `update executions set lease_expires_at = now() where id = 'exe-${key}'`

let made = 0
const next = (): string => {
  made += 1
  return `g${made}`
}

/** What the application role gets: nothing when it worked. */
async function asApplication(store: TestStore, statements: readonly string[]): Promise<string | undefined> {
  const client = await store.database.pool.connect()
  try {
    for (const statement of AGENT) await client.query(statement)
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

const attacks: Record<string, (id: string) => readonly string[]> = {
  'be used without a run': (id) => [use(id)],
  'be used under a run of before': (id) => [renew(id).replace(`exe-${id}`, `exe-none`), use(id)],
  'let run without being used': (id) => [claim(id, { under: id })],
  'be used twice for one run': (id) => [claim(id, { under: id }), use(id, 2)],
  'be used twice in a transaction': (id) => [claim(id, { under: id }), use(id), use(id)],
  'be used more often than it says': (id) => [
    claim(id, { under: id }),
    `update public.grants set used = 3, uses = 3 where id = '${id}'`,
  ],
  'let another action run': (id) => [claim(id, { under: id, action: 'ledger.close' }), use(id)],
  'let another definition run': (id) => [claim(id, { under: id, digest: 'b'.repeat(64) }), use(id)],
  'let run after it was revoked': (id) => [revoke(id), claim(id, { under: id }), use(id)],
  'be unrevoked': (id) => [
    revoke(id),
    `update public.grants set revoked_by = null, revoked_at = null, revoke_reason = null where id = '${id}'`,
  ],
  'be revoked by halves': (id) => [`update public.grants set revoked_at = now() where id = '${id}'`],
  'live longer': (id) => [`update public.grants set expires_at = expires_at + interval '1 hour' where id = '${id}'`],
  'match other args': (id) => [`update public.grants set matcher = '{"args":{"x":{"any":true}}}' where id = '${id}'`],
  'be of another agent': (id) => [`update public.grants set agent_id = 'boss' where id = '${id}'`],
  'be given back while it runs': (id) => [claim(id, { under: id }), use(id), use(id, -1)],
  'be removed': (id) => [`delete from public.grants where id = '${id}'`],
  'be used by a table of that name': (id) => [
    'create temp table executions on commit drop as select * from public.executions where false',
    claim(id, { under: id }),
    use(id),
  ],
}

describeOnEachStore('a grant in the database [DB-13, GRANT-3, GRANT-4]', (store) => {
  it.each(Object.entries(attacks))('cannot %s', async (_, statements) => {
    const id = next()
    expect(await asApplication(store, [grant(id)])).toBeUndefined()
    expect(await asApplication(store, statements(id))).toMatch(/grant|execution|permission/)
  })

  it.each<[string, string]>([
    ['used', grant('n1', { used: 1 })],
    ['revoked', grant('n2', { revoked: true })],
    ['for more than 7 days', grant('n3', { days: 8 })],
    ['with its end before its beginning', grant('n4', { days: -1 })],
  ])('does not begin %s', async (_, statement) => {
    expect(await asApplication(store, [statement])).toMatch(/grant/)
  })

  it('is used with each claim under it, and given back where nothing ran, until it is used up', async () => {
    const id = next()
    const as = (statements: readonly string[]) => asApplication(store, statements)
    expect(await as([grant(id)])).toBeUndefined()
    expect(await as([claim(`${id}-1`, { under: id }), use(id)])).toBeUndefined()
    expect(await as([renew(`${id}-1`)])).toBeUndefined()
    expect(await as([use(id, -1)])).toContain('by a run under it only')
    expect(await as([release(`${id}-1`), use(id, -1)])).toBeUndefined()
    expect(await as([use(id, -1)])).toMatch(/grant/)
    for (const each of [2, 3]) expect(await as([claim(`${id}-${each}`, { under: id }), use(id)])).toBeUndefined()
    expect(await as([claim(`${id}-4`, { under: id }), use(id)])).toContain('under no live grant')
    // What runs goes on after the end of its grant, and can still be given back.
    expect(await as([revoke(id)])).toBeUndefined()
    expect(await as([release(`${id}-2`), use(id, -1)])).toBeUndefined()
    expect(await as([`update executions set grant_id = null where id = 'exe-${id}-3'`])).toContain('keeps its grant')
  })
})
