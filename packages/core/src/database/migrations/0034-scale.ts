/** What keeps work that is done for many workspaces, or over many rows, from growing with them. */
export const scale: { readonly name: string; readonly sql: string } = {
  name: '0034-scale',
  sql: `
alter table alerts drop constraint alerts_code_check;
alter table alerts add constraint alerts_code_check check (code in ('NO_EXECUTOR', 'NO_APPROVER', 'DELIVERY_FAILED',
  'QUEUE_POISON', 'REVIEWER_SUSPENDED', 'BYPASS_ACTIVE', 'BREAKER_OPEN', 'AGENT_STUCK', 'PROPOSAL_EXPIRING',
  'QUEUE_EXPIRING', 'TRAINING_UNDECIDED', 'NO_SUPERVISOR', 'AGENT_UNUSUAL', 'OUTCOME_UNKNOWN', 'JOURNAL_BROKEN',
  'JOURNAL_UNSEALED', 'JOURNAL_UNVERIFIED', 'REVIEWER_DRIFT', 'TRAINING_BEHIND'));

-- In which workspaces a rule of alerts may find something: the system role is told that something is open and since when,
-- and nothing of what it is.
create index alerts_muted on alerts (muted_until, workspace_id) where muted_until is not null;
create index journal_heads_sealed on journal_heads (sealed_at);
do $$
declare
  name text;
begin
  foreach name in array array['blocked_triggers', 'training_proposals', 'journal_checks', 'alert_rules'] loop
    execute format('create policy system_all on %I to preceptor_system using (true)', name);
  end loop;
end $$;
grant select (workspace_id, agent_id, created_at, resolved_at) on blocked_triggers to preceptor_system;
grant select (workspace_id, agent_id, created_at, state) on training_proposals to preceptor_system;
grant select (workspace_id, verified_at, problem) on journal_checks to preceptor_system;
grant select (workspace_id, code, is_on, thresholds) on alert_rules to preceptor_system;
`,
}
