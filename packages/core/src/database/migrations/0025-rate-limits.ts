/** Counts of rate limits: the first three columns are those that the limiter writes, in its order. */
export const rateLimits: { readonly name: string; readonly sql: string } = {
  name: '0025-rate-limits',
  sql: `
create table rate_limits (
  -- The workspace, the group, and a hash of what is counted: no name and no address.
  key text primary key,
  points integer not null,
  -- Milliseconds since the epoch.
  expire bigint not null,
  -- '*' for what belongs to none, such as credentials that failed.
  workspace_id text not null default preceptor_workspace(),
  check (starts_with(key, workspace_id || ':'))
);
create index rate_limits_lapsed on rate_limits (expire);

alter table rate_limits enable row level security;
alter table rate_limits force row level security;
create policy workspace_only on rate_limits to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update on rate_limits to preceptor_app;
-- It counts what belongs to no workspace, and removes what has lapsed everywhere.
create policy system_all on rate_limits to preceptor_system using (true) with check (true);
grant select, insert, update, delete on rate_limits to preceptor_system;
`,
}
