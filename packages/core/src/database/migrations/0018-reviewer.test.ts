import { expect, it } from 'vitest'
import { describeOnEachStore, type TestStore } from '../../journal/each-store.test.helper.ts'
import { createAttempts } from '../attempt-statements.test.helper.ts'

const HASH = 'a'.repeat(64)

const SEED = [
  `insert into workspaces values ('default', 'd', now()) on conflict do nothing`,
  ...['bot', 'judge'].map(
    (id) => `insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
      values ('default', '${id}', 'b', 'o', now(), now()) on conflict do nothing`,
  ),
  `insert into reviewers (workspace_id, agent_id, state, counts_from, changed_by, changed_at)
    select 'default', id, 'active', now(), 'system:reviewer', now() from agents where workspace_id = 'default'
    on conflict do nothing`,
]

const proposal = (risk: string, approvals = 1): string => `with proposal as (
    insert into proposals (id, workspace_id, agent_id, decision_id, idempotency_key, action, digest, risk, maturity, source,
      executor, required_approvals, state, version, proposed_by, requested_hash, expires_at, created_at, updated_at)
    values ('PRP', 'default', 'bot', 'd', 'PRP', 'note.write', 'x', '${risk}', 'intern', 's', 'caller', ${approvals},
      'pending', 1, 'agent:bot', 'h', now() + interval '1 day', now(), now()) returning id)
  insert into proposal_versions (proposal_id, version, workspace_id, args, args_hash, action_hash, nonce, policy_version,
    fingerprint, expires_at, created_by, created_at, sensitive)
  select id, 1, 'default', '{}', 'h', '${HASH}', 'n', 0, '{}', now() + interval '1 day', 'agent:bot', now(), '[]' from proposal`

const insert = (table: string, row: Readonly<Record<string, string>>): string =>
  `insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.values(row).join(', ')})`

const review = (changed: Readonly<Record<string, string>> = {}): string =>
  insert('reviews', {
    id: `'RVW'`,
    workspace_id: `'default'`,
    kind: `'proposal'`,
    proposal_id: `'PRP'`,
    version: '1',
    agent_id: `'bot'`,
    action: `'note.write'`,
    risk: `'medium'`,
    action_hash: `'${HASH}'`,
    reviewer_id: `'judge'`,
    made_by: `'model:x'`,
    asked_by: `'user:ana'`,
    state: `'asked'`,
    characters: '5',
    created_at: 'now()',
    ...changed,
  })

const complete = (verdict = 'approve', effect = 'approved', more = ''): string =>
  `update reviews set state = 'completed', verdict = '${verdict}', effect = '${effect}', completed_at = now()${more}
    where id = 'RVW'`

const decide = (changed: Readonly<Record<string, string>> = {}): string =>
  insert('proposal_reviews', {
    id: `'REV'`,
    workspace_id: `'default'`,
    proposal_id: `'PRP'`,
    version: '1',
    reviewer: `'agent:judge'`,
    verdict: `'approve'`,
    action_hash: `'${HASH}'`,
    epochs: `'[]'`,
    created_at: 'now()',
    ...changed,
  })

/** The present version, as somebody edited it. */
const edited = (by: string, risk = 'medium'): string => `with next as (
    insert into proposal_versions (proposal_id, version, workspace_id, args, args_hash, action_hash, nonce,
      policy_version, fingerprint, expires_at, created_by, created_at, sensitive)
    select proposal_id, 2, workspace_id, args, args_hash, action_hash, 'n2', policy_version, fingerprint, expires_at,
      '${by}', now(), sensitive from proposal_versions where proposal_id = 'PRP' returning version)
  update proposals set version = next.version, risk = '${risk}' from next where id = 'PRP'`

const second = (more: Readonly<Record<string, string>> = {}): string => review({ version: '2', ...more })
const SUGGESTED = `, suggested_args = '{"a":1}', suggestions = '[{}]'`
const safe = { risk: `'safe'` }

const canary = { kind: `'canary'`, proposal_id: 'null', version: 'null', agent_id: `'judge'` }

/** What is written about a proposal, of which the last statement must be refused. */
const ATTACKS: Readonly<Record<string, readonly [proposal: string, ...statements: string[]]>> = {
  'approves high risk': [proposal('high'), review({ risk: `'high'` }), complete('approve', 'none'), decide()],
  'approves critical risk': [
    proposal('critical'),
    review({ risk: `'critical'` }),
    complete('approve', 'none'),
    decide(),
  ],
  'says that it approved high risk': [proposal('high'), review({ risk: `'high'` }), complete()],
  'takes high risk for less': [proposal('high'), review()],
  'rejects high risk': [
    proposal('high'),
    review({ risk: `'high'` }),
    complete('deny', 'none'),
    decide({ verdict: `'reject'` }),
  ],
  'approves without a review': [proposal('medium'), decide()],
  'approves before it has answered': [proposal('medium'), review(), decide()],
  'approves what it left to people': [proposal('medium'), review(), complete('approve', 'none'), decide()],
  'approves what it denied': [proposal('medium'), review(), complete('deny', 'rejected'), decide()],
  'approves by another agent': [proposal('medium'), review(), complete(), decide({ reviewer: `'agent:bot'` })],
  'approves another action': [proposal('medium'), review(), complete(), decide({ action_hash: `'${'b'.repeat(64)}'` })],
  edits: [proposal('medium'), review(), complete(), decide({ verdict: `'edit'` })],
  'is one of two approvals': [proposal('medium', 2), review(), complete(), decide()],
  'reviews itself': [proposal('medium'), review({ reviewer_id: `'bot'` })],
  'reviews twice': [proposal('medium'), review(), review({ id: `'RVW-2'` })],
  'reviews another action': [proposal('medium'), review({ action_hash: `'${'b'.repeat(64)}'` })],
  'begins with a verdict': [
    proposal('medium'),
    review({ state: `'completed'`, verdict: `'approve'`, effect: `'none'` }),
  ],
  'changes its mind': [proposal('medium'), review(), complete('deny', 'none'), complete()],
  forgets: [proposal('medium'), review(), 'delete from reviews'],
  'approves by a fault': [proposal('medium'), review(), complete('approve', 'approved', ', is_fault = true')],
  'rejects by an approval': [proposal('medium'), review(), complete('approve', 'rejected')],
  'makes a canary run': [proposal('medium'), review(canary), complete()],
  'gives a canary a proposal': [proposal('medium'), review({ kind: `'canary'` })],
  'approves its own edit': [
    proposal('safe'),
    edited('agent:judge', 'safe'),
    second(safe),
    complete(),
    decide({ version: '2' }),
  ],
  'approves medium risk that another agent edited': [
    proposal('medium'),
    edited('agent:other'),
    second(),
    complete(),
    decide({ version: '2' }),
  ],
  'suggests for high risk': [proposal('high'), review({ risk: `'high'` }), complete('escalate', 'none', SUGGESTED)],
  'suggests beside an approval': [proposal('medium'), review(), complete('approve', 'none', SUGGESTED)],
  'suggests no change': [proposal('medium'), review(), complete('escalate', 'none', `, suggested_args = '{}'`)],
  'reviews for another workspace': [proposal('medium'), review({ workspace_id: `'elsewhere'` })],
}

const runOn = createAttempts(/\b(PRP|RVW|REV)\b/g)
const attempt = (
  store: TestStore,
  [proposed, ...statements]: readonly [string, ...string[]],
): Promise<string | undefined> => runOn(store, { seed: [...SEED, proposed], statements })

describeOnEachStore('an agent that reviews [REVIEW-2, I-24]', (store) => {
  it.each(Object.entries(ATTACKS))('is refused when it %s', async (_, statements) => {
    expect(await attempt(store, statements)).toMatch(/^(?!too early).*(review|decide|append-only|permission|security)/)
  })

  it('decides medium and safe risk by its review, and passes its canaries', async () => {
    expect(await attempt(store, [proposal('medium'), review(), complete(), decide()])).toBeUndefined()
    const byOthers = [edited('agent:other', 'safe'), second(safe), complete(), decide({ version: '2' })]
    expect(await attempt(store, [proposal('safe'), ...byOthers])).toBeUndefined()
    const suggested = complete('escalate', 'none', SUGGESTED)
    expect(await attempt(store, [proposal('medium'), review(), suggested])).toBeUndefined()
    const denied = [review({ risk: `'safe'` }), complete('deny', 'rejected'), decide({ verdict: `'reject'` })]
    expect(await attempt(store, [proposal('safe'), ...denied])).toBeUndefined()
    expect(await attempt(store, [proposal('medium'), review(canary), complete('deny', 'none')])).toBeUndefined()
  })
})
