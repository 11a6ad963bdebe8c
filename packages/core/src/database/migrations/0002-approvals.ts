/**
 * Approvals: who decided what on which version, and what came of it. The rules that keep an approval honest stand here
 * as well: whatever writes to these tables, nothing is approved without its reviews, and nothing runs without a claim.
 */
export const approvals: { readonly name: string; readonly sql: string } = {
  name: '0002-approvals',
  sql: `
-- What runs, and what was said, is of the workspace of its proposal.
alter table proposals add constraint proposals_in_workspace unique (workspace_id, id);
alter table executions add column proposal_id text,
  -- The key that the caller gave, where it ran under the approval of an attempt with another one.
  add column asked_key text,
  add foreign key (workspace_id, proposal_id) references proposals (workspace_id, id);
create unique index executions_one_per_asked_key on executions (workspace_id, agent_id, asked_key)
  where asked_key is not null;
create unique index executions_one_per_proposal on executions (proposal_id) where proposal_id is not null;

alter table proposals
  -- What was asked for: the args of the first version, by which the same attempt is recognised after an edit.
  add column requested_hash text,
  add column delegation text[] not null default '{}',
  add column decided_by text[] not null default '{}',
  add column decided_at timestamptz,
  add column category text,
  add column reason text,
  add column response jsonb;
-- An owner that is no superuser sees no rows of its own while row-level security is forced.
alter table proposals no force row level security;
alter table proposal_versions no force row level security;
update proposals p set requested_hash = v.args_hash from proposal_versions v
  where v.proposal_id = p.id and v.version = 1;
alter table proposals force row level security;
alter table proposal_versions force row level security;
alter table proposals alter column requested_hash set not null;

create table proposal_reviews (
  id text primary key,
  workspace_id text not null,
  proposal_id text not null,
  version integer not null,
  reviewer text not null,
  verdict text not null check (verdict in ('approve', 'edit', 'reject', 'respond')),
  category text,
  reason text,
  -- The hash that the reviewer was shown and decided on.
  action_hash text not null,
  -- Epochs of the agent and of those that it acts for: a later one takes the approval back.
  epochs jsonb not null,
  created_at timestamptz not null,
  foreign key (workspace_id, proposal_id) references proposals (workspace_id, id),
  foreign key (proposal_id, version) references proposal_versions
);
-- Nobody counts twice; who approved may still reject.
create unique index proposal_reviews_one_approval on proposal_reviews (proposal_id, version, reviewer)
  where verdict in ('approve', 'edit');
create index proposal_reviews_of on proposal_reviews (proposal_id, created_at, id);
create trigger proposal_reviews_append_only before update or delete on proposal_reviews
  for each row execute function preceptor_refuse_change();

-- A proposal begins as one, whoever writes it.
create function preceptor_new_proposal() returns trigger language plpgsql as $$
begin
  if new.state <> 'pending' or new.version <> 1 then
    raise exception 'proposal % must begin as pending', new.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger proposal_begins before insert on proposals for each row execute function preceptor_new_proposal();

drop trigger proposal_transition on proposals;
create trigger proposal_transition before update on proposals
  for each row execute function preceptor_refuse_transition(
    'pending>approved', 'pending>rejected', 'pending>responded', 'pending>expired', 'pending>cancelled',
    'approved>executing', 'approved>expired', 'approved>cancelled', 'approved>pending',
    -- Nothing ran under the claim.
    'executing>approved',
    'executing>succeeded', 'executing>failed', 'executing>outcome_unknown',
    -- Only an action that may run twice is claimed again.
    'outcome_unknown>executing', 'outcome_unknown>succeeded', 'outcome_unknown>failed');

-- Unqualified names are those of this schema: a temporary table of the same name counts for nothing.
create function preceptor_proposal_needs() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if (new.id, new.workspace_id, new.agent_id, new.decision_id, new.idempotency_key, new.action, new.requested_hash,
      new.proposed_by, new.source, new.type, new.resource, new.context, new.delegation, new.executor, new.expires_at,
      new.created_at)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.decision_id, old.idempotency_key, old.action,
      old.requested_hash, old.proposed_by, old.source, old.type, old.resource, old.context, old.delegation,
      old.executor, old.expires_at, old.created_at) then
    raise exception 'proposal % cannot become another one', old.id using errcode = '23514';
  end if;
  if new.version <> old.version then
    if new.version <> old.version + 1 or new.state <> 'pending' or not exists (
      select from proposal_versions where proposal_id = new.id and version = new.version) then
      raise exception 'proposal % gets its next version while it is pending', old.id using errcode = '23514';
    end if;
  elsif (new.digest, new.risk) is distinct from (old.digest, old.risk) or new.state = 'pending' and old.state <> 'pending' then
    raise exception 'proposal % changes with its version only', old.id using errcode = '23514';
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
create trigger proposal_needs before update on proposals for each row execute function preceptor_proposal_needs();

-- As before; and where nothing ran, an approval may have brought other args since.
create or replace function preceptor_execution_transition() returns trigger language plpgsql as $$
begin
  if (new.id, new.workspace_id, new.agent_id, new.idempotency_key, new.action)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.idempotency_key, old.action) then
    raise exception 'execution % cannot become another attempt', old.id using errcode = '23514';
  end if;
  if new.args_hash <> old.args_hash
    and not (old.state = 'released' and new.state = 'claimed' and new.proposal_id is not null) then
    raise exception 'execution % cannot become another attempt', old.id using errcode = '23514';
  end if;
  if new.fence < old.fence then
    raise exception 'fence of execution % cannot go back', old.id using errcode = '23514';
  end if;
  if new.state = 'claimed' and (old.state <> 'claimed' or new.fence > old.fence) then
    if old.state = 'succeeded' or new.fence = old.fence or new.outcome is not null
      or (old.state <> 'released' and not (old.idempotent and new.idempotent)) then
      raise exception 'execution % cannot be claimed again from %', old.id, old.state using errcode = '23514';
    end if;
    return new;
  end if;
  if new.state = old.state and (old.state <> 'claimed' or new.outcome is not null) and new is distinct from old then
    raise exception 'execution % is % and stays as it is', old.id, old.state using errcode = '23514';
  end if;
  if new.state <> old.state and not (
    (old.state = 'claimed' and new.state in ('succeeded', 'failed', 'released', 'outcome_unknown'))
    or (old.state = 'outcome_unknown' and new.state in ('succeeded', 'failed'))
  ) then
    raise exception 'execution % cannot go from % to %', old.id, old.state, new.state using errcode = '23514';
  end if;
  if (new.digest, new.idempotent, new.decision_id, new.claimant, new.reported, new.attempt, new.claimed_at)
    is distinct from (old.digest, old.idempotent, old.decision_id, old.claimant, old.reported, old.attempt, old.claimed_at) then
    raise exception 'execution % is claimed as it is', old.id using errcode = '23514';
  end if;
  return new;
end $$;

-- A claim under a proposal is one of an approved proposal, or again of one that may run twice.
create function preceptor_claim_needs_approval() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.proposal_id is not null and new.state = 'claimed'
    and (tg_op = 'INSERT' or old.state <> 'claimed' or old.proposal_id is distinct from new.proposal_id) and not exists (
      select from proposals where id = new.proposal_id and agent_id = new.agent_id and action = new.action
        and idempotency_key = new.idempotency_key
        and (state = 'approved' or (state = 'outcome_unknown' and new.idempotent))) then
    raise exception 'execution % is of no approved proposal', new.id using errcode = '23514';
  end if;
  if tg_op = 'UPDATE' and old.proposal_id is distinct from new.proposal_id and new.state <> 'claimed' then
    raise exception 'execution % keeps its proposal', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger claim_needs_approval before insert or update on executions
  for each row execute function preceptor_claim_needs_approval();

alter table proposal_reviews enable row level security;
alter table proposal_reviews force row level security;
create policy workspace_only on proposal_reviews to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert on proposal_reviews to preceptor_app;
`,
}
