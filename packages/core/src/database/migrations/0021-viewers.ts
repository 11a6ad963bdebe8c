/** Who looks at which proposal, whichever process serves them. */
export const viewers: { readonly name: string; readonly sql: string } = {
  name: '0021-viewers',
  sql: `
create table proposal_viewers (
  workspace_id text not null,
  proposal_id text not null references proposals on delete cascade,
  user_id text not null,
  -- What serves them, and says again and again that they are still there.
  place text not null,
  expires_at timestamptz not null,
  primary key (workspace_id, proposal_id, user_id, place)
);
create index proposal_viewers_at on proposal_viewers (place);
create index proposal_viewers_lapsed on proposal_viewers (expires_at);

alter table proposal_viewers enable row level security;
alter table proposal_viewers force row level security;
create policy workspace_only on proposal_viewers to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update, delete on proposal_viewers to preceptor_app;
-- A place serves several workspaces, and renews what it noted in all of them at once.
create policy system_all on proposal_viewers to preceptor_system using (true) with check (true);
grant select, update on proposal_viewers to preceptor_system;
`,
}
