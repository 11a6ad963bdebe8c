/** Learning sessions, what they changed in how a type of agents is trained, and what was predicted of those to come. */
export const SESSIONS_MIGRATION: { readonly name: string; readonly sql: string } = {
  name: '0002-sessions',
  sql: `
create table learning_sessions (
  id text primary key,
  workspace_id text not null references workspaces,
  agent_type text not null check (agent_type ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  agent_id text,
  mode text not null check (mode in ('continuous', 'batch', 'adaptive')),
  format text not null check (length(format) between 1 and 64),
  template text check (length(template) between 1 and 64),
  context text not null check (length(context) between 1 and 20000),
  original text not null check (length(original) between 1 and 20000),
  correction text check (length(correction) between 1 and 20000),
  state text not null default 'pending' check (state in ('pending', 'running', 'completed', 'failed')),
  improved text,
  before jsonb,
  after jsonb,
  improvement double precision check (improvement between -100 and 100),
  strategy text not null,
  -- Each way that was tried, the one that was kept first.
  tried jsonb not null default '[]' check (jsonb_typeof(tried) = 'array'),
  adaptation_id text,
  -- Examples that stood in the prompt, and what they are about.
  examples text[] not null default '{}',
  tags text[] not null default '{}',
  model text,
  duration_ms bigint check (duration_ms >= 0),
  failure text,
  attempts integer not null default 0,
  -- Who holds it may be gone after this time.
  lease_expires_at timestamptz,
  -- Whether the adaptation of its type was looked at since it ended.
  is_counted boolean not null default false,
  actor text not null,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, agent_id) references agents,
  check ((state in ('completed', 'failed')) = (ended_at is not null)),
  check ((state = 'failed') = (failure is not null)),
  check ((state = 'completed') = (improved is not null)),
  check ((state = 'running') = (lease_expires_at is not null)),
  check (improvement is null or state = 'completed'),
  check (state = 'pending' or started_at is not null)
);
create index learning_sessions_by_time on learning_sessions (workspace_id, created_at, id);
create index learning_sessions_of_type on learning_sessions (workspace_id, agent_type, ended_at, id)
  where ended_at is not null;
create index learning_sessions_of_agent on learning_sessions (workspace_id, agent_id, created_at, id)
  where agent_id is not null;
create index learning_sessions_of_adaptation on learning_sessions (workspace_id, adaptation_id)
  where adaptation_id is not null;
create index learning_sessions_open on learning_sessions (created_at) where state in ('pending', 'running');
create index learning_sessions_uncounted on learning_sessions (workspace_id, agent_type)
  where state = 'completed' and not is_counted;
create index learning_sessions_old on learning_sessions (ended_at) where ended_at is not null;

create function preceptor_learning_session_goes_on() returns trigger language plpgsql as $$
begin
  if old.state in ('completed', 'failed') and to_jsonb(new) - 'is_counted' is distinct from to_jsonb(old) - 'is_counted' then
    raise exception 'learning session % has ended', old.id using errcode = '23514';
  end if;
  if (new.id, new.workspace_id, new.agent_type, new.agent_id, new.mode, new.format, new.template, new.context,
      new.original, new.correction, new.actor, new.created_at)
    is distinct from (old.id, old.workspace_id, old.agent_type, old.agent_id, old.mode, old.format, old.template,
      old.context, old.original, old.correction, old.actor, old.created_at) then
    raise exception 'learning session % cannot become another one', old.id using errcode = '23514';
  end if;
  if new.state = 'pending' and old.state <> 'pending' or new.attempts < old.attempts or old.is_counted and not new.is_counted then
    raise exception 'learning session % cannot go back', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger learning_session_goes_on before update on learning_sessions
  for each row execute function preceptor_learning_session_goes_on();

create table learning_adaptations (
  id text primary key,
  workspace_id text not null references workspaces,
  agent_type text not null check (agent_type ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  cause text not null check (cause in ('low_improvement', 'declining')),
  change text not null,
  -- What is done differently, as the trainer reads it.
  plan jsonb not null,
  state text not null default 'active' check (state in ('active', 'switched_off', 'removed')),
  effectiveness double precision,
  sessions integer not null default 0 check (sessions >= 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (workspace_id, id)
);
-- One is in force for a type, however many processes.
create unique index learning_adaptations_active on learning_adaptations (workspace_id, agent_type) where state = 'active';
create index learning_adaptations_by_time on learning_adaptations (workspace_id, created_at, id);
create index learning_adaptations_old on learning_adaptations (created_at);

create function preceptor_adaptation_goes_on() returns trigger language plpgsql as $$
begin
  if old.state = 'removed' or old.state = 'switched_off' and new.state = 'active' then
    raise exception 'adaptation % cannot go from % to %', old.id, old.state, new.state using errcode = '23514';
  end if;
  if (new.id, new.workspace_id, new.agent_type, new.cause, new.change, new.plan, new.created_at)
    is distinct from (old.id, old.workspace_id, old.agent_type, old.cause, old.change, old.plan, old.created_at) then
    raise exception 'adaptation % cannot become another one', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger adaptation_goes_on before update on learning_adaptations
  for each row execute function preceptor_adaptation_goes_on();

create table learning_predictions (
  id text primary key,
  workspace_id text not null references workspaces,
  agent_type text not null check (agent_type ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  mean double precision not null check (mean between -100 and 100),
  low double precision not null,
  high double precision not null,
  level double precision not null check (level > 0 and level < 1),
  direction text not null check (direction in ('improving', 'stable', 'declining')),
  -- How many next sessions it speaks of.
  sessions integer not null check (sessions >= 1),
  factors jsonb not null,
  recommendations jsonb not null,
  made_at timestamptz not null,
  until_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'hit', 'missed', 'nothing_came')),
  came double precision check (came between -100 and 100),
  -- The end of the sessions that it was judged by.
  judged_to timestamptz,
  settled_at timestamptz,
  unique (workspace_id, id),
  check (low <= high and made_at < until_at),
  check ((state = 'open') = (settled_at is null)),
  check ((state in ('hit', 'missed')) = (came is not null and judged_to is not null))
);
create index learning_predictions_of_type on learning_predictions (workspace_id, agent_type, made_at, id);
create index learning_predictions_by_time on learning_predictions (workspace_id, made_at, id);
create index learning_predictions_open on learning_predictions (until_at) where state = 'open';
create index learning_predictions_old on learning_predictions (settled_at) where settled_at is not null;

create function preceptor_prediction_settles() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' or new.state = 'open' then
    raise exception 'prediction % settles once', old.id using errcode = '23514';
  end if;
  if to_jsonb(new) - array['state', 'came', 'judged_to', 'settled_at']
    is distinct from to_jsonb(old) - array['state', 'came', 'judged_to', 'settled_at'] then
    raise exception 'prediction % cannot become another one', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger prediction_settles before update on learning_predictions
  for each row execute function preceptor_prediction_settles();

do $$
declare
  name text;
begin
  foreach name in array array['learning_sessions', 'learning_adaptations', 'learning_predictions']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert, update on %I to preceptor_app', name);
    -- Where the system role looks for work, and removes what was kept for long enough.
    execute format('create policy system_all on %I to preceptor_system using (true) with check (true)', name);
    execute format('grant select, delete on %I to preceptor_system', name);
  end loop;
end $$;
`,
}
