import { expect, it } from 'vitest'
import { describeOnEachStore, type TestStore } from '../../journal/each-store.test.helper.ts'
import { createAttempts } from '../attempt-statements.test.helper.ts'

const HASH = 'a'.repeat(64)

const SEED = [
  `insert into workspaces values ('default', 'd', now()) on conflict do nothing`,
  `insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
    values ('default', 'bot', 'b', 'o', now(), now()) on conflict do nothing`,
  `insert into training_proposals (id, workspace_id, agent_id, capability, gaps, gap_key, title, plan, state, repeats,
    created_at, updated_at) values ('COURSE', 'default', 'bot', 'c', '{c}', 'COURSE', 't', '{"a":1}', 'proposed', 3, now(),
    now())`,
]
const PROPOSAL = `with proposal as (
    insert into proposals (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, risk, maturity, source,
      executor, required_approvals, state, version, proposed_by, requested_hash, expires_at, created_at, updated_at)
    values ('PRP', 'default', 'bot', 'd', 'PRP', 'refund.create', 'x', 'high', 'intern', 's', 'caller', 1, 'pending', 1,
      'agent:bot', 'h', now() + interval '1 day', now(), now()) returning id)
  insert into proposal_versions (proposal_id, version, workspace_id, args, args_hash, action_hash, nonce, policy_version,
    fingerprint, expires_at, created_by, created_at, sensitive)
  select id, 1, 'default', '{}', 'h', '${HASH}', 'n', 0, '{}', now() + interval '1 day', 'agent:bot', now(), '[]' from proposal`

const advice = (changed: Readonly<Record<string, string>> = {}): string => {
  const row = {
    id: `'ADVICE'`,
    workspace_id: `'default'`,
    proposal_id: `'PRP'`,
    version: '1',
    action_hash: `'${HASH}'`,
    verdict: `'escalate'`,
    reasons: `'{Because.}'`,
    suggestions: `'[]'`,
    advised_by: `'rules'`,
    is_outage: 'false',
    asked_by: `'user:ana'`,
    attempt: 'null',
    created_at: 'now()',
    ...changed,
  }
  return `insert into advices (${Object.keys(row).join(', ')}) values (${Object.values(row).join(', ')})`
}

/** What is written, of which the last statement must be refused. */
const ATTACKS: Readonly<Record<string, readonly string[]>> = {
  'is changed': [advice(), `update advices set verdict = 'approve'`],
  'is removed': [advice(), `delete from advices`],
  'is about another action': [advice({ action_hash: `'${'b'.repeat(64)}'` })],
  'is about a version that is not there': [advice({ version: '2' })],
  'is for another workspace': [advice({ workspace_id: `'elsewhere'` })],
  'gives no reason': [advice({ reasons: `'{}'` })],
  'is no verdict': [advice({ verdict: `'approved'` })],
  'suggests without wanting a change': [advice({ suggestions: `'[{"pointer":"/a"}]'` })],
  'wants a change and suggests none': [advice({ verdict: `'modify'` })],
  'is the same attempt again': [advice({ attempt: '1' }), advice({ id: `'ADVICE-2'`, attempt: '1' })],
  'designs a course that was decided': [
    `update training_proposals set state = 'approved', decided_by = 'user:ana', decided_at = now() where id = 'COURSE'`,
    `update training_proposals set plan = '{}' where id = 'COURSE'`,
  ],
  'designs a course by deciding on it': [
    `update training_proposals set plan = '{}', state = 'approved', decided_by = 'user:ana', decided_at = now()
      where id = 'COURSE'`,
  ],
  'gives a course other gaps': [`update training_proposals set gaps = '{d}' where id = 'COURSE'`],
}

const runOn = createAttempts(/\b(PRP|COURSE|ADVICE)\b/g)
const attempt = (store: TestStore, statements: readonly string[]): Promise<string | undefined> =>
  runOn(store, { seed: [...SEED, PROPOSAL], statements })

describeOnEachStore('what the meta-agent leaves [META-5, META-8]', (store) => {
  it.each(Object.entries(ATTACKS))('is refused when it %s', async (_, statements) => {
    expect(await attempt(store, statements)).toMatch(/^(?!too early).*(advice|training proposal|permission|security)/)
  })

  it('goes its way', async () => {
    const modify = { id: `'ADVICE-m'`, verdict: `'modify'`, suggestions: `'[{"pointer":"/a"}]'` }
    const again = [advice(), advice({ id: `'ADVICE-b'` }), advice({ id: `'ADVICE-c'`, attempt: '1' })]
    expect(await attempt(store, [...again, advice({ ...modify, attempt: '2' })])).toBeUndefined()
    const designed = `update training_proposals set plan = '{"b":2}', updated_at = now() where id = 'COURSE'`
    expect(await attempt(store, [designed, designed])).toBeUndefined()
  })
})
