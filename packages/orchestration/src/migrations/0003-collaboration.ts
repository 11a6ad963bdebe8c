/** Collaborations: who is in one, what they were called for, said, share, delegate and vote. */
export const COLLABORATION_MIGRATION: { readonly name: string; readonly sql: string } = {
  name: '0003-collaboration',
  sql: `
create table collaborations (
  id text primary key,
  workspace_id text not null references workspaces,
  mode text not null check (mode in ('sequential', 'parallel', 'hierarchical', 'consensus')),
  task text not null check (length(task) between 1 and 4000),
  settings jsonb not null check (jsonb_typeof(settings) = 'object'),
  state text not null default 'open' check (state in ('open', 'running', 'completed', 'failed', 'cancelled')),
  input jsonb check (jsonb_typeof(input) = 'object'),
  output jsonb,
  failure jsonb,
  context_version integer not null default 1 check (context_version > 0),
  messages integer not null default 0 check (messages >= 0),
  created_by text not null,
  started_by text,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  unique (workspace_id, id),
  check ((state in ('completed', 'failed', 'cancelled')) = (ended_at is not null)),
  check ((state = 'failed') = (failure is not null)),
  check ((started_at is null) = (started_by is null) and (started_at is null) = (input is null)),
  check (state = 'cancelled' or (state = 'open') = (started_at is null)),
  check (state = 'completed' or output is null)
);
create index collaborations_by_time on collaborations (workspace_id, created_at, id);

create function preceptor_collaboration_goes_on() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null then
    raise exception 'collaboration % has ended', old.id using errcode = '23514';
  end if;
  if (new.id, new.workspace_id, new.mode, new.task, new.settings, new.created_by, new.created_at)
    is distinct from (old.id, old.workspace_id, old.mode, old.task, old.settings, old.created_by, old.created_at) then
    raise exception 'collaboration % cannot become another one', old.id using errcode = '23514';
  end if;
  if old.started_at is not null
      and (new.started_at, new.started_by, new.input) is distinct from (old.started_at, old.started_by, old.input)
    or new.state = 'open' and old.state <> 'open'
    or new.messages < old.messages or new.context_version < old.context_version then
    raise exception 'collaboration % cannot go back', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger collaboration_goes_on before update on collaborations
  for each row execute function preceptor_collaboration_goes_on();

create table collaboration_members (
  workspace_id text not null,
  collaboration_id text not null,
  kind text not null check (kind in ('agent', 'user')),
  member_id text not null check (length(member_id) between 1 and 200),
  role text not null check (role in ('lead', 'member')),
  action text check (length(action) between 1 and 128),
  position integer not null check (position >= 0),
  primary key (collaboration_id, kind, member_id),
  unique (collaboration_id, position),
  unique (workspace_id, collaboration_id, kind, member_id),
  foreign key (workspace_id, collaboration_id) references collaborations (workspace_id, id),
  check (kind = 'agent' or action is null and role = 'member')
);
create unique index collaboration_members_one_lead on collaboration_members (collaboration_id) where role = 'lead';
create index collaboration_members_of on collaboration_members (workspace_id, kind, member_id);

-- Who is in it is fixed once it has begun, whatever writes here.
create function preceptor_members_are_fixed() returns trigger language plpgsql as $$
declare
  concerned text := case when tg_op = 'DELETE' then old.collaboration_id else new.collaboration_id end;
begin
  if tg_op = 'UPDATE' then
    raise exception 'a member of collaboration % stays who it is', concerned using errcode = '23514';
  end if;
  if exists (select from collaborations where id = concerned and state <> 'open') then
    raise exception 'the members of collaboration % are fixed', concerned using errcode = '23514';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger members_are_fixed before insert or update or delete on collaboration_members
  for each row execute function preceptor_members_are_fixed();

create table collaboration_messages (
  id text primary key,
  workspace_id text not null,
  collaboration_id text not null,
  number integer not null check (number > 0),
  author text not null check (author ~ '^(agent|user):.'),
  text text not null check (octet_length(text) between 1 and 65536),
  created_at timestamptz not null,
  unique (collaboration_id, number),
  foreign key (workspace_id, collaboration_id) references collaborations (workspace_id, id)
);
create trigger collaboration_message_stays before update on collaboration_messages
  for each row execute function preceptor_refuse_change();

create table collaboration_contexts (
  workspace_id text not null,
  collaboration_id text not null,
  version integer not null check (version > 0),
  value jsonb not null check (jsonb_typeof(value) = 'object'),
  author text not null,
  created_at timestamptz not null,
  primary key (collaboration_id, version),
  foreign key (workspace_id, collaboration_id) references collaborations (workspace_id, id)
);
create trigger collaboration_context_stays before update on collaboration_contexts
  for each row execute function preceptor_refuse_change();

create table collaboration_delegations (
  id text primary key,
  workspace_id text not null,
  collaboration_id text not null,
  -- Order in which they were made.
  position integer not null check (position >= 0),
  from_name text not null,
  to_kind text not null,
  to_id text not null,
  -- Everybody to whom it was given, so that it comes back to nobody by itself.
  holders text[] not null check (cardinality(holders) > 0),
  task text not null check (length(task) between 1 and 4000),
  priority integer not null check (priority between 1 and 10),
  deadline_seconds integer check (deadline_seconds between 1 and 2592000),
  deadline timestamptz,
  state text not null default 'pending' check (state in ('pending', 'running', 'completed', 'failed', 'cancelled')),
  output jsonb,
  failure jsonb,
  reassigned integer not null default 0,
  -- Whether it was given to another member because of a failure or a deadline, which happens once.
  is_retried boolean not null default false,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (workspace_id, id),
  unique (collaboration_id, position),
  foreign key (workspace_id, collaboration_id) references collaborations (workspace_id, id),
  foreign key (workspace_id, collaboration_id, to_kind, to_id)
    references collaboration_members (workspace_id, collaboration_id, kind, member_id),
  check ((deadline is null) = (deadline_seconds is null)),
  check ((state in ('completed', 'failed', 'cancelled')) = (ended_at is not null)),
  check ((state = 'failed') = (failure is not null)),
  check (state = 'completed' or output is null)
);
create index collaboration_delegations_by_time on collaboration_delegations (workspace_id, created_at, id);
create index collaboration_delegations_due on collaboration_delegations (deadline)
  where state in ('pending', 'running') and deadline is not null;

create function preceptor_delegation_goes_on() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null then
    raise exception 'delegation % has ended', old.id using errcode = '23514';
  end if;
  if (new.id, new.workspace_id, new.collaboration_id, new.position, new.from_name, new.task, new.priority,
      new.deadline_seconds, new.created_at)
    is distinct from (old.id, old.workspace_id, old.collaboration_id, old.position, old.from_name, old.task, old.priority,
      old.deadline_seconds, old.created_at) then
    raise exception 'delegation % cannot become another one', old.id using errcode = '23514';
  end if;
  if old.is_retried and not new.is_retried or new.reassigned < old.reassigned
    or cardinality(new.holders) < cardinality(old.holders) then
    raise exception 'delegation % cannot go back', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger delegation_goes_on before update on collaboration_delegations
  for each row execute function preceptor_delegation_goes_on();

create table collaboration_consensus (
  id text primary key,
  workspace_id text not null,
  collaboration_id text not null,
  topic text not null check (length(topic) between 1 and 4000),
  options text[] not null check (cardinality(options) between 2 and 20),
  -- Basis points of the weight that was cast; above half, so that one option can have it at most.
  threshold integer not null check (threshold between 5001 and 10000),
  quorum integer not null check (quorum between 1 and 50),
  deadline timestamptz not null,
  data jsonb not null check (jsonb_typeof(data) = 'object'),
  -- Whether the collaboration ends with it.
  is_goal boolean not null,
  state text not null default 'open' check (state in ('open', 'decided', 'undecided', 'cancelled')),
  option text,
  opened_by text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, collaboration_id) references collaborations (workspace_id, id),
  check ((state = 'open') = (ended_at is null)),
  check ((state = 'decided') = (option is not null)),
  check (option is null or option = any(options))
);
create index collaboration_consensus_by_time on collaboration_consensus (workspace_id, created_at, id);
create index collaboration_consensus_of on collaboration_consensus (collaboration_id);
create index collaboration_consensus_due on collaboration_consensus (deadline) where state = 'open';

create function preceptor_consensus_goes_on() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' then
    raise exception 'consensus % has ended', old.id using errcode = '23514';
  end if;
  if to_jsonb(new) - array['state', 'option', 'ended_at'] is distinct from to_jsonb(old) - array['state', 'option', 'ended_at'] then
    raise exception 'consensus % cannot become another one', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger consensus_goes_on before update on collaboration_consensus
  for each row execute function preceptor_consensus_goes_on();

-- Who can vote, with which weight: what held when the vote was opened.
create table consensus_electors (
  workspace_id text not null,
  consensus_id text not null,
  kind text not null check (kind in ('agent', 'user')),
  member_id text not null,
  position integer not null check (position >= 0),
  weight integer not null check (weight between 0 and 10000),
  primary key (consensus_id, kind, member_id),
  unique (workspace_id, consensus_id, kind, member_id, weight),
  foreign key (workspace_id, consensus_id) references collaboration_consensus (workspace_id, id)
);
create trigger consensus_elector_stays before update on consensus_electors
  for each row execute function preceptor_refuse_change();

-- One vote of a member, with the weight that it was opened with.
create table consensus_votes (
  workspace_id text not null,
  consensus_id text not null,
  kind text not null,
  member_id text not null,
  weight integer not null,
  option text,
  reason text check (length(reason) between 1 and 1000),
  created_at timestamptz not null,
  primary key (consensus_id, kind, member_id),
  foreign key (workspace_id, consensus_id, kind, member_id, weight)
    references consensus_electors (workspace_id, consensus_id, kind, member_id, weight)
);
create trigger consensus_vote_stays before update on consensus_votes
  for each row execute function preceptor_refuse_change();
create function preceptor_vote_is_open() returns trigger language plpgsql as $$
begin
  if not exists (select from collaboration_consensus c where c.id = new.consensus_id and c.state = 'open'
    and (new.option is null or new.option = any(c.options)) and new.created_at < c.deadline) then
    raise exception 'consensus % takes no such vote', new.consensus_id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger vote_is_open before insert on consensus_votes for each row execute function preceptor_vote_is_open();

-- Each call of a member; its id is that of the step that performs it.
create table collaboration_turns (
  id text primary key,
  workspace_id text not null,
  collaboration_id text not null,
  phase text not null check (phase in ('work', 'plan', 'delegated', 'aggregate', 'vote')),
  agent_id text not null,
  position integer not null check (position >= 0),
  delegation_id text,
  consensus_id text,
  state text not null default 'open' check (state in ('open', 'succeeded', 'failed', 'cancelled')),
  output jsonb,
  failure jsonb,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (collaboration_id, position),
  foreign key (workspace_id, collaboration_id) references collaborations (workspace_id, id),
  foreign key (workspace_id, delegation_id) references collaboration_delegations (workspace_id, id),
  foreign key (workspace_id, consensus_id) references collaboration_consensus (workspace_id, id),
  check ((phase = 'delegated') = (delegation_id is not null)),
  check ((phase = 'vote') = (consensus_id is not null)),
  check ((state = 'open') = (ended_at is null)),
  check ((state = 'failed') = (failure is not null)),
  check (state = 'succeeded' or output is null)
);
-- A delegation has one call at a time.
create unique index collaboration_turns_of_delegation on collaboration_turns (delegation_id)
  where state = 'open' and delegation_id is not null;
create function preceptor_turn_goes_on() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' or to_jsonb(new) - array['state', 'output', 'failure', 'ended_at']
    is distinct from to_jsonb(old) - array['state', 'output', 'failure', 'ended_at'] then
    raise exception 'turn % stays what it is', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger turn_goes_on before update on collaboration_turns
  for each row execute function preceptor_turn_goes_on();

do $$
declare
  name text;
begin
  foreach name in array array['collaborations', 'collaboration_members', 'collaboration_messages', 'collaboration_contexts',
    'collaboration_delegations', 'collaboration_consensus', 'consensus_electors', 'consensus_votes', 'collaboration_turns']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert on %I to preceptor_app', name);
  end loop;
  -- Where the system role looks for what is overdue.
  foreach name in array array['collaboration_delegations', 'collaboration_consensus']
  loop
    execute format('create policy system_all on %I to preceptor_system using (true) with check (true)', name);
    execute format('grant select on %I to preceptor_system', name);
  end loop;
end $$;
grant update (state, input, output, failure, context_version, messages, started_by, started_at, ended_at)
  on collaborations to preceptor_app;
grant delete on collaboration_members to preceptor_app;
grant update (to_kind, to_id, holders, deadline, state, output, failure, reassigned, is_retried, ended_at)
  on collaboration_delegations to preceptor_app;
grant update (state, option, ended_at) on collaboration_consensus to preceptor_app;
grant update (state, output, failure, ended_at) on collaboration_turns to preceptor_app;
`,
}
