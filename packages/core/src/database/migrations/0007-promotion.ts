/** What promotion rests on: evidence, incidents, and what the change detector has seen. */
export const promotion: { readonly name: string; readonly sql: string } = {
  name: '0007-promotion',
  sql: `
create table evidence (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  capability text not null,
  kind text not null check (kind in ('training', 'supervision', 'termination', 'proposal', 'run', 'incident')),
  fact jsonb not null,
  -- Whether it speaks for the agent; null where it does neither.
  success boolean,
  -- Decided in bulk too fast to be read: it counts half.
  half boolean not null default false,
  reviewers text[] not null default '{}',
  source_id text not null,
  actor text not null,
  reason text not null,
  created_at timestamptz not null,
  counted_at timestamptz,
  unique (workspace_id, agent_id, capability, kind, source_id),
  foreign key (workspace_id, agent_id) references agents
);
create index evidence_due on evidence (workspace_id, agent_id, created_at, id) where counted_at is null;
create index evidence_counted on evidence (workspace_id, agent_id, capability, counted_at);

-- A fact stays what it is, and counts once.
create function preceptor_evidence_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'evidence % stays', old.id using errcode = '23514';
  end if;
  if old.counted_at is not null or new.counted_at is null or
    (new.id, new.workspace_id, new.agent_id, new.capability, new.kind, new.fact, new.success, new.half, new.reviewers,
      new.source_id, new.actor, new.reason, new.created_at)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.capability, old.kind, old.fact, old.success, old.half,
      old.reviewers, old.source_id, old.actor, old.reason, old.created_at) then
    raise exception 'evidence % is counted once and never changes', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger evidence_stays before update or delete on evidence
  for each row execute function preceptor_evidence_stays();

create table incidents (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  reason text not null,
  recorded_by text not null,
  created_at timestamptz not null,
  closed_by text,
  closed_reason text,
  closed_at timestamptz,
  foreign key (workspace_id, agent_id) references agents
);
create index incidents_of on incidents (workspace_id, agent_id, created_at, id);

-- What the change detector has seen since the last transition.
alter table maturity_records add column detector jsonb;

do $$
declare
  name text;
begin
  foreach name in array array['evidence', 'incidents']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert on %I to preceptor_app', name);
  end loop;
end $$;
grant update (counted_at) on evidence to preceptor_app;
grant update (closed_by, closed_reason, closed_at) on incidents to preceptor_app;
create policy system_all on evidence to preceptor_system using (true);
grant select on evidence to preceptor_system;
`,
}
