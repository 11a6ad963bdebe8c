/**
 * Runs of workflows, and the steps in which they and collaborations go on. Whatever writes to these tables, a step that ended
 * stays as it ended.
 */
export const RUNS_MIGRATION: { readonly name: string; readonly sql: string } = {
  name: '0002-runs',
  sql: `
create table workflow_runs (
  id text primary key,
  workspace_id text not null references workspaces,
  workflow_id text not null,
  version integer not null check (version > 0),
  state text not null default 'running' check (state in ('running', 'waiting', 'completed', 'failed', 'cancelled')),
  input jsonb not null check (jsonb_typeof(input) = 'object'),
  output jsonb,
  failure jsonb check (failure is null or jsonb_typeof(failure) = 'object'),
  -- The step that it failed at.
  failed_at text,
  expected jsonb not null default '[]',
  started_by text not null,
  schedule_id text,
  -- The time that a schedule started it for.
  due_at timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (workspace_id, id),
  unique (workspace_id, schedule_id, due_at),
  foreign key (workspace_id, workflow_id, version) references workflow_versions (workspace_id, workflow_id, version),
  check ((schedule_id is null) = (due_at is null)),
  check ((state in ('completed', 'failed', 'cancelled')) = (ended_at is not null)),
  check ((state = 'failed') = (failed_at is not null)),
  check (state <> 'failed' or failure is not null)
);
create index workflow_runs_by_time on workflow_runs (workspace_id, created_at, id);
create index workflow_runs_of_workflow on workflow_runs (workspace_id, workflow_id, created_at, id);
create index workflow_runs_of_schedule on workflow_runs (workspace_id, schedule_id, created_at) where schedule_id is not null;

create function preceptor_workflow_run_goes_on() returns trigger language plpgsql as $$
begin
  if (new.id, new.workspace_id, new.workflow_id, new.version, new.input, new.expected, new.started_by, new.schedule_id,
      new.due_at, new.created_at)
    is distinct from (old.id, old.workspace_id, old.workflow_id, old.version, old.input, old.expected, old.started_by,
      old.schedule_id, old.due_at, old.created_at) then
    raise exception 'run % cannot become another one', old.id using errcode = '23514';
  end if;
  -- A failed run may be gone on with; the other ends are ends.
  if old.state in ('completed', 'cancelled') or old.state = 'failed' and new.state not in ('running', 'waiting') then
    raise exception 'run % cannot go from % to %', old.id, old.state, new.state using errcode = '23514';
  end if;
  return new;
end $$;
create trigger workflow_run_goes_on before update on workflow_runs
  for each row execute function preceptor_workflow_run_goes_on();

create table workflow_steps (
  id text primary key,
  workspace_id text not null references workspaces,
  owner_kind text not null check (owner_kind in ('workflow_run', 'collaboration')),
  owner_id text not null,
  step text not null,
  visit integer not null check (visit > 0),
  type text not null check (type in ('agent', 'api_call', 'approval', 'condition', 'parallel', 'transform')),
  -- The parallel step whose branch it is in, and the path of that branch.
  parent_id text,
  branch text,
  -- What is attempted; null for what attempts nothing.
  trigger jsonb,
  settings jsonb not null default '{}',
  -- Who asked for it, such as user:ana.
  asked_by text not null,
  state text not null check (state in
    ('pending', 'running', 'waiting', 'succeeded', 'failed', 'outcome_unknown', 'cancelled')),
  attempts integer not null default 0 check (attempts >= 0),
  fence integer not null default 0,
  -- Not before then.
  due_at timestamptz,
  -- Whoever claimed it holds it until then.
  held_until timestamptz,
  -- When somebody looks at it, unless something happens before.
  wake_at timestamptz,
  proposal_id text,
  queue_entry_id text,
  output jsonb,
  failure jsonb check (failure is null or jsonb_typeof(failure) = 'object'),
  note text,
  -- How far the branches of a parallel step are.
  progress jsonb,
  -- Whether the step that failed was replaced by another visit of it.
  replayed boolean not null default false,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  unique (workspace_id, id),
  unique (workspace_id, owner_kind, owner_id, step, visit),
  foreign key (workspace_id, parent_id) references workflow_steps (workspace_id, id),
  check ((parent_id is null) = (branch is null)),
  check ((trigger is null) = (type in ('condition', 'parallel', 'transform'))),
  check ((state in ('succeeded', 'failed', 'cancelled')) = (ended_at is not null)),
  check ((progress is not null) = (type = 'parallel')),
  check (state <> 'failed' or failure is not null)
);
create index workflow_steps_of_owner on workflow_steps (workspace_id, owner_kind, owner_id, created_at, id);
create index workflow_steps_to_wake on workflow_steps (wake_at)
  where state in ('pending', 'running', 'waiting') and wake_at is not null;
create index workflow_steps_that_wait on workflow_steps (proposal_id)
  where state = 'waiting' and proposal_id is not null;

create index workflow_steps_unknown on workflow_steps (proposal_id)
  where state = 'outcome_unknown' and proposal_id is not null;

create function preceptor_workflow_step_goes_on() returns trigger language plpgsql as $$
begin
  if (new.id, new.workspace_id, new.owner_kind, new.owner_id, new.step, new.visit, new.type, new.parent_id, new.branch,
      new.trigger, new.settings, new.asked_by, new.created_at)
    is distinct from (old.id, old.workspace_id, old.owner_kind, old.owner_id, old.step, old.visit, old.type, old.parent_id,
      old.branch, old.trigger, old.settings, old.asked_by, old.created_at) then
    raise exception 'step % cannot become another one', old.id using errcode = '23514';
  end if;
  if old.state in ('succeeded', 'failed', 'cancelled') and (to_jsonb(new) - 'replayed' is distinct from
      to_jsonb(old) - 'replayed') then
    raise exception 'step % has ended', old.id using errcode = '23514';
  end if;
  if new.fence < old.fence or new.attempts < old.attempts then
    raise exception 'step % cannot go back', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger workflow_step_goes_on before update on workflow_steps
  for each row execute function preceptor_workflow_step_goes_on();

alter table workflow_runs enable row level security;
alter table workflow_runs force row level security;
create policy workspace_only on workflow_runs to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update on workflow_runs to preceptor_app;

alter table workflow_steps enable row level security;
alter table workflow_steps force row level security;
create policy workspace_only on workflow_steps to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update on workflow_steps to preceptor_app;
-- What is due is looked for over all workspaces.
create policy system_reads on workflow_steps for select to preceptor_system using (true);
grant select (id, workspace_id, state, fence, wake_at, due_at, note, proposal_id) on workflow_steps to preceptor_system;
`,
}
