/** Keys that are rotated, and members who leave: nothing of theirs stays behind. */
export const access: { readonly name: string; readonly sql: string } = {
  name: '0024-access',
  sql: `
alter table api_keys
  add column replaced_by text references api_keys,
  add constraint api_keys_not_their_own check (replaced_by <> id);

-- A key is the same for as long as it is there, and what ended it is not taken back.
create function preceptor_key_stays() returns trigger language plpgsql as $$
begin
  if (new.id, new.workspace_id, new.prefix, new.secret_sha256, new.principal_kind, new.principal_id, new.roles,
      new.scopes, new.agents, new.source, new.created_by, new.created_at)
    is distinct from (old.id, old.workspace_id, old.prefix, old.secret_sha256, old.principal_kind, old.principal_id,
      old.roles, old.scopes, old.agents, old.source, old.created_by, old.created_at) then
    raise exception 'key % cannot become another one', old.id using errcode = '23514';
  end if;
  if (old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at)
    or (old.replaced_by is not null and new.replaced_by is distinct from old.replaced_by)
    or (old.expires_at is not null and (new.expires_at is null or new.expires_at > old.expires_at)) then
    raise exception 'key % has ended and stays so', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger key_stays before update on api_keys
  for each row execute function preceptor_key_stays();

-- Who is no member is nowhere.
alter table presences drop constraint presences_workspace_id_user_id_fkey,
  add foreign key (workspace_id, user_id) references memberships on delete cascade;
alter table presence_sessions drop constraint presence_sessions_workspace_id_user_id_fkey,
  add foreign key (workspace_id, user_id) references memberships on delete cascade;
grant delete on memberships to preceptor_app;
`,
}
