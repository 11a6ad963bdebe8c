/** The key by which a grant was made: as with a review, one that was revoked since counts no more. */
export const grantKeys: { readonly name: string; readonly sql: string } = {
  name: '0009-grant-keys',
  sql: `
alter table grants add column credential text;
create trigger grant_keeps_key before update on grants for each row
  when (new.credential is distinct from old.credential) execute function preceptor_refuse_change();
`,
}
