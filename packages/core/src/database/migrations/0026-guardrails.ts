/**
 * Guardrails of the gate: bypasses, limits that are counted for more than the acting agent, and what a run used of them.
 */
export const guardrails: { readonly name: string; readonly sql: string } = {
  name: '0026-guardrails',
  sql: `
create function preceptor_level(maturity text) returns integer language sql immutable as $$
  select array_position(array['student', 'intern', 'supervised', 'autonomous'], maturity)
$$;

create table bypasses (
  id text primary key,
  workspace_id text not null references workspaces,
  target text not null check (target in ('agent', 'workspace')),
  agent_id text,
  capability text check (length(capability) between 1 and 128),
  action text check (length(action) between 1 and 128),
  reason text not null,
  set_by text not null,
  -- The person who set it.
  user_id text not null,
  set_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > set_at and expires_at <= set_at + interval '24 hours'),
  lifted_by text,
  lifted_at timestamptz,
  lift_reason text,
  check ((target = 'agent') = (agent_id is not null)),
  check (num_nonnulls(capability, action) < 2),
  check (set_by = 'user:' || user_id),
  check (num_nonnulls(lifted_by, lifted_at, lift_reason) in (0, 3)),
  foreign key (workspace_id, agent_id) references agents
);
create index bypasses_open on bypasses (workspace_id, expires_at) where lifted_at is null;
create index bypasses_listed on bypasses (workspace_id, set_at, id);

create function preceptor_bypass_changes() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - array['lifted_by', 'lifted_at', 'lift_reason']
    is distinct from to_jsonb(old) - array['lifted_by', 'lifted_at', 'lift_reason'] then
    raise exception 'bypass % cannot become another one', old.id using errcode = '23514';
  end if;
  if old.lifted_at is not null then
    raise exception 'bypass % was lifted and stays so', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger bypass_changes before update on bypasses for each row execute function preceptor_bypass_changes();

alter table bypasses enable row level security;
alter table bypasses force row level security;
create policy workspace_only on bypasses to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update on bypasses to preceptor_app;

alter table alerts drop constraint alerts_code_check;
alter table alerts add constraint alerts_code_check check (code in ('NO_EXECUTOR', 'NO_APPROVER', 'DELIVERY_FAILED',
  'QUEUE_POISON', 'REVIEWER_SUSPENDED', 'BYPASS_ACTIVE', 'BREAKER_OPEN'));

-- What a limit is counted for: an agent, a target or the workspace.
alter table limit_counters rename column agent_id to subject;

-- What a claim used of the limits, to be given back when nothing ran under it.
create table limit_uses (
  workspace_id text not null,
  execution_id text not null,
  fence bigint not null,
  subject text not null,
  name text not null,
  window_start timestamptz not null,
  used bigint not null check (used >= 0),
  primary key (workspace_id, execution_id, fence, subject, name)
);
create index limit_uses_by_time on limit_uses (window_start);
alter table limit_uses enable row level security;
alter table limit_uses force row level security;
create policy workspace_only on limit_uses to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, delete on limit_uses to preceptor_app;
create policy system_all on limit_uses to preceptor_system using (true) with check (true);
grant select, delete on limit_uses to preceptor_system;
`,
}
