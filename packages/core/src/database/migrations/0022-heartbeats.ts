/** Heartbeats of many at once: the plain ones, which change nothing that anybody sees, in one planned statement. */
export const heartbeats: { readonly name: string; readonly sql: string } = {
  name: '0022-heartbeats',
  sql: `
-- Writes the acts of those who were announced as online, without an override, and gives those whom it did not write.
-- A function, because a session plans its statements once, also where a pooler allows no prepared ones.
create function preceptor_hear_plainly(acted text[], heard_at timestamptz, since timestamptz) returns text[]
language plpgsql as $$
declare
  written integer;
begin
  update presences set last_activity_at = heard_at, last_heartbeat_at = heard_at
    where workspace_id = preceptor_workspace() and user_id = any(acted) and announced_state = 'online'
      and override_state is null and last_activity_at <= since;
  get diagnostics written = row_count;
  if written = cardinality(acted) then
    return '{}';
  end if;
  -- Whoever was heard at this very time before is as online as who was written now.
  return array(select unnest(acted) except select user_id from presences
    where workspace_id = preceptor_workspace() and user_id = any(acted) and announced_state = 'online'
      and override_state is null and last_activity_at = heard_at);
end $$;
`,
}
