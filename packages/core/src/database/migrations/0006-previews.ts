/** What people are shown of a version: its line and its preview; and which args are hidden wherever args are kept. */
export const previews: { readonly name: string; readonly sql: string } = {
  name: '0006-previews',
  sql: `
alter table proposal_versions
  -- The line that the action gave; null where it gave none.
  add column summary text check (length(summary) <= 200),
  -- The blocks that the action gave, the text "failed" where they could not be had, null where it gives none.
  add column preview jsonb,
  -- Places of the args that the schema hides, by which every reading masks them.
  add column sensitive jsonb not null default '[]';
alter table supervised_queue add column sensitive jsonb not null default '[]';
alter table blocked_triggers add column sensitive jsonb not null default '[]';
-- Whoever does not say what is hidden hides everything.
alter table proposal_versions alter column sensitive set default '[[]]';
alter table supervised_queue alter column sensitive set default '[[]]';
alter table blocked_triggers alter column sensitive set default '[[]]';
-- What one agent asked for of one action, the newest first.
create index proposals_of_action on proposals (workspace_id, agent_id, action, created_at);
`,
}
