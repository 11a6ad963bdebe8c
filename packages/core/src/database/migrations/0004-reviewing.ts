/**
 * Reviewing: who looks, who is to decide, what reviewers tell each other, a later expiry, and the wait between the
 * approval and the run. As before, what keeps an approval honest stands here as well.
 */
export const reviewing: { readonly name: string; readonly sql: string } = {
  name: '0004-reviewing',
  sql: `
alter table proposals
  add column assigned_to text,
  add column acknowledged_by text,
  add column acknowledged_at timestamptz,
  add column snoozed_until timestamptz,
  -- Approved, it may run from then on; null without a wait.
  add column runnable_at timestamptz;

-- The key or token by which a review was given: one that was revoked since counts no more.
alter table proposal_reviews add column credential text;

create table proposal_comments (
  id text primary key,
  workspace_id text not null,
  proposal_id text not null,
  author text not null,
  text text not null check (length(text) between 1 and 4000),
  created_at timestamptz not null,
  foreign key (workspace_id, proposal_id) references proposals (workspace_id, id)
);
create index proposal_comments_of on proposal_comments (proposal_id, created_at, id);
create trigger proposal_comments_append_only before update or delete on proposal_comments
  for each row execute function preceptor_refuse_change();
alter table proposal_comments enable row level security;
alter table proposal_comments force row level security;
create policy workspace_only on proposal_comments to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert on proposal_comments to preceptor_app;

-- As before, but a version may bring a later expiry: its own, and at most 7 days after the proposal was made.
create or replace function preceptor_proposal_needs() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if (new.id, new.workspace_id, new.agent_id, new.decision_id, new.idempotency_key, new.action, new.requested_hash,
      new.proposed_by, new.source, new.type, new.resource, new.context, new.delegation, new.executor, new.created_at)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.decision_id, old.idempotency_key, old.action,
      old.requested_hash, old.proposed_by, old.source, old.type, old.resource, old.context, old.delegation,
      old.executor, old.created_at) then
    raise exception 'proposal % cannot become another one', old.id using errcode = '23514';
  end if;
  if new.version <> old.version then
    if new.version <> old.version + 1 or new.state <> 'pending' or not exists (
      select from proposal_versions where proposal_id = new.id and version = new.version) then
      raise exception 'proposal % gets its next version while it is pending', old.id using errcode = '23514';
    end if;
  elsif (new.digest, new.risk, new.expires_at) is distinct from (old.digest, old.risk, old.expires_at)
    or new.state = 'pending' and old.state <> 'pending' then
    raise exception 'proposal % changes with its version only', old.id using errcode = '23514';
  end if;
  if new.expires_at <> old.expires_at and (
    new.expires_at < old.expires_at or new.expires_at > old.created_at + interval '7 days' or old.state <> 'pending'
    or not exists (select from proposal_versions
      where proposal_id = new.id and version = new.version and expires_at = new.expires_at)) then
    raise exception 'proposal % cannot live so long', old.id using errcode = '23514';
  end if;
  if new.required_approvals < old.required_approvals then
    raise exception 'proposal % cannot need fewer approvals', old.id using errcode = '23514';
  end if;
  if new.state = old.state and new.version = old.version and old.state <> 'pending' and new is distinct from old then
    raise exception 'proposal % is % and stays as it is', old.id, old.state using errcode = '23514';
  end if;
  if new.state = 'approved' and old.state = 'pending' and (
    select count(distinct r.reviewer) from proposal_reviews r
    join proposal_versions v on v.proposal_id = r.proposal_id and v.version = r.version and v.action_hash = r.action_hash
    where r.proposal_id = new.id and r.version = new.version and r.verdict in ('approve', 'edit')) < new.required_approvals then
    raise exception 'proposal % lacks approvals', old.id using errcode = '23514';
  end if;
  if new.state = 'executing' and old.state <> 'executing' and not exists (
    select from executions where proposal_id = new.id and state = 'claimed') then
    raise exception 'proposal % runs under a claim only', old.id using errcode = '23514';
  end if;
  if new.state = 'approved' and old.state = 'executing' and not exists (
    select from executions where proposal_id = new.id and state = 'released') then
    raise exception 'proposal % still runs', old.id using errcode = '23514';
  end if;
  return new;
end $$;

-- The wait that the policy asks for, of the version of the policy that the proposal was approved under. Times are those
-- of the application, at the approval and at the claim.
create function preceptor_proposal_waits() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  wait bigint;
begin
  if new.state = 'approved' and old.state = 'pending' then
    select (p.document -> 'actions' -> new.action ->> 'waitMs')::bigint into wait from proposal_versions v
      join policies p on p.workspace_id = v.workspace_id and p.version = v.policy_version
      where v.proposal_id = new.id and v.version = new.version;
    if wait > 0 and (new.runnable_at is null or new.decided_at is null
      or new.runnable_at < new.decided_at + wait * interval '1 millisecond') then
      raise exception 'proposal % waits before it runs', old.id using errcode = '23514';
    end if;
  elsif new.version = old.version and new.runnable_at is distinct from old.runnable_at then
    raise exception 'proposal % waits as it was approved', old.id using errcode = '23514';
  end if;
  if new.state = 'executing' and old.state <> 'executing' and new.runnable_at is not null and not exists (
    select from executions where proposal_id = new.id and state = 'claimed' and claimed_at >= new.runnable_at) then
    raise exception 'proposal % runs after its wait only', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger proposal_waits before update on proposals for each row execute function preceptor_proposal_waits();

-- Under one approval even an action that may run twice is tried three times at most.
create function preceptor_claim_attempts() returns trigger language plpgsql as $$
begin
  if new.proposal_id is not null and new.state = 'claimed' and old.state = 'outcome_unknown' and new.attempt > 3 then
    raise exception 'execution % was tried often enough', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger claim_attempts before update on executions for each row execute function preceptor_claim_attempts();
`,
}
