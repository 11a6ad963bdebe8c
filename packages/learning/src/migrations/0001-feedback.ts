/**
 * Feedback, the examples that come of it, and how far corrections were captured from the journal. What was said stays
 * said, whatever writes to these tables.
 */
export const FEEDBACK_MIGRATION: { readonly name: string; readonly sql: string } = {
  name: '0001-feedback',
  sql: `
create table learning_examples (
  id text primary key,
  workspace_id text not null references workspaces,
  agent_id text,
  agent_type text not null check (agent_type ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  input text not null check (length(input) between 1 and 20000),
  output text check (length(output) <= 20000),
  correction text not null check (length(correction) between 1 and 20000),
  tags text[] not null default '{}' check (cardinality(tags) <= 20),
  about_kind text not null check (about_kind in ('decision', 'proposal', 'supervision_session', 'training_session',
    'learning_session', 'subagent', 'subprocess', 'outside')),
  about_id text not null check (length(about_id) between 1 and 200),
  about_task text check (length(about_task) between 1 and 2000),
  origin text not null check (origin in ('feedback', 'captured', 'imported')),
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  is_held_out boolean not null,
  applied_by text,
  applied_at timestamptz,
  occurrences integer not null default 1 check (occurrences > 0),
  actor text not null,
  created_at timestamptz not null,
  -- 'simple', because examples are code, JSON and texts in any language: an English dictionary would cut off endings of
  -- names and leave out words such as "it" and "not", on which a correction may turn.
  search tsvector not null generated always as (
    to_tsvector('simple', input || ' ' || coalesce(output, '') || ' ' || correction)) stored,
  unique (workspace_id, id),
  -- What teaches the same is there once.
  unique (workspace_id, agent_type, content_hash),
  foreign key (workspace_id, agent_id) references agents,
  check ((applied_by is null) = (applied_at is null)),
  -- What tests a playbook never stands in one.
  check (not is_held_out or applied_by is null)
);
create index learning_examples_by_time on learning_examples (workspace_id, created_at, id);
create index learning_examples_of_agent on learning_examples (workspace_id, agent_id, created_at, id)
  where agent_id is not null;
create index learning_examples_unapplied on learning_examples (workspace_id, agent_type, created_at)
  where applied_by is null and not is_held_out;
create index learning_examples_search on learning_examples using gin (search);

create function preceptor_example_stays() returns trigger language plpgsql as $$
begin
  -- The column of the search is made of the others, and only after this.
  if to_jsonb(new) - array['applied_by', 'applied_at', 'occurrences', 'search']
    is distinct from to_jsonb(old) - array['applied_by', 'applied_at', 'occurrences', 'search'] then
    raise exception 'example % stays what it is', old.id using errcode = '23514';
  end if;
  if new.occurrences < old.occurrences then
    raise exception 'example % came no less often', old.id using errcode = '23514';
  end if;
  if old.applied_by is not null
    and (new.applied_by, new.applied_at) is distinct from (old.applied_by, old.applied_at) then
    raise exception 'example % was applied before', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger example_stays before update on learning_examples
  for each row execute function preceptor_example_stays();

create table learning_feedback (
  id text primary key,
  workspace_id text not null references workspaces,
  agent_id text not null,
  agent_type text not null check (agent_type ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  kind text not null check (kind in ('positive', 'negative', 'correction', 'suggestion')),
  input text not null check (length(input) between 1 and 20000),
  output text not null check (length(output) <= 20000),
  correction text check (length(correction) between 1 and 20000),
  comment text check (length(comment) between 1 and 4000),
  tags text[] not null default '{}' check (cardinality(tags) <= 20),
  about_kind text not null check (about_kind in ('decision', 'proposal', 'supervision_session', 'training_session',
    'learning_session', 'subagent', 'subprocess', 'outside')),
  about_id text not null check (length(about_id) between 1 and 200),
  about_task text check (length(about_task) between 1 and 2000),
  actor text not null,
  example_id text,
  -- Id of the journal row that it was captured from: each is captured once.
  source_id text,
  created_at timestamptz not null,
  unique (workspace_id, source_id),
  foreign key (workspace_id, agent_id) references agents,
  foreign key (workspace_id, example_id) references learning_examples (workspace_id, id),
  check ((kind = 'correction') = (correction is not null)),
  check (kind <> 'correction' or example_id is not null),
  -- Nobody gives it on itself.
  check (actor <> 'agent:' || agent_id)
);
create index learning_feedback_by_time on learning_feedback (workspace_id, created_at, id);
create index learning_feedback_of_agent on learning_feedback (workspace_id, agent_id, created_at, id);
create index learning_feedback_corrections on learning_feedback (workspace_id, agent_type, created_at, id)
  where kind = 'correction';
create index learning_feedback_old on learning_feedback (created_at);
create trigger learning_feedback_stays before update on learning_feedback
  for each row execute function preceptor_refuse_change();

-- How far corrections were captured: a sequence of the journal.
create table learning_captures (
  workspace_id text primary key references workspaces,
  sequence bigint not null check (sequence >= 0)
);
create function preceptor_capture_goes_on() returns trigger language plpgsql as $$
begin
  if new.workspace_id <> old.workspace_id or new.sequence < old.sequence then
    raise exception 'the capture of % cannot go back', old.workspace_id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger capture_goes_on before update on learning_captures
  for each row execute function preceptor_capture_goes_on();

do $$
declare
  name text;
begin
  foreach name in array array['learning_examples', 'learning_feedback', 'learning_captures']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert on %I to preceptor_app', name);
    -- Where the system role looks for work.
    execute format('create policy system_all on %I to preceptor_system using (true) with check (true)', name);
    execute format('grant select on %I to preceptor_system', name);
  end loop;
end $$;
grant update (applied_by, applied_at, occurrences) on learning_examples to preceptor_app;
grant update (sequence) on learning_captures to preceptor_app;
-- Feedback is kept for as long as the host says; no operation removes any.
grant delete on learning_feedback to preceptor_system;
`,
}
