/**
 * Playbooks: what types of agents have learned, in versions that never change, and which version stands where. Whatever
 * writes to these tables, a place has one version for everybody and one canary at most.
 */
export const playbooks: { readonly name: string; readonly sql: string } = {
  name: '0028-playbooks',
  sql: `
create table playbooks (
  id text primary key,
  workspace_id text not null references workspaces,
  agent_type text not null check (agent_type ~ '^[a-z0-9][a-z0-9_.-]{0,63}$'),
  name text check (length(name) between 1 and 128),
  latest integer not null default 0 check (latest >= 0),
  created_by text not null,
  created_at timestamptz not null,
  unique (workspace_id, id),
  unique (workspace_id, agent_type)
);
create index playbooks_listed on playbooks (workspace_id, created_at, id);

create function preceptor_playbook_changes() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - array['name', 'latest'] is distinct from to_jsonb(old) - array['name', 'latest'] then
    raise exception 'playbook % cannot become another one', old.id using errcode = '23514';
  end if;
  if new.latest not in (old.latest, old.latest + 1) then
    raise exception 'playbook % has its versions one after the other', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger playbook_changes before update on playbooks for each row execute function preceptor_playbook_changes();

create table playbook_versions (
  workspace_id text not null,
  playbook_id text not null,
  version integer not null check (version >= 1),
  parent integer check (parent < version),
  instructions text not null,
  examples jsonb not null check (jsonb_typeof(examples) = 'array'),
  note text,
  created_by text not null,
  created_at timestamptz not null,
  test jsonb,
  primary key (workspace_id, playbook_id, version),
  foreign key (workspace_id, playbook_id) references playbooks (workspace_id, id),
  foreign key (workspace_id, playbook_id, parent) references playbook_versions
);

-- A version is what was tested and deployed: it stays so, and its test is recorded once.
create function preceptor_playbook_version_changes() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.test is not null then
      raise exception 'version % of playbook % begins untested', new.version, new.playbook_id using errcode = '23514';
    end if;
    return new;
  end if;
  if to_jsonb(new) - 'test' is distinct from to_jsonb(old) - 'test' or old.test is not null then
    raise exception 'version % of playbook % stays as it is', old.version, old.playbook_id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger playbook_version_changes before insert or update on playbook_versions
  for each row execute function preceptor_playbook_version_changes();

create table playbook_deployments (
  id text primary key,
  workspace_id text not null,
  playbook_id text not null,
  version integer not null,
  tier text not null check (tier in ('system', 'user', 'project')),
  target text check (length(target) between 1 and 200),
  -- The part of the units that it reaches; below 1 it is a canary.
  share double precision not null check (share > 0 and share <= 1),
  state text not null check (state in ('active', 'replaced', 'rolled_back')),
  untested boolean not null,
  -- What stood in its place, and what it brought back.
  replaces text,
  restores text,
  reason text not null,
  deployed_by text not null,
  deployed_at timestamptz not null,
  ended_by text,
  ended_at timestamptz,
  end_reason text,
  check ((tier = 'system') = (target is null)),
  check (num_nonnulls(ended_by, ended_at, end_reason) = case when state = 'active' then 0 else 3 end),
  check (share = 1 or num_nonnulls(replaces, restores) = 0),
  unique (workspace_id, id),
  foreign key (workspace_id, playbook_id, version) references playbook_versions,
  foreign key (workspace_id, replaces) references playbook_deployments (workspace_id, id),
  foreign key (workspace_id, restores) references playbook_deployments (workspace_id, id)
);
create unique index playbook_deployments_active on playbook_deployments
  (workspace_id, playbook_id, tier, coalesce(target, '')) where state = 'active' and share = 1;
create unique index playbook_canaries_active on playbook_deployments
  (workspace_id, playbook_id, tier, coalesce(target, '')) where state = 'active' and share < 1;
create index playbook_deployments_listed on playbook_deployments (workspace_id, playbook_id, deployed_at, id);

create function preceptor_playbook_deployment_changes() returns trigger language plpgsql
  set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'active' then
      raise exception 'deployment % begins active', new.id using errcode = '23514';
    end if;
    if not new.untested and exists (select from playbook_versions where workspace_id = new.workspace_id
        and playbook_id = new.playbook_id and version = new.version and test is null) then
      raise exception 'deployment % is of a version without a test', new.id using errcode = '23514';
    end if;
    return new;
  end if;
  if to_jsonb(new) - array['state', 'ended_by', 'ended_at', 'end_reason']
    is distinct from to_jsonb(old) - array['state', 'ended_by', 'ended_at', 'end_reason'] then
    raise exception 'deployment % cannot become another one', old.id using errcode = '23514';
  end if;
  if old.state <> 'active' then
    raise exception 'deployment % cannot go from % to %', old.id, old.state, new.state using errcode = '23514';
  end if;
  return new;
end $$;
create trigger playbook_deployment_changes before insert or update on playbook_deployments
  for each row execute function preceptor_playbook_deployment_changes();

alter table playbooks enable row level security;
alter table playbooks force row level security;
create policy workspace_only on playbooks to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update on playbooks to preceptor_app;

alter table playbook_versions enable row level security;
alter table playbook_versions force row level security;
create policy workspace_only on playbook_versions to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update on playbook_versions to preceptor_app;

alter table playbook_deployments enable row level security;
alter table playbook_deployments force row level security;
create policy workspace_only on playbook_deployments to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update on playbook_deployments to preceptor_app;
`,
}
