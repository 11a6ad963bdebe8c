/**
 * Grants: approvals ahead of time. The rules that keep them honest stand here as well: whatever writes to these tables, a
 * use and the run that it lets through are written together, and what was revoked stays so.
 */
export const grants: { readonly name: string; readonly sql: string } = {
  name: '0003-grants',
  sql: `
create table grants (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  action text not null,
  digest text not null,
  matcher jsonb not null,
  uses integer not null check (uses between 1 and 1000),
  used integer not null default 0 check (used between 0 and uses),
  -- The agent, its build and the policy as they were: a grant ends when one of them changes.
  epoch bigint not null,
  fingerprint jsonb not null,
  policy_version integer not null,
  reason text not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at and expires_at <= created_at + interval '7 days'),
  revoked_by text,
  revoked_at timestamptz,
  revoke_reason text,
  check (num_nonnulls(revoked_by, revoked_at, revoke_reason) in (0, 3)),
  unique (workspace_id, id),
  foreign key (workspace_id, agent_id) references agents
);
create index grants_of on grants (workspace_id, agent_id, action, expires_at) where revoked_at is null;
create index grants_listed on grants (workspace_id, created_at, id);

alter table executions add column grant_id text,
  add foreign key (workspace_id, grant_id) references grants (workspace_id, id);
create index executions_of_grant on executions (grant_id) where grant_id is not null;

create function preceptor_new_grant() returns trigger language plpgsql as $$
begin
  if new.used <> 0 or new.revoked_at is not null then
    raise exception 'grant % must begin unused', new.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger grant_begins before insert on grants for each row execute function preceptor_new_grant();

-- A use goes up with a run that is claimed under it, and down with one that is given back, each in the same transaction.
-- Unqualified names are those of this schema: a temporary table of the same name counts for nothing.
create function preceptor_grant_changes() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if (new.id, new.workspace_id, new.agent_id, new.action, new.digest, new.matcher, new.uses, new.epoch, new.fingerprint,
      new.policy_version, new.reason, new.created_by, new.created_at, new.expires_at)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.action, old.digest, old.matcher, old.uses, old.epoch,
      old.fingerprint, old.policy_version, old.reason, old.created_by, old.created_at, old.expires_at) then
    raise exception 'grant % cannot become another one', old.id using errcode = '23514';
  end if;
  if old.revoked_at is not null and (new.revoked_by, new.revoked_at, new.revoke_reason)
    is distinct from (old.revoked_by, old.revoked_at, old.revoke_reason) then
    raise exception 'grant % was revoked and stays so', old.id using errcode = '23514';
  end if;
  if new.used = old.used then
    return new;
  end if;
  if exists (select from grants where id = old.id and xmin = pg_current_xact_id()::xid) then
    raise exception 'grant % is used once in a transaction', old.id using errcode = '23514';
  end if;
  if new.used = old.used + 1 and new.revoked_at is null and exists (
    select from executions where grant_id = new.id and state = 'claimed' and xmin = pg_current_xact_id()::xid) then
    return new;
  end if;
  if new.used = old.used - 1 and exists (
    select from executions where grant_id = new.id and state = 'released' and xmin = pg_current_xact_id()::xid) then
    return new;
  end if;
  raise exception 'grant % is used by a run under it only', old.id using errcode = '23514';
end $$;
create trigger grant_changes before update on grants for each row execute function preceptor_grant_changes();

-- A claim under a grant is one of that agent and action, while the grant is live.
create function preceptor_claim_needs_grant() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.fence = old.fence then
    if new.grant_id is distinct from old.grant_id then
      raise exception 'execution % keeps its grant', old.id using errcode = '23514';
    end if;
    return new;
  end if;
  if new.grant_id is not null and new.state = 'claimed' and (new.proposal_id is not null or not exists (
    select from grants where id = new.grant_id and workspace_id = new.workspace_id and agent_id = new.agent_id
      and action = new.action and digest = new.digest and revoked_at is null and used < uses
      and expires_at > new.claimed_at)) then
    raise exception 'execution % is under no live grant', new.id using errcode = '23514';
  end if;
  if tg_op = 'UPDATE' and new.state <> 'claimed' and new.grant_id is distinct from old.grant_id then
    raise exception 'execution % keeps its grant', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger claim_needs_grant before insert or update on executions
  for each row execute function preceptor_claim_needs_grant();

-- At the end of the transaction: who claimed under a grant has used it.
create function preceptor_claim_uses_grant() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if (tg_op = 'INSERT' or new.fence > old.fence)
    and not exists (select from grants where id = new.grant_id and xmin = pg_current_xact_id()::xid) then
    raise exception 'execution % used no grant', new.id using errcode = '23514';
  end if;
  return null;
end $$;
create constraint trigger claim_uses_grant after insert or update on executions deferrable initially deferred
  for each row when (new.grant_id is not null and new.state = 'claimed')
  execute function preceptor_claim_uses_grant();

alter table grants enable row level security;
alter table grants force row level security;
create policy workspace_only on grants to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update on grants to preceptor_app;
`,
}
