/** The autonomous reviewer: who may be one, what each said, and the rules that keep its verdicts within their bounds. */
export const reviewer: { readonly name: string; readonly sql: string } = {
  name: '0018-reviewer',
  sql: `
create table reviewers (
  workspace_id text not null,
  agent_id text not null,
  state text not null check (state in ('active', 'suspended')),
  -- What it said before does not count.
  counts_from timestamptz not null,
  changed_by text not null,
  reason text,
  changed_at timestamptz not null,
  primary key (workspace_id, agent_id),
  foreign key (workspace_id, agent_id) references agents (workspace_id, id)
);

create table reviews (
  id text primary key,
  workspace_id text not null,
  kind text not null check (kind in ('proposal', 'canary')),
  proposal_id text,
  version integer,
  -- Whose action it is; of a canary the reviewer.
  agent_id text not null,
  action text not null,
  resource text,
  risk text not null check (risk in ('safe', 'medium', 'high', 'critical')),
  action_hash text not null,
  reviewer_id text not null,
  -- The model or endpoint that the reviewer is bound to, or rules.
  made_by text not null,
  asked_by text not null,
  state text not null check (state in ('asked', 'completed')),
  verdict text check (verdict in ('approve', 'deny', 'escalate')),
  reasons text[] not null default '{}',
  effect text check (effect in ('approved', 'rejected', 'none')),
  note text,
  is_sampled boolean not null default false,
  is_fault boolean not null default false,
  -- Length of what the reviewer was asked.
  characters integer not null check (characters >= 0),
  created_at timestamptz not null,
  completed_at timestamptz,
  foreign key (workspace_id, proposal_id) references proposals (workspace_id, id),
  foreign key (proposal_id, version) references proposal_versions,
  foreign key (workspace_id, reviewer_id) references reviewers (workspace_id, agent_id),
  check ((kind = 'proposal') = (proposal_id is not null) and (proposal_id is null) = (version is null)),
  check ((state = 'completed') = (verdict is not null) and (verdict is null) = (effect is null)),
  -- A canary is about nothing that could run.
  check (kind = 'proposal' or effect is null or effect = 'none'),
  check (effect is null or effect = 'none' or not (is_sampled or is_fault)),
  check (effect is distinct from 'approved' or verdict = 'approve'),
  check (effect is distinct from 'rejected' or verdict = 'deny'),
  check (not is_fault or verdict = 'escalate'),
  check (effect is null or effect = 'none' or risk in ('safe', 'medium')),
  check (reviewer_id <> agent_id or kind = 'canary')
);
-- One shot: nobody is asked twice about one version.
create unique index reviews_one_per_version on reviews (proposal_id, version) where kind = 'proposal';
create index reviews_by_time on reviews (workspace_id, created_at, id);
create index reviews_by_reviewer on reviews (workspace_id, reviewer_id, created_at);
create trigger reviews_transition before update on reviews
  for each row execute function preceptor_refuse_transition('asked>completed');

create function preceptor_review_stays() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'asked' then
      raise exception 'review % begins as asked', new.id using errcode = '23514';
    end if;
    if new.kind = 'proposal' and not exists (
      select from proposals p join proposal_versions v on v.proposal_id = p.id and v.version = p.version
      where p.id = new.proposal_id and p.version = new.version and p.agent_id = new.agent_id and p.action = new.action
        and p.risk = new.risk and v.action_hash = new.action_hash) then
      raise exception 'review % is about another action', new.id using errcode = '23514';
    end if;
    return new;
  end if;
  if old.state = 'completed' or (new.id, new.workspace_id, new.kind, new.proposal_id, new.version, new.agent_id,
      new.action, new.resource, new.risk, new.action_hash, new.reviewer_id, new.made_by, new.asked_by, new.characters,
      new.created_at)
    is distinct from (old.id, old.workspace_id, old.kind, old.proposal_id, old.version, old.agent_id, old.action,
      old.resource, old.risk, old.action_hash, old.reviewer_id, old.made_by, old.asked_by, old.characters,
      old.created_at) then
    raise exception 'review % stays as it is', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger review_stays before insert or update on reviews
  for each row execute function preceptor_review_stays();
create trigger reviews_are_kept before delete on reviews for each row execute function preceptor_refuse_change();

-- High and critical are for people: whatever writes here, an agent decides on nothing of that risk, and on nothing
-- without a review of that very version, which nobody else has to approve as well.
create function preceptor_agent_decides() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.reviewer not like 'agent:%' then
    return new;
  end if;
  if new.verdict not in ('approve', 'reject') or not exists (
    select from proposals p join reviews r on r.proposal_id = p.id and r.version = p.version
    where p.id = new.proposal_id and p.version = new.version and p.risk in ('safe', 'medium')
      and p.required_approvals = 1 and 'agent:' || p.agent_id <> new.reviewer and p.proposed_by <> new.reviewer
      and 'agent:' || r.reviewer_id = new.reviewer and r.action_hash = new.action_hash and r.state = 'completed'
      and r.effect = case new.verdict when 'approve' then 'approved' else 'rejected' end) then
    raise exception 'proposal % is not for % to decide', new.proposal_id, new.reviewer using errcode = '23514';
  end if;
  return new;
end $$;
create trigger agent_decides before insert on proposal_reviews
  for each row execute function preceptor_agent_decides();

alter table alerts drop constraint alerts_code_check;
alter table alerts add constraint alerts_code_check
  check (code in ('NO_EXECUTOR', 'NO_APPROVER', 'DELIVERY_FAILED', 'QUEUE_POISON', 'REVIEWER_SUSPENDED'));

alter table reviewers enable row level security;
alter table reviewers force row level security;
alter table reviews enable row level security;
alter table reviews force row level security;
create policy workspace_only on reviewers to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
create policy workspace_only on reviews to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert on reviewers, reviews to preceptor_app;
grant update (state, counts_from, changed_by, reason, changed_at) on reviewers to preceptor_app;
grant update (state, verdict, reasons, effect, note, is_sampled, is_fault, completed_at) on reviews to preceptor_app;
`,
}
