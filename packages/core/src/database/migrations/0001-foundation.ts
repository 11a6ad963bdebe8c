/**
 * The first schema. Row-level security stands from here on: every table carries `workspace_id`, the application role
 * sees one workspace per transaction, and the system role (jobs, key lookup, leases) sees what it needs and no more.
 */
export const foundation: { readonly name: string; readonly sql: string } = {
  name: '0001-foundation',
  sql: `
-- Roles are shared by a whole cluster, so that two databases may be migrated at the same time. Where an administrator made
-- them before, whoever migrates needs no right to make roles.
do $$ begin
  if to_regrole('preceptor_app') is null then create role preceptor_app nologin; end if;
exception when duplicate_object or unique_violation then null; end $$;
do $$ begin
  if to_regrole('preceptor_system') is null then create role preceptor_system nologin; end if;
exception when duplicate_object or unique_violation then null; end $$;
do $$ begin
  if not pg_has_role(current_user, 'preceptor_app', 'member') then
    execute format('grant preceptor_app to %I', current_user);
  end if;
  if not pg_has_role(current_user, 'preceptor_system', 'member') then
    execute format('grant preceptor_system to %I', current_user);
  end if;
end $$;

create function preceptor_workspace() returns text language sql stable parallel safe
  as $$ select current_setting('preceptor.workspace', true) $$;

create table workspaces (
  workspace_id text primary key check (workspace_id ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  display_name text not null,
  created_at timestamptz not null
);

create table memberships (
  workspace_id text not null references workspaces,
  user_id text not null check (length(user_id) between 1 and 200),
  display_name text not null,
  roles text[] not null check (roles <@ array['admin', 'supervisor', 'viewer']),
  created_at timestamptz not null,
  primary key (workspace_id, user_id)
);

create table api_keys (
  id text primary key,
  workspace_id text not null references workspaces,
  display_name text not null,
  prefix text not null,
  secret_sha256 text not null unique check (secret_sha256 ~ '^[0-9a-f]{64}$'),
  principal_kind text not null check (principal_kind in ('user', 'agent', 'service', 'system')),
  principal_id text not null,
  roles text[] not null check (roles <@ array['admin', 'supervisor', 'viewer']),
  scopes text[] not null,
  agents text[],
  source text,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index api_keys_by_workspace on api_keys (workspace_id, created_at, id);

create table agents (
  workspace_id text not null references workspaces,
  id text not null check (length(id) between 1 and 128),
  display_name text not null,
  category text,
  specialty text,
  owner_id text not null,
  -- Users who owned it before or changed its owner; none of them may promote it.
  hand_over_ids text[] not null default '{}',
  lifecycle text not null default 'active' check (lifecycle in ('active', 'paused', 'stopped', 'retired')),
  epoch bigint not null default 1 check (epoch > 0),
  capabilities text[] not null default '{}',
  fingerprint jsonb not null default '{}',
  fingerprint_capped boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);

create table maturity_records (
  workspace_id text not null,
  agent_id text not null,
  capability text not null default '*',
  maturity text not null check (maturity in ('student', 'intern', 'supervised', 'autonomous')),
  confidence integer not null check (confidence between 0 and 10000),
  maturity_since timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, agent_id, capability),
  foreign key (workspace_id, agent_id) references agents
);

create table confidence_entries (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  capability text not null,
  kind text not null,
  requested integer not null,
  applied integer not null,
  confidence integer not null check (confidence between 0 and 10000),
  source_type text not null,
  source_id text not null,
  actor text not null,
  reason text not null,
  created_at timestamptz not null,
  unique (workspace_id, agent_id, capability, source_type, source_id),
  foreign key (workspace_id, agent_id, capability) references maturity_records
);
create index confidence_entries_by_agent on confidence_entries (workspace_id, agent_id, created_at, id);

create table maturity_transitions (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  capability text not null,
  from_maturity text not null,
  to_maturity text not null,
  cause text not null,
  evidence jsonb not null,
  actor text not null,
  reason text not null,
  xid xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null,
  foreign key (workspace_id, agent_id, capability) references maturity_records
);
create index maturity_transitions_by_agent on maturity_transitions (workspace_id, agent_id, created_at, id);

-- Maturity has one writer. A change that did not come with its transition row in the same transaction is refused,
-- whoever sends it, and so is more than one step up, or a start above what the ledger opens with.
create function preceptor_maturity_needs_transition() returns trigger language plpgsql as $$
declare
  levels constant text[] := array['student', 'intern', 'supervised', 'autonomous'];
  floors constant integer[] := array[0, 5000, 7000, 9000];
begin
  if tg_op = 'INSERT' then
    if new.confidence < floors[array_position(levels, new.maturity)] then
      raise exception 'maturity of % starts above its confidence', new.agent_id using errcode = '23514';
    end if;
    return new;
  end if;
  if new.maturity is distinct from old.maturity and not exists (
    select from maturity_transitions t
    where t.workspace_id = new.workspace_id and t.agent_id = new.agent_id and t.capability = new.capability
      and t.from_maturity = old.maturity and t.to_maturity = new.maturity and t.xid = pg_current_xact_id()
  ) then
    raise exception 'maturity of % changes without a transition', new.agent_id using errcode = '23514';
  end if;
  if array_position(levels, new.maturity) > array_position(levels, old.maturity) + 1 then
    raise exception 'maturity of % goes up one step at a time', new.agent_id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger maturity_needs_transition before insert or update on maturity_records
  for each row execute function preceptor_maturity_needs_transition();

create table actions (
  workspace_id text not null references workspaces,
  name text not null check (length(name) between 1 and 128),
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  risk text not null check (risk in ('safe', 'medium', 'high', 'critical')),
  capability text not null,
  idempotent boolean not null,
  ceiling text not null check (ceiling in ('student', 'intern', 'supervised', 'autonomous')),
  description text,
  args_schema jsonb,
  registered_by text not null,
  registered_at timestamptz not null,
  primary key (workspace_id, name, digest)
);

create table policies (
  workspace_id text not null references workspaces,
  version integer not null check (version > 0),
  document jsonb not null,
  reason text not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (workspace_id, version)
);

-- A stop of everything stands in the workspace '*', which every workspace can read.
create table stops (
  id text primary key,
  workspace_id text not null,
  target text not null check (target in ('agent', 'workspace', 'all')),
  agent_id text,
  reason text not null,
  set_by text not null,
  set_at timestamptz not null,
  lifted_by text,
  lifted_at timestamptz,
  lift_reason text,
  check ((target = 'agent') = (agent_id is not null)),
  check ((target = 'all') = (workspace_id = '*')),
  check ((lifted_at is null) = (lifted_by is null))
);
create index stops_open on stops (workspace_id) where lifted_at is null;

-- What changed since a snapshot: one row for each change of a fact that routing rests on.
create table changes (
  id bigint generated always as identity primary key,
  workspace_id text not null,
  kind text not null check (kind in ('agent', 'policy', 'stop', 'key')),
  subject_id text not null,
  xid xid8 not null default pg_current_xact_id(),
  changed_at timestamptz not null default now()
);
create index changes_by_xid on changes (xid);
create index changes_by_time on changes (changed_at);

create function preceptor_record_change() returns trigger language plpgsql as $$
declare
  subject jsonb := to_jsonb(coalesce(new, old));
begin
  insert into changes (workspace_id, kind, subject_id) values (
    subject ->> 'workspace_id',
    tg_argv[0],
    coalesce(subject ->> tg_argv[1], '')
  );
  return null;
end $$;
create trigger agents_changed after insert or update or delete on agents
  for each row execute function preceptor_record_change('agent', 'id');
create trigger maturity_changed after update of maturity on maturity_records
  for each row when (new.maturity is distinct from old.maturity)
  execute function preceptor_record_change('agent', 'agent_id');
create trigger policies_changed after insert on policies
  for each row execute function preceptor_record_change('policy', 'version');
create trigger stops_changed after insert or update on stops
  for each row execute function preceptor_record_change('stop', 'id');
create trigger api_keys_changed after update of revoked_at, expires_at on api_keys
  for each row execute function preceptor_record_change('key', 'id');

create table journal (
  id text primary key,
  position bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  workspace_id text not null,
  kind text not null,
  subject_id text not null,
  agent_id text,
  body text not null,
  recorded_at timestamptz not null
);
create index journal_by_xid on journal (workspace_id, xid, position);
create index journal_by_subject on journal (workspace_id, subject_id, position);
create index journal_by_agent on journal (workspace_id, agent_id, position) where agent_id is not null;
create index journal_by_kind on journal (workspace_id, kind, position);
create index journal_by_position on journal (workspace_id, position);

create table journal_seals (
  workspace_id text not null,
  sequence bigint not null check (sequence > 0),
  journal_id text not null unique,
  hash text not null,
  sealed_at timestamptz not null,
  primary key (workspace_id, sequence)
);

-- What was visible when the head moved: only rows that this snapshot does not see can still wait for a seal.
create table journal_heads (
  workspace_id text primary key,
  sequence bigint not null check (sequence >= 0),
  hash text not null,
  snapshot pg_snapshot not null,
  sealed_at timestamptz not null
);

create function preceptor_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = '23514';
end $$;
create trigger journal_append_only before update or delete on journal
  for each row execute function preceptor_refuse_change();
create trigger journal_no_truncate before truncate on journal
  for each statement execute function preceptor_refuse_change();
create trigger journal_seals_append_only before update or delete on journal_seals
  for each row execute function preceptor_refuse_change();
create trigger journal_seals_no_truncate before truncate on journal_seals
  for each statement execute function preceptor_refuse_change();
create trigger confidence_append_only before update or delete on confidence_entries
  for each row execute function preceptor_refuse_change();
create trigger transitions_append_only before update or delete on maturity_transitions
  for each row execute function preceptor_refuse_change();

-- Refuses every change of state that is not among the arguments, each written 'from>to'.
create function preceptor_refuse_transition() returns trigger language plpgsql as $$
begin
  if new.state is distinct from old.state and not (old.state || '>' || new.state) = any (tg_argv) then
    raise exception '% % cannot go from % to %', tg_table_name, old.id, old.state, new.state using errcode = '23514';
  end if;
  return new;
end $$;

create table executions (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  idempotency_key text not null check (length(idempotency_key) between 1 and 200),
  action text not null,
  digest text not null,
  args_hash text not null,
  idempotent boolean not null,
  decision_id text not null,
  session_id text,
  state text not null check (state in ('claimed', 'succeeded', 'failed', 'released', 'outcome_unknown')),
  claimant text not null,
  reported boolean not null default false,
  fence bigint not null check (fence > 0),
  attempt integer not null check (attempt > 0),
  lease_expires_at timestamptz not null,
  outcome jsonb,
  claimed_at timestamptz not null,
  settled_at timestamptz,
  unique (workspace_id, agent_id, idempotency_key),
  foreign key (workspace_id, agent_id) references agents
);
create index executions_claimed on executions (lease_expires_at) where state = 'claimed';

-- What an attempt is never changes, what a claim says changes with the next claim only, and what is settled stays.
create function preceptor_execution_transition() returns trigger language plpgsql as $$
begin
  if (new.id, new.workspace_id, new.agent_id, new.idempotency_key, new.action, new.args_hash)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.idempotency_key, old.action, old.args_hash) then
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
create trigger execution_transition before update on executions
  for each row execute function preceptor_execution_transition();

create table training_proposals (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  capability text not null,
  gaps text[] not null,
  gap_key text not null,
  title text not null,
  plan jsonb not null,
  state text not null check (state in ('proposed', 'approved', 'rejected')),
  repeats integer not null default 1 check (repeats > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  foreign key (workspace_id, agent_id) references agents
);
create unique index training_proposals_one_open on training_proposals (workspace_id, agent_id, gap_key)
  where state = 'proposed';
create index training_proposals_by_time on training_proposals (workspace_id, created_at, id);

create table blocked_triggers (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  decision_id text not null,
  idempotency_key text not null,
  source text not null,
  type text,
  action text not null,
  args_hash text not null,
  args jsonb not null,
  context jsonb,
  resource text,
  maturity text not null,
  confidence integer not null,
  route text not null,
  training_proposal_id text not null references training_proposals,
  resolved_at timestamptz,
  resolution text,
  created_at timestamptz not null,
  unique (workspace_id, agent_id, idempotency_key),
  foreign key (workspace_id, agent_id) references agents
);
create index blocked_triggers_by_time on blocked_triggers (workspace_id, created_at, id);

create table proposals (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  decision_id text not null,
  idempotency_key text not null,
  action text not null,
  digest text not null,
  risk text not null check (risk in ('safe', 'medium', 'high', 'critical')),
  maturity text not null,
  source text not null,
  type text,
  resource text,
  context jsonb,
  executor text not null check (executor in ('caller', 'registered')),
  required_approvals integer not null check (required_approvals > 0),
  state text not null check (state in ('pending', 'approved', 'executing', 'succeeded', 'failed', 'outcome_unknown',
    'rejected', 'responded', 'expired', 'cancelled')),
  version integer not null default 1 check (version > 0),
  proposed_by text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (workspace_id, agent_id, idempotency_key),
  foreign key (workspace_id, agent_id) references agents
);
create index proposals_by_time on proposals (workspace_id, created_at, id);
create index proposals_by_state on proposals (workspace_id, state, created_at, id);
create index proposals_expiring on proposals (expires_at) where state in ('pending', 'approved');
create trigger proposal_transition before update on proposals
  for each row execute function preceptor_refuse_transition(
    'pending>approved', 'pending>rejected', 'pending>responded', 'pending>expired', 'pending>cancelled',
    'approved>executing', 'approved>expired', 'approved>cancelled', 'approved>pending',
    'executing>succeeded', 'executing>failed', 'executing>outcome_unknown',
    'outcome_unknown>succeeded', 'outcome_unknown>failed');

create table proposal_versions (
  proposal_id text not null references proposals,
  version integer not null,
  workspace_id text not null,
  args jsonb not null,
  args_hash text not null,
  action_hash text not null,
  nonce text not null,
  policy_version integer not null,
  fingerprint jsonb not null,
  expires_at timestamptz not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (proposal_id, version)
);
create trigger proposal_versions_append_only before update or delete on proposal_versions
  for each row execute function preceptor_refuse_change();

create table supervision_sessions (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  run text not null,
  decision_id text not null,
  action text not null,
  args_hash text not null,
  state text not null check (state in ('starting', 'running', 'pausing', 'paused', 'correcting', 'completed',
    'terminated', 'failed')),
  supervisor_id text,
  supervisor_lease_expires_at timestamptz,
  last_step_at timestamptz,
  fence bigint not null default 1,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  foreign key (workspace_id, agent_id) references agents
);
create unique index supervision_sessions_one_per_run on supervision_sessions (workspace_id, agent_id, run)
  where state not in ('completed', 'terminated', 'failed');
create index supervision_sessions_by_time on supervision_sessions (workspace_id, created_at, id);
create index supervision_sessions_open on supervision_sessions (workspace_id, supervisor_id)
  where state not in ('completed', 'terminated', 'failed');

create trigger supervision_session_transition before update on supervision_sessions
  for each row execute function preceptor_refuse_transition(
    'starting>running', 'running>pausing', 'pausing>paused', 'pausing>running', 'paused>running',
    'running>correcting', 'paused>correcting', 'correcting>running',
    'starting>completed', 'running>completed', 'pausing>completed', 'paused>completed', 'correcting>completed',
    'starting>terminated', 'running>terminated', 'pausing>terminated', 'paused>terminated', 'correcting>terminated',
    'starting>failed', 'running>failed', 'pausing>failed', 'paused>failed', 'correcting>failed');

create table supervised_queue (
  id text primary key,
  workspace_id text not null,
  agent_id text not null,
  decision_id text not null,
  idempotency_key text not null,
  action text not null,
  digest text not null,
  args jsonb not null,
  args_hash text not null,
  risk text not null,
  source text not null,
  type text,
  resource text,
  priority integer not null,
  state text not null check (state in ('pending', 'executing', 'completed', 'failed', 'cancelled', 'expired',
    'outcome_unknown')),
  attempt integer not null default 0,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (workspace_id, agent_id, idempotency_key),
  foreign key (workspace_id, agent_id) references agents
);
create index supervised_queue_waiting on supervised_queue (workspace_id, priority desc, created_at, id)
  where state = 'pending';
create index supervised_queue_by_time on supervised_queue (workspace_id, created_at, id);
create index supervised_queue_expiring on supervised_queue (expires_at) where state = 'pending';
create trigger supervised_queue_transition before update on supervised_queue
  for each row execute function preceptor_refuse_transition(
    'pending>executing', 'pending>cancelled', 'pending>expired',
    'executing>completed', 'executing>failed', 'executing>pending', 'executing>outcome_unknown',
    'outcome_unknown>completed', 'outcome_unknown>failed');

create table presences (
  workspace_id text not null,
  user_id text not null,
  last_activity_at timestamptz not null,
  last_heartbeat_at timestamptz not null,
  override_state text check (override_state in ('online', 'away', 'offline')),
  override_until timestamptz,
  primary key (workspace_id, user_id),
  foreign key (workspace_id, user_id) references memberships
);

create table limit_counters (
  workspace_id text not null,
  agent_id text not null,
  name text not null,
  window_start timestamptz not null,
  used bigint not null check (used >= 0),
  primary key (workspace_id, agent_id, name, window_start)
);
create index limit_counters_by_time on limit_counters (window_start);

create table idempotency_keys (
  workspace_id text not null,
  principal_id text not null,
  operation text not null,
  key text not null,
  request_hash text not null,
  state text not null check (state in ('in_flight', 'answered', 'secret')),
  status integer,
  response jsonb,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (workspace_id, principal_id, operation, key)
);
create index idempotency_keys_expiring on idempotency_keys (expires_at);

-- Row-level security: the application role sees its own workspace, the system role what its jobs need.
do $$
declare
  name text;
begin
  foreach name in array array['workspaces', 'memberships', 'api_keys', 'agents', 'maturity_records',
    'confidence_entries', 'maturity_transitions', 'actions', 'policies', 'stops', 'changes', 'journal',
    'journal_seals', 'journal_heads', 'executions', 'training_proposals', 'blocked_triggers', 'proposals',
    'proposal_versions', 'supervision_sessions', 'supervised_queue', 'presences', 'limit_counters',
    'idempotency_keys']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert on %I to preceptor_app', name);
  end loop;
  foreach name in array array['memberships', 'api_keys', 'agents', 'maturity_records', 'stops', 'executions',
    'training_proposals', 'blocked_triggers', 'proposals', 'supervision_sessions', 'supervised_queue', 'presences',
    'limit_counters', 'idempotency_keys']
  loop
    execute format('grant update on %I to preceptor_app', name);
  end loop;
  -- The system role works for one workspace at a time where it writes; where it only looks for work it sees all.
  foreach name in array array['workspaces', 'api_keys', 'memberships', 'agents', 'stops', 'changes', 'journal',
    'journal_seals', 'journal_heads', 'executions', 'proposals', 'supervised_queue', 'supervision_sessions',
    'idempotency_keys', 'limit_counters']
  loop
    execute format('create policy system_all on %I to preceptor_system using (true) with check (true)', name);
    execute format('grant select on %I to preceptor_system', name);
  end loop;
end $$;
-- Only the sealer seals, and nobody chooses under which transaction or at which position a journal row stands: the
-- sealer goes by both.
revoke insert on journal, journal_seals, journal_heads from preceptor_app;
grant insert (id, workspace_id, kind, subject_id, agent_id, body, recorded_at) on journal
  to preceptor_app, preceptor_system;
grant delete on limit_counters, idempotency_keys, changes to preceptor_system;
grant insert on workspaces, stops, journal_seals, journal_heads, changes to preceptor_system;
grant update on api_keys, stops, journal_heads to preceptor_system;
create policy stops_of_all on stops for select to preceptor_app using (workspace_id = '*');
grant delete on presences, idempotency_keys to preceptor_app;
grant usage on all sequences in schema public to preceptor_app, preceptor_system;
`,
}
