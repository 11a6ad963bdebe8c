/** What streams of browsers rest on: tickets in the place of a header. */
export const streams: { readonly name: string; readonly sql: string } = {
  name: '0015-streams',
  sql: `
create table stream_tickets (
  workspace_id text not null,
  ticket_sha256 text not null,
  -- What it opens, below the address of the API.
  path text not null,
  -- The identity that asked for it, with the id of its credential.
  identity jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  redeemed_at timestamptz,
  primary key (workspace_id, ticket_sha256)
);
create index stream_tickets_expired on stream_tickets (workspace_id, expires_at);
create function preceptor_stream_ticket() returns trigger language plpgsql as $$
begin
  if old.redeemed_at is not null or (new.workspace_id, new.ticket_sha256, new.path, new.identity, new.expires_at)
    is distinct from (old.workspace_id, old.ticket_sha256, old.path, old.identity, old.expires_at) then
    raise exception 'a stream ticket is redeemed once and stays what it is' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger stream_ticket_once before update on stream_tickets
  for each row execute function preceptor_stream_ticket();

alter table stream_tickets enable row level security;
alter table stream_tickets force row level security;
create policy workspace_only on stream_tickets to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, delete on stream_tickets to preceptor_app;
grant update (redeemed_at) on stream_tickets to preceptor_app;
`,
}
