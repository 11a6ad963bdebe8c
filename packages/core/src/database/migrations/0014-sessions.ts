/** What live supervision rests on: the steps of a session, interventions, what a run tells, and its rating. */
export const sessions: { readonly name: string; readonly sql: string } = {
  name: '0014-sessions',
  sql: `
alter table supervision_sessions
  -- What its first step exercises: its rating counts there.
  add column capability text not null default '*',
  -- Who may take it while the lease of another is live.
  add column handed_to text,
  -- Everybody who held it.
  add column supervised_by text[] not null default '{}',
  -- Who paused it, or 'lease' where nobody watched any more.
  add column paused_by text,
  -- Number of the last event.
  add column sequence bigint not null default 0,
  add column rating integer check (rating between 1 and 5),
  add column feedback text,
  add column rated_by text,
  add column rated_at timestamptz;

-- A correction that waits to be delivered keeps nobody from pausing.
drop trigger supervision_session_transition on supervision_sessions;
create trigger supervision_session_transition before update on supervision_sessions
  for each row execute function preceptor_refuse_transition(
    'starting>running', 'running>pausing', 'pausing>paused', 'pausing>running', 'paused>running',
    'running>correcting', 'paused>correcting', 'correcting>running', 'correcting>pausing',
    'starting>completed', 'running>completed', 'pausing>completed', 'paused>completed', 'correcting>completed',
    'starting>terminated', 'running>terminated', 'pausing>terminated', 'paused>terminated', 'correcting>terminated',
    'starting>failed', 'running>failed', 'pausing>failed', 'paused>failed', 'correcting>failed');

-- What was terminated stays so for whatever the run attempts next.
create index supervision_sessions_terminated on supervision_sessions (workspace_id, agent_id, run)
  where state = 'terminated';

-- What a session was rated stays.
create function preceptor_session_rating() returns trigger language plpgsql as $$
begin
  if old.rating is not null and (new.rating, new.feedback, new.rated_by, new.rated_at)
    is distinct from (old.rating, old.feedback, old.rated_by, old.rated_at) then
    raise exception 'session % was rated', old.id using errcode = '23514';
  end if;
  if new.rating is not null and new.state <> 'completed' then
    raise exception 'session % is not completed', old.id using errcode = '23514';
  end if;
  if new.sequence < old.sequence then
    raise exception 'events of session % are numbered upwards', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger supervision_session_rating before update on supervision_sessions
  for each row execute function preceptor_session_rating();

-- Terminated in one process, a session ends what runs in all.
alter table changes drop constraint changes_kind_check;
alter table changes add constraint changes_kind_check check (kind in ('agent', 'policy', 'stop', 'key', 'session'));
create trigger supervision_session_terminated after update of state on supervision_sessions
  for each row when (new.state = 'terminated' and old.state <> 'terminated')
  execute function preceptor_record_change('session', 'id');

create table session_steps (
  -- Id of the decision.
  id text primary key,
  workspace_id text not null,
  session_id text not null references supervision_sessions,
  agent_id text not null,
  action text not null,
  digest text not null,
  args jsonb not null,
  sensitive jsonb not null,
  args_hash text not null,
  risk text not null,
  state text not null check (state in ('waiting', 'started', 'withheld')),
  -- Announced, it begins then unless somebody objects.
  starts_at timestamptz,
  -- What it runs with instead, and how often that changed.
  corrected_args jsonb,
  corrections integer not null default 0,
  objected_by text,
  created_at timestamptz not null,
  ended_at timestamptz
);
create index session_steps_of on session_steps (workspace_id, session_id, created_at, id);
create function preceptor_session_step() returns trigger language plpgsql as $$
begin
  if old.state <> 'waiting' and (new.state, new.corrected_args, new.corrections, new.objected_by)
    is distinct from (old.state, old.corrected_args, old.corrections, old.objected_by) then
    raise exception 'step % is %', old.id, old.state using errcode = '23514';
  end if;
  if (new.id, new.workspace_id, new.session_id, new.agent_id, new.action, new.args, new.args_hash)
    is distinct from (old.id, old.workspace_id, old.session_id, old.agent_id, old.action, old.args, old.args_hash) then
    raise exception 'step % stays what it is', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger session_step before update on session_steps for each row execute function preceptor_session_step();

create table interventions (
  id text primary key,
  workspace_id text not null,
  session_id text not null references supervision_sessions,
  agent_id text not null,
  type text not null check (type in ('pause', 'resume', 'correct', 'terminate', 'object')),
  guidance text,
  args jsonb,
  step_id text,
  reason text,
  requested_by text not null,
  requested_at timestamptz not null,
  applied_at timestamptz,
  applied_to text
);
create index interventions_of on interventions (workspace_id, session_id, requested_at, id);
create index interventions_due on interventions (workspace_id, session_id) where applied_at is null;
create function preceptor_intervention_once() returns trigger language plpgsql as $$
begin
  if old.applied_at is not null or new.applied_at is null or
    (new.id, new.session_id, new.type, new.guidance, new.args, new.step_id, new.requested_by, new.requested_at)
    is distinct from (old.id, old.session_id, old.type, old.guidance, old.args, old.step_id, old.requested_by,
      old.requested_at) then
    raise exception 'intervention % is applied once and stays what it is', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger intervention_once before update on interventions
  for each row execute function preceptor_intervention_once();

create table session_events (
  workspace_id text not null,
  session_id text not null references supervision_sessions,
  sequence bigint not null,
  kind text not null,
  body jsonb not null,
  at timestamptz not null,
  primary key (session_id, sequence)
);
create trigger session_events_append_only before update or delete on session_events
  for each row execute function preceptor_refuse_change();

-- Waits at a checkpoint of its run, and does nothing meanwhile.
alter table executions add column parked boolean not null default false;
create index executions_of_sessions on executions (session_id) where state = 'claimed' and session_id is not null;

do $$
declare
  name text;
begin
  foreach name in array array['session_steps', 'interventions', 'session_events']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert on %I to preceptor_app', name);
  end loop;
end $$;
grant update (state, starts_at, corrected_args, corrections, objected_by, ended_at) on session_steps to preceptor_app;
grant update (applied_at, applied_to) on interventions to preceptor_app;
`,
}
