/** What analyses go by: the times at which something was decided, settled, ended or moved. */
export const analytics: { readonly name: string; readonly sql: string } = {
  name: '0030-analytics',
  sql: `
create index journal_decisions on journal (workspace_id, recorded_at) where kind = 'decision.made';
create index journal_looks on journal (workspace_id, recorded_at) where kind = 'viewer.joined';
create index proposals_settled on proposals (workspace_id, (coalesce(decided_at, updated_at))) where state <> 'pending';
create index proposal_reviews_by_time on proposal_reviews (workspace_id, created_at);
create index maturity_transitions_by_time on maturity_transitions (workspace_id, capability, created_at);
create index supervision_sessions_ended on supervision_sessions (workspace_id, ended_at) where ended_at is not null;
create index supervision_sessions_rated on supervision_sessions (workspace_id, rated_at) where rated_at is not null;
create index interventions_by_time on interventions (workspace_id, requested_at);
create index training_sessions_ended on training_sessions (workspace_id, ended_at) where ended_at is not null;
`,
}
