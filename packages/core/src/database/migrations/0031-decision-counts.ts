/**
 * Decisions, counted by the hour: what a job has added up of the sealed journal. A count says no more than the rows that it
 * comes from, which stay; `sequence` is the last seal that is in it.
 */
export const decisionCounts: { readonly name: string; readonly sql: string } = {
  name: '0031-decision-counts',
  sql: `
create table decision_count_heads (
  workspace_id text primary key,
  sequence bigint not null check (sequence >= 0),
  counted_at timestamptz not null
);

create table decision_counts (
  workspace_id text not null,
  hour timestamptz not null,
  agent_id text not null,
  action text not null,
  digest text not null,
  route text not null,
  source text not null,
  is_student boolean not null,
  is_approved boolean not null,
  count bigint not null check (count > 0),
  primary key (workspace_id, hour, agent_id, action, digest, route, source, is_student, is_approved)
);
create index decision_counts_by_agent on decision_counts (workspace_id, agent_id, hour);

-- The same of all agents and actions together, which is what is asked for most.
create table decision_totals (
  workspace_id text not null,
  hour timestamptz not null,
  route text not null,
  source text not null,
  is_student boolean not null,
  is_approved boolean not null,
  count bigint not null check (count > 0),
  primary key (workspace_id, hour, route, source, is_student, is_approved)
);

do $$
declare
  name text;
begin
  foreach name in array array['decision_count_heads', 'decision_counts', 'decision_totals'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert, update on %I to preceptor_app', name);
  end loop;
end $$;
create policy system_all on decision_count_heads to preceptor_system using (true);
grant select on decision_count_heads to preceptor_system;
`,
}
