/** What channels keep: the messages that they have sent, and the links by which people decide. */
export const channels: { readonly name: string; readonly sql: string } = {
  name: '0032-channels',
  sql: `
create table channel_messages (
  workspace_id text not null,
  channel text not null,
  subject_id text not null,
  part text not null,
  place text not null,
  reference text not null,
  -- What it last showed: only the channel reads it.
  shown text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, channel, subject_id, part)
);

create table approval_links (
  workspace_id text not null,
  token_sha256 text not null,
  proposal_id text not null references proposals on delete cascade,
  version integer not null check (version > 0),
  action_hash text not null,
  -- Whose decision it is.
  user_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (workspace_id, token_sha256)
);
create index approval_links_expired on approval_links (workspace_id, expires_at);
create index approval_links_by_proposal on approval_links (proposal_id);
create function preceptor_approval_link() returns trigger language plpgsql as $$
begin
  if old.used_at is not null
    or (new.workspace_id, new.token_sha256, new.proposal_id, new.version, new.action_hash, new.user_id, new.expires_at)
    is distinct from
    (old.workspace_id, old.token_sha256, old.proposal_id, old.version, old.action_hash, old.user_id, old.expires_at) then
    raise exception 'an approval link is used once and stays what it is' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger approval_link_once before update on approval_links
  for each row execute function preceptor_approval_link();

do $$
declare
  name text;
begin
  foreach name in array array['channel_messages', 'approval_links'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
  end loop;
end $$;
grant select, insert on channel_messages to preceptor_app;
grant update (shown, updated_at) on channel_messages to preceptor_app;
grant select, insert, delete on approval_links to preceptor_app;
grant update (used_at) on approval_links to preceptor_app;
`,
}
