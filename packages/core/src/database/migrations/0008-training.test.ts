import { expect, it } from 'vitest'
import { describeOnEachStore, type TestStore } from '../../journal/each-store.test.helper.ts'
import { createAttempts } from '../attempt-statements.test.helper.ts'

const AGENT = [
  `insert into workspaces values ('default', 'd', now()) on conflict do nothing`,
  `insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
    values ('default', 'bot', 'b', 'o', now(), now()) on conflict do nothing`,
]

const session = (set: string): string => `update public.training_sessions set ${set} where id = 'SES'`
const run = (set: string): string => `update public.scenario_runs set ${set} where session_id = 'SES'`
const course = (set: string): string => `update public.training_proposals set ${set} where id = 'COURSE'`
const blocked = (set: string): string => `update public.blocked_triggers set ${set} where id = 'BLK'`

const ANSWER = run(`answer = '1', answered_by = 'agent:bot', answered_at = now()`)
const SCORE = run(`score = 10000, graded_by = 'user:ana', graded_at = now()`)
const COMPLETE = session(`state = 'completed', score = 10000`)
const PROGRESS = [session(`state = 'in_progress'`), ANSWER]
const RESOLVE = blocked(`resolved_at = now(), resolution = 'proposal', resolved_by = 'user:ana'`)

/** What is written, of which the last statement must be refused. */
const ATTACKS: Readonly<Record<string, readonly string[]>> = {
  'completes without scores': [...PROGRESS, COMPLETE],
  'completes by a table of that name': [
    ...PROGRESS,
    'create temp table scenario_runs on commit drop as select 1 as score, id as session_id from public.training_sessions',
    COMPLETE,
  ],
  'completes by a typed score without a reason': [...PROGRESS, session(`state = 'completed', score = 1, typed = true`)],
  'completes without having begun': [COMPLETE],
  'has a score before its end': [...PROGRESS, session('score = 9000')],
  'is completed again': [...PROGRESS, SCORE, COMPLETE, session('score = 9000')],
  'begins again after its end': [session(`state = 'cancelled'`), session(`state = 'in_progress'`)],
  'goes to another agent': [session(`agent_id = 'other'`)],
  'goes back to an older runner': [session('fence = 2'), session('fence = 1')],
  'answers before it begins': [ANSWER],
  'answers after its end': [session(`state = 'cancelled'`), ANSWER],
  'changes an answer': [...PROGRESS, run(`answer = '2'`)],
  'scores what has no answer': [session(`state = 'in_progress'`), SCORE],
  'changes a score': [...PROGRESS, SCORE, run('score = 1')],
  'asks something else': [...PROGRESS, run(`scenario = '{"grader":{"kind":"human"}}'`)],
  'decides on its course again': [course(`decided_by = 'user:eve'`)],
  'takes its course back': [course(`state = 'proposed'`)],
  'plans something else': [course(`plan = '{}'`)],
  'forgets a block': [course('repeats = 1')],
  'resolves a block twice': [RESOLVE, blocked(`resolution = 'execution'`)],
  'blocks something else': [blocked(`args = '{"cents":1}'`)],
  'removes itself': [`delete from public.training_sessions where id = 'SES'`],
  'removes an answer': [`delete from public.scenario_runs where session_id = 'SES'`],
}

/** A session that is scheduled, with one scenario, of a course that was approved after a block. */
function seed(): readonly string[] {
  return [
    ...AGENT,
    `insert into public.training_proposals (id, workspace_id, agent_id, capability, gaps, gap_key, title, plan, state,
      repeats, created_at, updated_at) values ('COURSE', 'default', 'bot', 'c', '{c}', 'COURSE', 't', '{"a":1}',
      'proposed', 3, now(), now())`,
    course(`state = 'approved', decided_by = 'user:ana', decided_at = now()`),
    `insert into public.blocked_triggers (id, workspace_id, agent_id, decision_id, idempotency_key, source, action,
      args_hash, args, maturity, confidence, route, training_proposal_id, created_at) values ('BLK', 'default', 'bot',
      'd', 'BLK', 'x', 'a', 'h', '{}', 'student', 1, 'training', 'COURSE', now())`,
    `insert into public.training_sessions (id, workspace_id, agent_id, training_proposal_id, capability, gaps, state,
      duration_hours, hours_per_day, starts_at, ends_at, approved_by, created_at, updated_at) values ('SES', 'default',
      'bot', 'COURSE', 'c', '{c}', 'scheduled', 1, 8, now(), now(), 'user:ana', now(), now())`,
    `insert into public.scenario_runs (session_id, scenario_id, workspace_id, position, version, capability, weight,
      scenario) values ('SES', 's', 'default', 1, 1, 'c', 1, '{}')`,
  ]
}

const runOn = createAttempts(/\b(SES|COURSE|BLK)\b/g)
const attempt = (store: TestStore, statements: readonly string[]): Promise<string | undefined> =>
  runOn(store, { seed: seed(), statements })

describeOnEachStore('a training session [TRAIN-5]', (store) => {
  it.each(Object.entries(ATTACKS))('is refused when it %s', async (_, statements) => {
    expect(await attempt(store, statements)).toMatch(/^(?!too early).*(training|scenario|session|blocked|permission)/)
  })

  it('goes its way', async () => {
    expect(await attempt(store, [...PROGRESS, SCORE, COMPLETE, RESOLVE])).toBeUndefined()
    expect(await attempt(store, [...PROGRESS, session(`state = 'paused'`), SCORE])).toBeUndefined()
    const typed = session(`state = 'completed', score = 1, typed = true, end_reason = 'r'`)
    expect(await attempt(store, [...PROGRESS, typed])).toBeUndefined()
  })
})
