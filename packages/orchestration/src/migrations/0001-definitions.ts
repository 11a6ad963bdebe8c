/** Workflows and their versions. A version stays what it is, because runs keep the one that they began with. */
export const DEFINITIONS_MIGRATION: { readonly name: string; readonly sql: string } = {
  name: '0001-definitions',
  sql: `
create table workflows (
  id text primary key,
  workspace_id text not null references workspaces,
  name text not null check (length(name) between 1 and 100),
  version integer not null check (version > 0),
  state text not null check (state in ('active', 'archived')),
  -- All agents in whose name a step of the current version acts.
  agents text[] not null check (cardinality(agents) > 0),
  created_by text not null,
  created_at timestamptz not null,
  -- When the current version was written.
  updated_at timestamptz not null,
  unique (workspace_id, id)
);
create unique index workflows_by_name on workflows (workspace_id, name) where state = 'active';
create index workflows_by_time on workflows (workspace_id, created_at, id);

create table workflow_versions (
  workspace_id text not null references workspaces,
  workflow_id text not null,
  version integer not null check (version > 0),
  definition jsonb not null check (jsonb_typeof(definition) = 'object'),
  note text check (length(note) between 1 and 1000),
  created_by text not null,
  created_at timestamptz not null,
  primary key (workspace_id, workflow_id, version),
  foreign key (workspace_id, workflow_id) references workflows (workspace_id, id)
);
create trigger workflow_versions_stay before update on workflow_versions
  for each row execute function preceptor_refuse_change();

create function preceptor_workflow_goes_on() returns trigger language plpgsql as $$
begin
  if (new.id, new.workspace_id, new.created_by, new.created_at)
    is distinct from (old.id, old.workspace_id, old.created_by, old.created_at) then
    raise exception 'workflow % stays what it is', old.id using errcode = '23514';
  end if;
  if old.state = 'archived' or new.version < old.version then
    raise exception 'workflow % cannot go back', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger workflow_goes_on before update on workflows
  for each row execute function preceptor_workflow_goes_on();

do $$
declare
  name text;
begin
  foreach name in array array['workflows', 'workflow_versions']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert on %I to preceptor_app', name);
  end loop;
end $$;
grant update (name, version, state, agents, updated_at) on workflows to preceptor_app;
`,
}
