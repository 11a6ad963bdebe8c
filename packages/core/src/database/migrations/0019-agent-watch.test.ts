import { expect, it } from 'vitest'
import { describeOnEachStore, type TestStore } from '../../journal/each-store.test.helper.ts'
import { createAttempts } from '../attempt-statements.test.helper.ts'

const HASH = 'a'.repeat(64)

const SEED = [
  `insert into workspaces values ('default', 'd', now()) on conflict do nothing`,
  ...['bot', 'judge', 'other'].map(
    (id) => `insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
      values ('default', '${id}', 'b', 'o', now(), now()) on conflict do nothing`,
  ),
  `insert into reviewers (workspace_id, agent_id, state, counts_from, changed_by, changed_at)
    select 'default', id, 'active', now(), 'system:reviewer', now() from agents where workspace_id = 'default'
    on conflict do nothing`,
]

const session = (changed = ''): string =>
  `insert into supervision_sessions (id, workspace_id, agent_id, run, decision_id, action, args_hash, state, last_step_at,
      created_at${changed === '' ? '' : ', paused_by'})
    values ('SES', 'default', 'bot', 'SES', 'd', 'note.write', 'h', '${changed === '' ? 'starting' : 'paused'}', now(),
      now()${changed === '' ? '' : `, '${changed}'`})`

const step = (risk = 'medium'): string =>
  `insert into session_steps (id, workspace_id, session_id, agent_id, action, digest, args, sensitive, args_hash, risk,
      state, created_at)
    values ('STP', 'default', 'SES', 'bot', 'note.write', 'x', '{}', '[]', 'h', '${risk}', 'waiting', now())`

const attach = (who = 'agent:judge'): string =>
  `update supervision_sessions set supervisor_id = '${who}', state = 'running',
    supervisor_lease_expires_at = now() + interval '30 seconds' where id = 'SES'`

const review = (changed: Readonly<Record<string, string>> = {}): string => {
  const row = {
    id: `'RVW'`,
    workspace_id: `'default'`,
    kind: `'step'`,
    session_id: `'SES'`,
    step_id: `'STP'`,
    corrections: '0',
    agent_id: `'bot'`,
    action: `'note.write'`,
    risk: `'medium'`,
    action_hash: `'${HASH}'`,
    reviewer_id: `'judge'`,
    made_by: `'model:x'`,
    asked_by: `'system:reviewer'`,
    state: `'asked'`,
    characters: '5',
    created_at: 'now()',
    ...changed,
  }
  return `insert into reviews (${Object.keys(row).join(', ')}) values (${Object.values(row).join(', ')})`
}

const complete = (verdict = 'approve', effect = 'approved', more = ''): string =>
  `update reviews set state = 'completed', verdict = '${verdict}', effect = '${effect}', completed_at = now()${more}
    where id = 'RVW'`

const begin = `update session_steps set state = 'started' where id = 'STP'`
const correct = `update session_steps set corrected_args = '{"a": 1}', corrections = 1 where id = 'STP'`

const claim = (decision = 'STP'): string =>
  `insert into executions (id, workspace_id, agent_id, idempotency_key, action, digest, args_hash, idempotent, decision_id,
      session_id, state, claimant, fence, attempt, lease_expires_at, claimed_at)
    values ('EXE', 'default', 'bot', 'EXE', 'note.write', 'x', 'h', false, '${decision}', 'SES', 'claimed', 'c', 1, 1,
      now() + interval '30 seconds', now())`

const GOOD = [session(), step(), attach(), review(), complete()] as const

/** What is written about a run, of which the last statement must be refused. */
const ATTACKS: Readonly<Record<string, readonly string[]>> = {
  'lets high risk begin': [session(), step('high'), attach(), begin],
  'lets critical risk begin': [session(), step('critical'), attach(), begin],
  'is asked about high risk as if it were less': [session(), step('high'), attach(), review()],
  'approves high risk': [session(), step('high'), attach(), review({ risk: `'high'` }), complete()],
  'lets begin what it was not asked about': [session(), step(), attach(), begin],
  'lets begin before it has answered': [session(), step(), attach(), review(), begin],
  'lets begin what it left to people': [session(), step(), attach(), review(), complete('escalate', 'none'), begin],
  'lets begin what it denied': [session(), step(), attach(), review(), complete('deny', 'rejected'), begin],
  'lets other args begin': [...GOOD, correct, begin],
  'lets begin what another one approved': [...GOOD, attach('agent:other'), begin],
  'is asked about a run that it does not watch': [session(), step(), attach('agent:other'), review()],
  'is asked twice': [...GOOD, review({ id: `'RVW-2'` })],
  'moves its verdict to another step': [...GOOD, `update reviews set step_id = 'none' where id = 'RVW'`],
  'has a fault let it begin': [
    session(),
    step(),
    attach(),
    review(),
    complete('approve', 'approved', ', is_fault = true'),
  ],
  'claims what did not begin': [session(), step(), attach(), claim()],
  'claims what is no step': [...GOOD, begin, claim('else')],
  'claims high risk': [session(), step('high'), attach('sam'), begin, attach(), claim()],
  'watches itself': [session(), attach('agent:bot')],
  'is no reviewer': [session(), attach('agent:nobody')],
  'ends a pause of a person': [session('user:sam'), attach()],
  'ends a pause of another reviewer': [session('agent:other'), attach()],
}

const runOn = createAttempts(/\b(SES|STP|RVW|EXE)\b/g)
const attempt = (store: TestStore, statements: readonly string[]): Promise<string | undefined> =>
  runOn(store, { seed: SEED, statements })

describeOnEachStore('an agent that watches [WATCH-4, I-24]', (store) => {
  it.each(Object.entries(ATTACKS))('is refused when it %s', async (_, statements) => {
    expect(await attempt(store, statements)).toMatch(
      /^(?!too early).*(not for|about no step|stays as|review|permission)/,
    )
  })

  it('lets begin what it approved, and people let begin whatever they watch', async () => {
    expect(await attempt(store, [...GOOD, begin, claim()])).toBeUndefined()
    expect(await attempt(store, [session('lease'), step(), attach(), review(), complete(), begin])).toBeUndefined()
    expect(await attempt(store, [session(), step('critical'), attach('sam'), begin, claim()])).toBeUndefined()
    const taken = [session(), step('high'), attach(), attach('sam'), begin, claim()]
    expect(await attempt(store, taken)).toBeUndefined()
  })
})
