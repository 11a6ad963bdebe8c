/**
 * Training that runs: who decided on a course, its session, and one row for each scenario of it. What was decided, answered
 * and scored stays as it is, whatever writes to these tables.
 */
export const training: { readonly name: string; readonly sql: string } = {
  name: '0008-training',
  sql: `
alter table training_proposals
  add constraint training_proposals_in_workspace unique (workspace_id, id),
  add column decided_by text,
  add column decided_at timestamptz,
  add column reason text;
create trigger training_proposal_transition before update on training_proposals
  for each row execute function preceptor_refuse_transition('proposed>approved', 'proposed>rejected');

create function preceptor_training_proposal_stays() returns trigger language plpgsql as $$
begin
  if (new.id, new.workspace_id, new.agent_id, new.capability, new.gaps, new.gap_key, new.title, new.plan, new.created_at)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.capability, old.gaps, old.gap_key, old.title, old.plan,
      old.created_at) or new.repeats < old.repeats then
    raise exception 'training proposal % cannot become another one', old.id using errcode = '23514';
  end if;
  if (new.decided_by, new.decided_at, new.reason) is distinct from (old.decided_by, old.decided_at, old.reason)
    and not (old.state = 'proposed' and new.state <> 'proposed' and new.decided_by is not null) then
    raise exception 'training proposal % is decided once', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger training_proposal_stays before update on training_proposals
  for each row execute function preceptor_training_proposal_stays();

alter table blocked_triggers
  -- Who asked; the agent itself where it is not known.
  add column asked_by text,
  add column delegation text[] not null default '{}',
  add column offered_at timestamptz,
  add column resolved_by text;
create index blocked_triggers_of_course on blocked_triggers (workspace_id, training_proposal_id, created_at, id);

create function preceptor_blocked_trigger_stays() returns trigger language plpgsql as $$
begin
  if old.resolved_at is not null and new is distinct from old or
    (new.id, new.workspace_id, new.agent_id, new.decision_id, new.idempotency_key, new.source, new.type, new.action,
      new.args_hash, new.args, new.context, new.resource, new.training_proposal_id, new.asked_by, new.delegation)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.decision_id, old.idempotency_key, old.source, old.type,
      old.action, old.args_hash, old.args, old.context, old.resource, old.training_proposal_id, old.asked_by,
      old.delegation) then
    raise exception 'blocked trigger % is resolved once and stays what it was', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger blocked_trigger_stays before update on blocked_triggers
  for each row execute function preceptor_blocked_trigger_stays();

create table training_sessions (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  training_proposal_id text not null unique,
  capability text not null,
  -- Category of the agent in lower case: what later estimates look for.
  category text,
  gaps text[] not null,
  state text not null check (state in ('scheduled', 'in_progress', 'paused', 'completed', 'cancelled', 'failed')),
  duration_hours double precision not null check (duration_hours > 0 and duration_hours <= 400),
  hours_per_day double precision not null check (hours_per_day > 0 and hours_per_day <= 24),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  approved_by text not null,
  started_at timestamptz,
  -- Since when it is in progress, and how long it was before.
  active_since timestamptz,
  active_ms bigint not null default 0 check (active_ms >= 0),
  -- Grows with every claim of a runner; a write with an older one is refused.
  fence integer not null default 0,
  lease_expires_at timestamptz,
  score integer check (score between 0 and 10000),
  typed boolean not null default false,
  scored_by text[] not null default '{}',
  developed text[] not null default '{}',
  remaining text[] not null default '{}',
  missing text[] not null default '{}',
  maturity_before text,
  maturity_after text,
  ended_at timestamptz,
  end_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (workspace_id, id),
  foreign key (workspace_id, agent_id) references agents,
  foreign key (workspace_id, training_proposal_id) references training_proposals (workspace_id, id)
);
create index training_sessions_by_time on training_sessions (workspace_id, created_at, id);
create index training_sessions_open on training_sessions (workspace_id, agent_id)
  where state in ('scheduled', 'in_progress', 'paused');
create index training_sessions_history on training_sessions (workspace_id, category, ended_at)
  where state = 'completed' and not typed;

create table scenario_runs (
  session_id text not null,
  scenario_id text not null,
  workspace_id text not null,
  position integer not null,
  version integer not null,
  capability text not null,
  weight double precision not null check (weight > 0),
  -- The scenario as it was when the session was scheduled.
  scenario jsonb not null,
  attempts integer not null default 0,
  grading_attempts integer not null default 0,
  -- Not before this time after a failure.
  next_try_at timestamptz,
  answer jsonb,
  answered_by text,
  answered_at timestamptz,
  score integer check (score between 0 and 10000),
  feedback text,
  graded_by text,
  graded_at timestamptz,
  primary key (session_id, scenario_id),
  foreign key (workspace_id, session_id) references training_sessions (workspace_id, id),
  check ((answered_at is null) = (answer is null)),
  check (score is null or (answered_at is not null and graded_by is not null and graded_at is not null))
);

create function preceptor_scenario_run_stays() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if (new.session_id, new.scenario_id, new.workspace_id, new.position, new.version, new.capability, new.weight,
      new.scenario)
    is distinct from (old.session_id, old.scenario_id, old.workspace_id, old.position, old.version, old.capability,
      old.weight, old.scenario) then
    raise exception 'scenario % of % stays what it is', old.scenario_id, old.session_id using errcode = '23514';
  end if;
  if old.answered_at is not null
    and (new.answer, new.answered_by, new.answered_at) is distinct from (old.answer, old.answered_by, old.answered_at) then
    raise exception 'scenario % of % has its answer', old.scenario_id, old.session_id using errcode = '23514';
  end if;
  if old.score is not null
    and (new.score, new.feedback, new.graded_by, new.graded_at)
    is distinct from (old.score, old.feedback, old.graded_by, old.graded_at) then
    raise exception 'scenario % of % has its score', old.scenario_id, old.session_id using errcode = '23514';
  end if;
  if not exists (select from training_sessions where id = new.session_id and state in ('in_progress', 'paused')) then
    raise exception 'session % is not in progress', old.session_id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger scenario_run_stays before update on scenario_runs
  for each row execute function preceptor_scenario_run_stays();

create function preceptor_new_training_session() returns trigger language plpgsql as $$
begin
  if new.state <> 'scheduled' or new.score is not null or new.fence <> 0 then
    raise exception 'training session % must begin as scheduled', new.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger training_session_begins before insert on training_sessions
  for each row execute function preceptor_new_training_session();
create trigger training_session_transition before update on training_sessions
  for each row execute function preceptor_refuse_transition(
    'scheduled>in_progress', 'scheduled>cancelled',
    'in_progress>paused', 'in_progress>completed', 'in_progress>cancelled', 'in_progress>failed',
    'paused>in_progress', 'paused>cancelled');

create function preceptor_training_session_needs() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if old.state in ('completed', 'cancelled', 'failed') and new is distinct from old then
    raise exception 'training session % is % and stays as it is', old.id, old.state using errcode = '23514';
  end if;
  if (new.id, new.workspace_id, new.agent_id, new.training_proposal_id, new.capability, new.category, new.gaps,
      new.duration_hours, new.hours_per_day, new.starts_at, new.ends_at, new.approved_by, new.created_at)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.training_proposal_id, old.capability, old.category,
      old.gaps, old.duration_hours, old.hours_per_day, old.starts_at, old.ends_at, old.approved_by, old.created_at) then
    raise exception 'training session % cannot become another one', old.id using errcode = '23514';
  end if;
  if new.fence < old.fence then
    raise exception 'fence of training session % cannot go back', old.id using errcode = '23514';
  end if;
  if new.state <> 'completed' and new.score is not null then
    raise exception 'training session % has a score when it is completed', old.id using errcode = '23514';
  end if;
  if new.state = 'completed' and (new.score is null or (new.typed and new.end_reason is null) or (not new.typed
    and (not exists (select from scenario_runs where session_id = new.id)
      or exists (select from scenario_runs where session_id = new.id and score is null)))) then
    raise exception 'training session % lacks scores', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger training_session_needs before update on training_sessions
  for each row execute function preceptor_training_session_needs();

create table training_scenarios (
  workspace_id text not null,
  id text not null,
  version integer not null check (version > 0),
  body jsonb not null,
  imported_by text not null,
  imported_at timestamptz not null,
  primary key (workspace_id, id, version)
);
create trigger training_scenarios_append_only before update or delete on training_scenarios
  for each row execute function preceptor_refuse_change();

do $$
declare
  name text;
begin
  foreach name in array array['training_sessions', 'scenario_runs', 'training_scenarios']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert on %I to preceptor_app', name);
  end loop;
end $$;
grant update on training_sessions, scenario_runs to preceptor_app;
`,
}
