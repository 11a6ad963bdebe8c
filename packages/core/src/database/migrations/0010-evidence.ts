/** What runs show of an agent: where the outcome of an execution counts, and who decides how fast. */
export const evidence: { readonly name: string; readonly sql: string } = {
  name: '0010-evidence',
  sql: `
-- The capability at which the outcome of this claim counts; null where it counts nowhere.
alter table executions add column earns text;
-- What a run may earn is settled before it begins.
create trigger execution_earns_as_claimed before update on executions for each row
  when (new.earns is distinct from old.earns and new.fence = old.fence) execute function preceptor_refuse_change();

-- What an agent gained in a day; of an agent that acts a lot nearly all that is counted gains nothing.
create index confidence_gains on confidence_entries (workspace_id, agent_id, created_at) where applied > 0;

-- How fast somebody decides.
create index proposal_reviews_by_reviewer on proposal_reviews (workspace_id, reviewer, created_at);
`,
}
