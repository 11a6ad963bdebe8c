/** What the meta-agent advises on proposals, and designs of courses that nobody has decided on. */
export const metaAgent: { readonly name: string; readonly sql: string } = {
  name: '0012-meta-agent',
  sql: `
create table advices (
  id text primary key,
  workspace_id text not null,
  proposal_id text not null,
  version integer not null,
  -- The hash of what was reviewed.
  action_hash text not null,
  verdict text not null check (verdict in ('approve', 'modify', 'reject', 'escalate')),
  reasons text[] not null check (cardinality(reasons) > 0),
  suggestions jsonb not null,
  advised_by text not null,
  -- Whether the model was there to answer; where it was not, it is asked again.
  is_outage boolean not null,
  asked_by text not null,
  -- Which of the times that it was asked by itself; null where a person asked.
  attempt integer check (attempt > 0),
  created_at timestamptz not null,
  foreign key (workspace_id, proposal_id) references proposals (workspace_id, id),
  foreign key (proposal_id, version) references proposal_versions,
  check ((verdict = 'modify') = (suggestions <> '[]'::jsonb))
);
create index advices_of on advices (proposal_id, created_at, id);
create unique index advices_one_per_attempt on advices (proposal_id, version, attempt) where attempt is not null;
create trigger advices_append_only before update or delete on advices
  for each row execute function preceptor_refuse_change();

create function preceptor_new_advice() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if not exists (select from proposal_versions v where v.proposal_id = new.proposal_id and v.version = new.version
    and v.action_hash = new.action_hash) then
    raise exception 'advice % is about another action', new.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger advice_begins before insert on advices for each row execute function preceptor_new_advice();

alter table advices enable row level security;
alter table advices force row level security;
create policy workspace_only on advices to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert on advices to preceptor_app;

-- As before, but the plan of a course may be designed anew as long as nobody has decided on it.
create or replace function preceptor_training_proposal_stays() returns trigger language plpgsql as $$
begin
  if (new.id, new.workspace_id, new.agent_id, new.capability, new.gaps, new.gap_key, new.title, new.created_at)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.capability, old.gaps, old.gap_key, old.title,
      old.created_at) or new.repeats < old.repeats
    or new.plan is distinct from old.plan and not (old.state = 'proposed' and new.state = 'proposed') then
    raise exception 'training proposal % cannot become another one', old.id using errcode = '23514';
  end if;
  if (new.decided_by, new.decided_at, new.reason) is distinct from (old.decided_by, old.decided_at, old.reason)
    and not (old.state = 'proposed' and new.state <> 'proposed' and new.decided_by is not null) then
    raise exception 'training proposal % is decided once', old.id using errcode = '23514';
  end if;
  return new;
end $$;
`,
}
