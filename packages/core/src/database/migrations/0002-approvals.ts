/**
 * Approvals: who decided what on which version, and what came of it. The rules that keep an approval honest stand here
 * as well: whatever writes to these tables, nothing is approved without its reviews, and nothing runs without a claim.
 */
export const approvals: { readonly name: string; readonly sql: string } = {
  name: '0002-approvals',
  sql: `
alter table executions add column proposal_id text references proposals;
create unique index executions_one_per_proposal on executions (proposal_id) where proposal_id is not null;

alter table proposals
  -- What was asked for: the args of the first version, by which the same attempt is recognised after an edit.
  add column requested_hash text,
  add column delegation text[] not null default '{}',
  -- Epoch of the agent at the approval: a later one takes the approval back.
  add column approved_epoch bigint,
  add column decided_by text[] not null default '{}',
  add column decided_at timestamptz,
  add column category text,
  add column reason text,
  add column response jsonb;
update proposals p set requested_hash = v.args_hash from proposal_versions v
  where v.proposal_id = p.id and v.version = 1;
alter table proposals alter column requested_hash set not null;

create table proposal_reviews (
  id text primary key,
  workspace_id text not null,
  proposal_id text not null references proposals,
  version integer not null,
  reviewer text not null,
  verdict text not null check (verdict in ('approve', 'edit', 'reject', 'respond')),
  category text,
  reason text,
  -- The hash that the reviewer was shown and decided on.
  action_hash text not null,
  created_at timestamptz not null,
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

create function preceptor_proposal_needs() returns trigger language plpgsql as $$
begin
  if (new.id, new.workspace_id, new.agent_id, new.idempotency_key, new.action, new.requested_hash, new.proposed_by)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.idempotency_key, old.action, old.requested_hash, old.proposed_by) then
    raise exception 'proposal % cannot become another one', old.id using errcode = '23514';
  end if;
  if new.version <> old.version and not (new.version = old.version + 1 and new.state = 'pending') then
    raise exception 'proposal % gets its next version while it is pending', old.id using errcode = '23514';
  end if;
  if new.state = 'approved' and old.state = 'pending' and (
    select count(distinct reviewer) from proposal_reviews
    where proposal_id = new.id and version = new.version and verdict in ('approve', 'edit')) < new.required_approvals then
    raise exception 'proposal % lacks approvals', old.id using errcode = '23514';
  end if;
  if new.state = 'executing' and old.state <> 'executing' and not exists (
    select from executions where proposal_id = new.id and state = 'claimed') then
    raise exception 'proposal % runs under a claim only', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger proposal_needs before update on proposals for each row execute function preceptor_proposal_needs();

alter table proposal_reviews enable row level security;
alter table proposal_reviews force row level security;
create policy workspace_only on proposal_reviews to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert on proposal_reviews to preceptor_app;
`,
}
