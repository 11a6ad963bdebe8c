/** Training runs, experiments, and the trials of both: one case, answered by two arms. */
export const TRAINING_MIGRATION: { readonly name: string; readonly sql: string } = {
  name: '0003-training',
  sql: `
create table training_runs (
  id text primary key,
  workspace_id text not null references workspaces,
  agent_type text not null check (agent_type ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  cause text not null check (cause in ('asked', 'automatic')),
  state text not null default 'pending' check (state in ('pending', 'writing', 'testing', 'completed', 'failed')),
  -- What is deployed, and where, when the test allows it; null where nothing is to be.
  deploy jsonb,
  examples integer not null default 0 check (examples >= 0),
  playbook_id text,
  version integer,
  -- The version that stood there before; null where none did.
  against integer,
  test jsonb,
  deployment jsonb,
  failure text,
  attempts integer not null default 0,
  lease_expires_at timestamptz,
  actor text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (workspace_id, id),
  check ((playbook_id is null) = (version is null)),
  check ((state in ('completed', 'failed')) = (ended_at is not null)),
  check ((state = 'failed') = (failure is not null)),
  check ((state = 'writing') = (lease_expires_at is not null))
);
-- One at a time for a type, however many processes.
create unique index training_runs_open on training_runs (workspace_id, agent_type)
  where state in ('pending', 'writing', 'testing');
create index training_runs_by_time on training_runs (workspace_id, created_at, id);
create index training_runs_due on training_runs (state) where state in ('pending', 'writing', 'testing');

create function preceptor_training_run_goes_on() returns trigger language plpgsql as $$
begin
  if old.state in ('completed', 'failed') then
    raise exception 'training run % has ended', old.id using errcode = '23514';
  end if;
  if (new.id, new.workspace_id, new.agent_type, new.cause, new.deploy, new.actor, new.created_at)
    is distinct from (old.id, old.workspace_id, old.agent_type, old.cause, old.deploy, old.actor, old.created_at)
    or old.version is not null and (new.playbook_id, new.version) is distinct from (old.playbook_id, old.version) then
    raise exception 'training run % cannot become another one', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger training_run_goes_on before update on training_runs
  for each row execute function preceptor_training_run_goes_on();

create table learning_experiments (
  id text primary key,
  workspace_id text not null references workspaces,
  agent_type text not null check (agent_type ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  subject jsonb not null,
  state text not null default 'running' check (state in ('running', 'decided', 'inconclusive', 'stopped', 'failed')),
  winner text check (winner in ('a', 'b')),
  most_runs integer not null check (most_runs between 2 and 500),
  alpha double precision not null check (alpha between 0.001 and 0.2),
  runs integer not null default 0,
  evidence double precision not null default 1,
  mean_a double precision,
  mean_b double precision,
  reason text,
  actor text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (workspace_id, id),
  check ((state = 'decided') = (winner is not null)),
  check ((state = 'running') = (ended_at is null))
);
create index learning_experiments_by_time on learning_experiments (workspace_id, created_at, id);
create index learning_experiments_running on learning_experiments (workspace_id) where state = 'running';

create function preceptor_experiment_goes_on() returns trigger language plpgsql as $$
begin
  if old.state <> 'running' then
    raise exception 'experiment % has ended', old.id using errcode = '23514';
  end if;
  if (new.id, new.workspace_id, new.agent_type, new.subject, new.most_runs, new.alpha, new.actor, new.created_at)
    is distinct from (old.id, old.workspace_id, old.agent_type, old.subject, old.most_runs, old.alpha, old.actor, old.created_at) then
    raise exception 'experiment % cannot become another one', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger experiment_goes_on before update on learning_experiments
  for each row execute function preceptor_experiment_goes_on();

create table learning_trials (
  id text primary key,
  workspace_id text not null references workspaces,
  training_run_id text,
  experiment_id text,
  -- Order in which the results count, whenever they come.
  position integer not null check (position > 0),
  example_id text not null,
  state text not null default 'open' check (state in ('open', 'scored', 'unscored', 'skipped')),
  score_a double precision check (score_a between 0 and 100),
  score_b double precision check (score_b between 0 and 100),
  reason text,
  attempts integer not null default 0,
  -- Who holds it may be gone after this time.
  lease_expires_at timestamptz,
  ended_at timestamptz,
  foreign key (workspace_id, training_run_id) references training_runs (workspace_id, id),
  foreign key (workspace_id, experiment_id) references learning_experiments (workspace_id, id),
  foreign key (workspace_id, example_id) references learning_examples (workspace_id, id),
  check (num_nonnulls(training_run_id, experiment_id) = 1),
  check ((state = 'scored') = (score_a is not null and score_b is not null)),
  check ((state = 'open') = (ended_at is null))
);
create unique index learning_trials_of_run on learning_trials (training_run_id, position) where training_run_id is not null;
create unique index learning_trials_of_experiment on learning_trials (experiment_id, position)
  where experiment_id is not null;
create index learning_trials_open on learning_trials (workspace_id, lease_expires_at) where state = 'open';

create function preceptor_trial_goes_on() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' then
    raise exception 'trial % has ended', old.id using errcode = '23514';
  end if;
  if (new.id, new.workspace_id, new.training_run_id, new.experiment_id, new.position, new.example_id)
    is distinct from (old.id, old.workspace_id, old.training_run_id, old.experiment_id, old.position, old.example_id) then
    raise exception 'trial % cannot become another one', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger trial_goes_on before update on learning_trials
  for each row execute function preceptor_trial_goes_on();

do $$
declare
  name text;
begin
  foreach name in array array['training_runs', 'learning_experiments', 'learning_trials']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert, update on %I to preceptor_app', name);
    -- Where the system role looks for work.
    execute format('create policy system_all on %I to preceptor_system using (true) with check (true)', name);
    execute format('grant select on %I to preceptor_system', name);
  end loop;
end $$;
`,
}
