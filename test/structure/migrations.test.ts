import { describe, expect, it } from 'vitest'
import { repositoryFiles, textOf } from './sources.ts'

/** What takes something away from the release before, which goes on running until its processes are replaced. */
const TAKES_AWAY: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['drop table', /\bdrop table (?:if exists )?(\w+)/gi],
  ['drop column', /\bdrop column (?:if exists )?(\w+)/gi],
  ['rename', /\brename (?:column |constraint )?(\w+ )?to (\w+)/gi],
  ['another type', /\balter column (\w+) (?:set data )?type\b/gi],
  ['set not null', /\balter column (\w+) set not null/gi],
  ['drop default', /\balter column (\w+) drop default/gi],
  ['not null without a default', /\badd column (?:if not exists )?(\w+) (?![^,;]*\bdefault\b)[^,;]*\bnot null\b/gi],
  ['drop constraint for good', /\bdrop constraint (?:if exists )?(\w+)\b(?![\s\S]*\badd constraint \1\b)/gi],
  [
    'drop trigger for good',
    /\bdrop trigger (?:if exists )?(\w+)\b(?![\s\S]*\bcreate (?:or replace )?(?:constraint )?trigger \1\b)/gi,
  ],
  ['drop function', /\bdrop function (?:if exists )?(\w+)/gi],
  ['drop policy for good', /\bdrop policy (?:if exists )?(\w+)\b(?![\s\S]*\bcreate policy \1\b)/gi],
  ['revoke', /\brevoke (\w+)/gi],
]

/** What asks more of the rows that the release before writes, where the table is not new. */
const ASKS_MORE: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['unique index', /\bcreate unique index (?:if not exists )?\w+ on (\w+)/gi],
  ['trigger', /\bcreate (?:or replace )?(?:constraint )?trigger \w+ (?:before|after)[^;]*? on (\w+)/gi],
]

/**
 * All that take something away, or ask more. They are older than the first release, which has nothing before it, and no line
 * is added for a later one without making two releases of it: the first no longer needs what the second takes away.
 */
const BEFORE_THE_FIRST_RELEASE: readonly string[] = [
  'core/0001-foundation: revoke insert',
  'core/0002-approvals: set not null requested_hash',
  'core/0002-approvals: trigger on executions',
  'core/0002-approvals: unique index on executions',
  'core/0002-approvals: unique index on executions',
  'core/0003-grants: trigger on executions',
  'core/0003-grants: trigger on executions',
  'core/0004-reviewing: trigger on executions',
  'core/0004-reviewing: trigger on proposals',
  'core/0008-training: trigger on blocked_triggers',
  'core/0008-training: trigger on training_proposals',
  'core/0008-training: trigger on training_proposals',
  'core/0009-grant-keys: trigger on grants',
  'core/0010-evidence: trigger on executions',
  'core/0016-presence: drop default due_at',
  'core/0017-queue: trigger on supervised_queue',
  'core/0017-queue: unique index on executions',
  'core/0018-reviewer: trigger on proposal_reviews',
  'core/0019-agent-watch: drop constraint for good reviews_check2',
  'core/0019-agent-watch: drop constraint for good reviews_check3',
  'core/0019-agent-watch: trigger on executions',
  'core/0019-agent-watch: trigger on reviews',
  'core/0019-agent-watch: trigger on session_steps',
  'core/0019-agent-watch: trigger on supervision_sessions',
  'core/0019-agent-watch: unique index on reviews',
  'core/0024-access: drop constraint for good presence_sessions_workspace_id_user_id_fkey',
  'core/0024-access: drop constraint for good presences_workspace_id_user_id_fkey',
  'core/0024-access: trigger on api_keys',
  'core/0026-guardrails: rename agent_id',
  'core/0034-scale: trigger on blocked_triggers',
  'core/0034-scale: trigger on proposal_reviews',
  'core/0034-scale: trigger on proposals',
  'core/0034-scale: trigger on supervised_queue',
  'core/0034-scale: trigger on supervised_queue',
  'core/0034-scale: trigger on supervision_sessions',
]

interface Migration {
  readonly name: string
  readonly sql: string
}

const migrations: readonly Migration[] = repositoryFiles()
  .filter((path) => /^packages\/[^/]+\/src\/.*migrations\/\d+[^.]*\.ts$/.test(path))
  .map((path) => ({
    name: path.replace(/^packages\/(\w+)\/.*\/([^/]+)\.ts$/, '$1/$2'),
    sql: withoutComments(textOf(path)),
  }))

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/--.*$/gm, '')
}

function takenAwayBy({ name, sql }: Migration): string[] {
  const made = new Set([...sql.matchAll(/\bcreate table (?:if not exists )?(\w+)/gi)].map(([, table]) => table))
  const asked = ASKS_MORE.flatMap(([what, pattern]) =>
    [...sql.matchAll(pattern)].flatMap(([, table = '']) => (made.has(table) ? [] : [`${name}: ${what} on ${table}`])),
  )
  const replaced = new Set([...sql.matchAll(/\bdrop trigger (?:if exists )?\w+ on (\w+)/gi)].map(([, table]) => table))
  const more = asked.filter((line) => !(line.includes(': trigger on ') && replaced.has(line.split(' ').at(-1))))
  return [...more, ...takenAway({ name, sql })]
}

function takenAway({ name, sql }: Migration): string[] {
  return TAKES_AWAY.flatMap(([what, pattern]) =>
    [...sql.matchAll(pattern)].map((match) => `${name}: ${what} ${match[1] ?? ''}`.trim()),
  )
}

describe('migrations', () => {
  it('only add to what the release before uses, but for what is older than the first one [OPS-20]', () => {
    expect(migrations.length).toBeGreaterThan(30)
    expect(migrations.flatMap(takenAwayBy).sort()).toEqual([...BEFORE_THE_FIRST_RELEASE].sort())
  })

  it.each([
    'drop table proposals;',
    'alter table agents drop column owner_id;',
    'alter table agents rename column owner_id to owner;',
    'alter table agents rename to bots;',
    'alter table agents alter column epoch type text;',
    'alter table agents alter column epoch set not null;',
    'alter table agents alter column epoch drop default;',
    'alter table agents add column tier text not null;',
    'alter table agents add column one text, add column two text not null check (two > 0);',
    'alter table alerts drop constraint alerts_code_check;',
    'drop trigger proposal_transition on proposals;',
    'drop policy workspace_only on agents;',
    'revoke select on agents from preceptor_app;',
    'create unique index once on agents (owner_id);',
    'create trigger guard before update on agents for each row execute function f();',
  ])('are told by the rule from those that do not: %s [OPS-20]', (sql) => {
    expect(takenAwayBy({ name: 'core/9999-later', sql })).toHaveLength(1)
  })

  it.each([
    'create table more (id text primary key, at timestamptz not null);',
    "alter table agents add column tier text not null default 'one' check (tier in ('one', 'two'));",
    'alter table agents add column note text, add column many integer not null default 0;',
    'alter table alerts drop constraint alerts_code_check; alter table alerts add constraint alerts_code_check check (true);',
    'drop trigger guard on proposals; create trigger guard before update on proposals execute function f();',
    'create index more on agents (id);',
  ])('that only add are let through: %s [OPS-20]', (sql) => {
    expect(takenAwayBy({ name: 'core/9999-later', sql })).toEqual([])
  })
})
