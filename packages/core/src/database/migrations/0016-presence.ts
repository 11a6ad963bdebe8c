/**
 * Presence that is announced: the state that was said last, when it may change by itself, and the places at which a
 * member is.
 */
export const presence: { readonly name: string; readonly sql: string } = {
  name: '0016-presence',
  sql: `
alter table presences
  alter column last_activity_at drop not null,
  alter column last_heartbeat_at drop not null,
  add column announced_state text not null default 'offline' check (announced_state in ('online', 'away', 'offline')),
  -- When the announced state is looked at again; null when only an act can change it. What is there is looked at first.
  add column due_at timestamptz default now();
alter table presences alter column due_at drop default;
create index presences_due on presences (due_at, workspace_id) where due_at is not null;

create table presence_sessions (
  id text primary key,
  workspace_id text not null,
  user_id text not null,
  opened_at timestamptz not null,
  last_heartbeat_at timestamptz not null,
  last_activity_at timestamptz,
  ended_at timestamptz,
  foreign key (workspace_id, user_id) references memberships
);
create index presence_sessions_open on presence_sessions (workspace_id, user_id, opened_at, id) where ended_at is null;
create index presence_sessions_silent on presence_sessions (last_heartbeat_at, workspace_id) where ended_at is null;
create index presence_sessions_ended on presence_sessions (ended_at) where ended_at is not null;

create function preceptor_presence_session_stays() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null or (new.id, new.workspace_id, new.user_id, new.opened_at)
    is distinct from (old.id, old.workspace_id, old.user_id, old.opened_at) then
    raise exception 'presence session % has ended or is of somebody else', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger presence_session_stays before update on presence_sessions
  for each row execute function preceptor_presence_session_stays();

alter table presence_sessions enable row level security;
alter table presence_sessions force row level security;
create policy workspace_only on presence_sessions to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update on presence_sessions to preceptor_app;
-- The system role looks for work, and removes what ended long ago.
create policy system_all on presence_sessions to preceptor_system using (true) with check (true);
create policy system_all on presences to preceptor_system using (true) with check (true);
grant select on presences, presence_sessions to preceptor_system;
grant delete on presence_sessions to preceptor_system;
`,
}
