/** Schedules of workflows. A due time is passed once: `next_at` only goes on, and a removed schedule stays removed. */
export const SCHEDULES_MIGRATION: { readonly name: string; readonly sql: string } = {
  name: '0004-schedules',
  sql: `
create table workflow_schedules (
  id text primary key,
  workspace_id text not null references workspaces,
  workflow_id text not null,
  cron text not null check (length(cron) between 9 and 200),
  timezone text not null check (length(timezone) between 1 and 64),
  input jsonb not null check (jsonb_typeof(input) = 'object'),
  overlap text not null check (overlap in ('skip', 'allow')),
  state text not null default 'active' check (state in ('active', 'removed')),
  next_at timestamptz,
  -- The due time that was passed last, and why no run began for it.
  last_at timestamptz,
  last_problem text check (length(last_problem) between 1 and 1000),
  created_by text not null,
  -- What its maker could do then; what is left of it is looked at when it is due.
  made_in_roles text[] not null,
  made_by_credential text,
  -- Whether its maker was seen to be a member: nothing is left of a member who is gone.
  made_by_member boolean not null,
  created_at timestamptz not null,
  unique (workspace_id, id),
  foreign key (workspace_id, workflow_id) references workflows (workspace_id, id),
  check ((state = 'active') = (next_at is not null)),
  check (last_at is not null or last_problem is null)
);
create index workflow_schedules_by_time on workflow_schedules (workspace_id, created_at, id);
create index workflow_schedules_due on workflow_schedules (next_at) where state = 'active';

create function preceptor_workflow_schedule_goes_on() returns trigger language plpgsql as $$
begin
  if (new.id, new.workspace_id, new.workflow_id, new.cron, new.timezone, new.input, new.overlap, new.created_by,
      new.made_in_roles, new.made_by_credential, new.created_at)
    is distinct from (old.id, old.workspace_id, old.workflow_id, old.cron, old.timezone, old.input, old.overlap,
      old.created_by, old.made_in_roles, old.made_by_credential, old.created_at) then
    raise exception 'schedule % cannot become another one', old.id using errcode = '23514';
  end if;
  if old.state = 'removed' or new.next_at < old.next_at or old.made_by_member and not new.made_by_member then
    raise exception 'schedule % cannot go back', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger workflow_schedule_goes_on before update on workflow_schedules
  for each row execute function preceptor_workflow_schedule_goes_on();

alter table workflow_schedules enable row level security;
alter table workflow_schedules force row level security;
create policy workspace_only on workflow_schedules to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert on workflow_schedules to preceptor_app;
grant update (state, next_at, last_at, last_problem, made_by_member) on workflow_schedules to preceptor_app;
-- What is due is looked for over all workspaces.
create policy system_reads on workflow_schedules for select to preceptor_system using (true);
grant select (id, workspace_id, state, next_at) on workflow_schedules to preceptor_system;

alter table workflow_runs add foreign key (workspace_id, schedule_id) references workflow_schedules (workspace_id, id);
`,
}
