/** What keeps work that is done for many workspaces, or over many rows, from growing with them. */
export const scale: { readonly name: string; readonly sql: string } = {
  name: '0034-scale',
  sql: `
alter table alerts drop constraint alerts_code_check;
alter table alerts add constraint alerts_code_check check (code in ('NO_EXECUTOR', 'NO_APPROVER', 'DELIVERY_FAILED',
  'QUEUE_POISON', 'REVIEWER_SUSPENDED', 'BYPASS_ACTIVE', 'BREAKER_OPEN', 'AGENT_STUCK', 'PROPOSAL_EXPIRING',
  'QUEUE_EXPIRING', 'TRAINING_UNDECIDED', 'NO_SUPERVISOR', 'AGENT_UNUSUAL', 'OUTCOME_UNKNOWN', 'JOURNAL_BROKEN',
  'JOURNAL_UNSEALED', 'JOURNAL_UNVERIFIED', 'REVIEWER_DRIFT', 'TRAINING_BEHIND'));

-- In which workspaces a rule of alerts may find something: the system role is told that something is open and since when,
-- and nothing of what it is.
create index alerts_muted on alerts (muted_until, workspace_id) where muted_until is not null;
create index journal_heads_sealed on journal_heads (sealed_at);
do $$
declare
  name text;
begin
  foreach name in array array['blocked_triggers', 'training_proposals', 'journal_checks', 'alert_rules'] loop
    execute format('create policy system_all on %I to preceptor_system using (true)', name);
  end loop;
end $$;
grant select (workspace_id, agent_id, created_at, resolved_at) on blocked_triggers to preceptor_system;
grant select (workspace_id, agent_id, created_at, state) on training_proposals to preceptor_system;
grant select (workspace_id, verified_at, problem) on journal_checks to preceptor_system;
grant select (workspace_id, code, is_on, thresholds) on alert_rules to preceptor_system;

-- What analyses count, one row for each thing that came to its end: the job adds the rows up by the hour and by the day. A
-- row that takes another one back has the count -1, so that nothing that was added up is ever changed.
create table activity (
  id bigint generated always as identity primary key,
  workspace_id text not null,
  measure text not null check (measure in ('settled', 'review', 'blocked', 'session', 'queue')),
  at timestamptz not null,
  agent_id text not null,
  capability text not null,
  -- What it was: an outcome, a reviewer and a verdict, a source, a state.
  facet text not null,
  -- Step of the time that it took, each a tenth longer than the one before, from 3 seconds on; null where no time is taken.
  step integer,
  count integer not null check (count in (-1, 1)),
  seconds double precision not null default 0,
  is_summed boolean not null default false
);
create index activity_by_time on activity (workspace_id, measure, at);
create index activity_waiting on activity (workspace_id, id) where not is_summed;

create table activity_sums (
  workspace_id text not null,
  measure text not null,
  width text not null check (width in ('hour', 'day')),
  at timestamptz not null,
  -- Empty: of all agents together.
  agent_id text not null,
  capability text not null,
  facet text not null,
  -- -1000 where no time is taken.
  step integer not null,
  count bigint not null,
  seconds double precision not null,
  primary key (workspace_id, measure, width, agent_id, at, capability, facet, step)
);

create function preceptor_step(seconds double precision) returns integer language sql immutable strict parallel safe
  as $$ select floor(ln(greatest(seconds, 0.001) / 3) / ln(1.1))::integer $$;
create function preceptor_capability(workspace text, action text, asked_digest text) returns text language sql stable
  set search_path = public, pg_temp
  as $$ select coalesce((select capability from actions where workspace_id = workspace and name = action
    and digest = asked_digest), '') $$;

-- How a proposal was settled. The time of the decision goes before the state, so that an approval that nobody used stays one.
create function preceptor_settled_facet(p proposals) returns text language sql stable set search_path = public, pg_temp as $$
  select case when p.state = 'pending' then null else case when p.state in ('rejected', 'responded', 'cancelled') then p.state
      when p.decided_at is null then 'expired'
      when p.requested_hash = (select args_hash from proposal_versions where proposal_id = p.id and version = p.version)
        then 'approved' else 'edited' end
    || case when p.decided_by <> '{}' and not exists (select from unnest(p.decided_by) as one (name)
      where one.name not like 'agent:%') then '/agents' else '/people' end end $$;
create function preceptor_settled_seconds(p proposals) returns double precision language sql immutable
  as $$ select case when p.state <> 'cancelled' then extract(epoch from p.decided_at - p.created_at)::float8 end $$;
create function preceptor_add_settled(p proposals, facet text, change integer) returns void language sql
  set search_path = public, pg_temp as $$
  insert into activity (workspace_id, measure, at, agent_id, capability, facet, step, count, seconds)
  select p.workspace_id, 'settled', coalesce(p.decided_at, p.updated_at), p.agent_id,
    preceptor_capability(p.workspace_id, p.action, p.digest), facet, preceptor_step(preceptor_settled_seconds(p)), change,
    change * coalesce(preceptor_settled_seconds(p), 0) $$;
create function preceptor_note_settled() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  was text := preceptor_settled_facet(old);
  is_now text := preceptor_settled_facet(new);
begin
  if (was, old.decided_at) is not distinct from (is_now, new.decided_at) then return null; end if;
  if was is not null then perform preceptor_add_settled(old, was, -1); end if;
  if is_now is not null then perform preceptor_add_settled(new, is_now, 1); end if;
  return null;
end $$;
-- To run what was approved changes nothing of how it was settled.
create trigger proposal_settled after update of state on proposals for each row
  when (old.state <> new.state and new.state not in ('executing', 'succeeded', 'failed', 'outcome_unknown'))
  execute function preceptor_note_settled();

-- From the first look that is on record, else from the making of the version that was there to be looked at.
create function preceptor_review_seconds(r proposal_reviews) returns double precision language sql stable
  set search_path = public, pg_temp as $$
  select greatest(0, extract(epoch from r.created_at - coalesce(
    least((select min(j.recorded_at) from journal j where j.workspace_id = r.workspace_id and j.subject_id = r.proposal_id
        and j.kind = 'viewer.joined' and j.body::json ->> 'actor' = r.reviewer and j.recorded_at <= r.created_at),
      case when p.acknowledged_by = r.reviewer and p.acknowledged_at <= r.created_at then p.acknowledged_at end),
    -- Whoever edits makes the version that is approved then.
    (select v.created_at from proposal_versions v where v.proposal_id = r.proposal_id
      and v.version = case when r.verdict = 'edit' then r.version - 1 else r.version end),
    p.created_at)))::float8
  from proposals p where p.workspace_id = r.workspace_id and p.id = r.proposal_id $$;
create function preceptor_add_review(r proposal_reviews) returns void language sql set search_path = public, pg_temp as $$
  insert into activity (workspace_id, measure, at, agent_id, capability, facet, step, count, seconds)
  select r.workspace_id, 'review', r.created_at, p.agent_id, preceptor_capability(p.workspace_id, p.action, p.digest),
    r.verdict || '/' || r.reviewer, preceptor_step(taken.seconds), 1, taken.seconds
  from proposals p, lateral (select preceptor_review_seconds(r) as seconds offset 0) as taken
  where p.workspace_id = r.workspace_id and p.id = r.proposal_id $$;
create function preceptor_note_review() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform preceptor_add_review(new);
  return null;
end $$;
create trigger review_counted after insert on proposal_reviews for each row execute function preceptor_note_review();

create function preceptor_add_blocked(b blocked_triggers) returns void language sql set search_path = public, pg_temp as $$
  insert into activity (workspace_id, measure, at, agent_id, capability, facet, count)
  select b.workspace_id, 'blocked', b.created_at, b.agent_id, t.capability, b.source, 1
  from training_proposals t where t.workspace_id = b.workspace_id and t.id = b.training_proposal_id $$;
create function preceptor_note_blocked() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform preceptor_add_blocked(new);
  return null;
end $$;
create trigger blocked_trigger_counted after insert on blocked_triggers
  for each row execute function preceptor_note_blocked();

create function preceptor_add_session(s supervision_sessions) returns void language sql
  set search_path = public, pg_temp as $$
  insert into activity (workspace_id, measure, at, agent_id, capability, facet, count)
  values (s.workspace_id, 'session', s.ended_at, s.agent_id, s.capability, s.state || '/' || case
    when s.supervised_by = '{}' then 'nobody'
    when exists (select from unnest(s.supervised_by) as one (name) where one.name not like 'agent:%') then 'people'
    else 'agents' end, 1) $$;
create function preceptor_note_session() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform preceptor_add_session(new);
  return null;
end $$;
create trigger supervision_session_ended after update of ended_at on supervision_sessions for each row
  when (old.ended_at is null and new.ended_at is not null) execute function preceptor_note_session();

-- An entry counts when it was made; what came of it is added to that time.
create function preceptor_add_entry(q supervised_queue, facet text, seconds double precision, change integer) returns void
  language sql set search_path = public, pg_temp as $$
  insert into activity (workspace_id, measure, at, agent_id, capability, facet, step, count, seconds)
  values (q.workspace_id, 'queue', q.created_at, q.agent_id, preceptor_capability(q.workspace_id, q.action, q.digest), facet,
    preceptor_step(seconds), change, change * coalesce(seconds, 0)) $$;
create function preceptor_waited(q supervised_queue) returns double precision language sql immutable
  as $$ select extract(epoch from q.started_at - q.created_at)::float8 $$;
create function preceptor_note_entry() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    perform preceptor_add_entry(new, 'waited', null, 1);
    return null;
  end if;
  if new.state = 'expired' and old.state <> 'expired' then perform preceptor_add_entry(new, 'expired', null, 1); end if;
  if new.started_at is distinct from old.started_at then
    if old.started_at is not null then perform preceptor_add_entry(old, 'started', preceptor_waited(old), -1); end if;
    if new.started_at is not null then perform preceptor_add_entry(new, 'started', preceptor_waited(new), 1); end if;
  end if;
  return null;
end $$;
create trigger queue_entry_made after insert on supervised_queue for each row execute function preceptor_note_entry();
create trigger queue_entry_moved after update on supervised_queue for each row
  when (old.state <> new.state or old.started_at is distinct from new.started_at) execute function preceptor_note_entry();

-- What is there already counts as well. An owner that is no superuser sees no rows of its own while security is forced.
do $$
declare
  name text;
  read constant text[] := array['proposals', 'proposal_versions', 'proposal_reviews', 'actions', 'journal',
    'training_proposals', 'blocked_triggers', 'supervision_sessions', 'supervised_queue'];
begin
  foreach name in array read loop
    execute format('alter table %I no force row level security', name);
  end loop;
  perform preceptor_add_settled(p, preceptor_settled_facet(p), 1) from proposals p where p.state <> 'pending';
  perform preceptor_add_review(r) from proposal_reviews r;
  perform preceptor_add_blocked(b) from blocked_triggers b;
  perform preceptor_add_session(s) from supervision_sessions s where s.ended_at is not null;
  perform preceptor_add_entry(q, 'waited', null, 1) from supervised_queue q;
  perform preceptor_add_entry(q, 'expired', null, 1) from supervised_queue q where q.state = 'expired';
  perform preceptor_add_entry(q, 'started', preceptor_waited(q), 1) from supervised_queue q where q.started_at is not null;
  foreach name in array read loop
    execute format('alter table %I force row level security', name);
  end loop;
end $$;

do $$
declare
  name text;
begin
  foreach name in array array['activity', 'activity_sums'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
  end loop;
end $$;
grant select on activity, activity_sums to preceptor_app;
grant insert (workspace_id, measure, at, agent_id, capability, facet, step, count, seconds) on activity to preceptor_app;
grant update (is_summed) on activity to preceptor_app;
grant insert, update on activity_sums to preceptor_app;
create policy system_all on activity to preceptor_system using (true);
grant select (workspace_id, is_summed) on activity to preceptor_system;

-- They served analyses that read the rows themselves.
drop index proposals_settled;
drop index proposal_reviews_by_time;
drop index journal_looks;
drop index supervision_sessions_ended;
`,
}
