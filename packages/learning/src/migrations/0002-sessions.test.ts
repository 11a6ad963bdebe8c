import type { GovernorPlugin, PluginHost } from '@preceptor/core/plugin'
import { inWorkspace } from '@preceptor/core/plugin'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SESSIONS_MIGRATION } from './0002-sessions.ts'

let test: TestGovernor
let host: PluginHost | undefined

const plugin: GovernorPlugin = {
  port: { name: 'learning', connect: () => ({}) },
  permissions: {},
  migrations: [SESSIONS_MIGRATION],
  open(opened) {
    host = opened
    return { scope: () => ({}), jobs: {} }
  },
}

beforeAll(async () => {
  test = await createTestGovernor({ plugins: [plugin], workspaces: ['default', 'other'] })
})
afterAll(() => test.close())

/** What the database says to statements of the application in the workspace `default`; `nothing` where it takes all. */
async function refusalOf(...statements: readonly SQL[]): Promise<string> {
  if (host === undefined) throw new Error('The plugin was not opened.')
  return inWorkspace(host.context.database, { workspace: 'default' }, async (tx) => {
    for (const statement of statements) await tx.db.execute(statement)
    throw new Error('nothing')
  }).catch((error: Error) => `${error.message} ${String(error.cause)}`)
}

const session = (state: string, workspace = 'default', improvement: number | null = null): SQL => {
  const isEnded = state === 'completed' || state === 'failed'
  return sql`insert into learning_sessions (id, workspace_id, agent_type, mode, format, context, original, strategy, state,
      improved, improvement, failure, lease_expires_at, actor, created_at, started_at, ended_at)
    values ('lss_x', ${workspace}, 'qa', 'batch', 'mixed', 'a question', 'an answer', 'qa', ${state},
      ${state === 'completed' ? 'better' : null}, ${improvement}::float8, ${state === 'failed' ? 'why' : null},
      ${state === 'running' ? sql`now()` : null}, 'user:ana', now(), ${state === 'pending' ? null : sql`now()`},
      ${isEnded ? sql`now()` : null})`
}
const change = (values: SQL): SQL => sql`update learning_sessions set ${values} where id = 'lss_x'`
const adaptation = (id = 'adp_x', state = 'active'): SQL =>
  sql`insert into learning_adaptations (id, workspace_id, agent_type, cause, change, plan, state, created_at, updated_at)
      values (${id}, 'default', 'qa', 'declining', 'more', '{}', ${state}, now(), now())`
const prediction = (low = 1, high = 2): SQL =>
  sql`insert into learning_predictions (id, workspace_id, agent_type, mean, low, high, level, direction, sessions, factors,
        recommendations, made_at, until_at)
      values ('prd_x', 'default', 'qa', 1, ${low}, ${high}, 0.9, 'stable', 5, '[]', '[]', now(), now() + interval '1 day')`
const settle = (values: SQL): SQL => sql`update learning_predictions set ${values} where id = 'prd_x'`

describe('a learning session, whoever writes it', () => {
  it('is one of this workspace, with what its state needs [I-34]', async () => {
    for (const state of ['pending', 'running', 'completed', 'failed']) {
      expect(await refusalOf(session(state))).toContain('nothing')
    }
    expect(await refusalOf(session('pending', 'other'))).toContain('row-level security')
    expect(await refusalOf(session('completed', 'default', 101))).toContain('violates')
    expect(await refusalOf(session('pending', 'default', 5))).toContain('violates')
    expect(await refusalOf(session('running'), change(sql`state = 'completed'`))).toContain('violates')
    expect(await refusalOf(session('running'), change(sql`failure = 'why'`))).toContain('violates')
  })

  it('never goes back, and never becomes another one [LEARN-5]', async () => {
    for (const ended of ['completed', 'failed']) {
      expect(await refusalOf(session(ended), change(sql`improvement = 5`))).toContain('has ended')
      expect(await refusalOf(session(ended), change(sql`is_counted = true`))).toContain('nothing')
    }
    const counted = change(sql`is_counted = true`)
    expect(await refusalOf(session('completed'), counted, change(sql`is_counted = false`))).toContain('cannot go back')
    const pending = change(sql`state = 'pending', lease_expires_at = null`)
    expect(await refusalOf(session('running'), pending)).toContain('cannot go back')
    for (const values of [sql`context = 'x'`, sql`original = 'x'`, sql`agent_type = 'ops'`, sql`actor = 'user:eve'`]) {
      expect(await refusalOf(session('running'), change(values))).toContain('cannot become another one')
    }
    expect(await refusalOf(session('completed'), sql`delete from learning_sessions`)).toContain('permission denied')
  })
})

describe('an adaptation, whoever writes it', () => {
  it('is the only one in force for its type, and comes back from nothing [LEARN-6]', async () => {
    expect(await refusalOf(adaptation(), adaptation('adp_y'))).toContain('learning_adaptations_active')
    expect(await refusalOf(adaptation(), adaptation('adp_y', 'switched_off'))).toContain('nothing')
    const to = (state: string): SQL => sql`update learning_adaptations set state = ${state} where id = 'adp_x'`
    expect(await refusalOf(adaptation(), to('switched_off'), to('removed'))).toContain('nothing')
    expect(await refusalOf(adaptation(), to('switched_off'), to('active'))).toContain('cannot go from')
    expect(await refusalOf(adaptation(), to('removed'), to('switched_off'))).toContain('cannot go from')
    const other = sql`update learning_adaptations set plan = '{"kind":"strategy"}'`
    expect(await refusalOf(adaptation(), other)).toContain('cannot become another one')
  })
})

describe('a prediction, whoever writes it', () => {
  it('stays as it was made, and is judged once', async () => {
    expect(await refusalOf(prediction(2, 1))).toContain('violates')
    const hit = settle(sql`state = 'hit', came = 1, judged_to = now(), settled_at = now()`)
    expect(await refusalOf(prediction(), hit)).toContain('nothing')
    expect(await refusalOf(prediction(), hit, settle(sql`state = 'missed'`))).toContain('settles once')
    expect(await refusalOf(prediction(), settle(sql`state = 'hit', settled_at = now()`))).toContain('violates')
    const widened = settle(sql`state = 'hit', came = 1, judged_to = now(), settled_at = now(), high = 99`)
    expect(await refusalOf(prediction(), widened)).toContain('cannot become another one')
  })
})
