/**
 * Rules of alerts: what an administrator changed of them, from which severity on a channel or webhook is told, when the journal
 * was verified last, and what the rules look for. It stands on nothing later than the counts of decisions.
 */
export const alertRules: { readonly name: string; readonly sql: string } = {
  name: '0033-alert-rules',
  sql: `
alter table alerts drop constraint alerts_code_check;
alter table alerts add constraint alerts_code_check check (code in ('NO_EXECUTOR', 'NO_APPROVER', 'DELIVERY_FAILED',
  'QUEUE_POISON', 'REVIEWER_SUSPENDED', 'BYPASS_ACTIVE', 'BREAKER_OPEN', 'AGENT_STUCK', 'PROPOSAL_EXPIRING',
  'QUEUE_EXPIRING', 'TRAINING_UNDECIDED', 'NO_SUPERVISOR', 'AGENT_UNUSUAL', 'OUTCOME_UNKNOWN', 'JOURNAL_BROKEN',
  'JOURNAL_UNSEALED', 'JOURNAL_UNVERIFIED', 'REVIEWER_DRIFT'));
create index alerts_of_subject on alerts (workspace_id, code, subject_id);

-- What differs from the product's rule; a code without a row is as the product has it.
create table alert_rules (
  workspace_id text not null references workspaces,
  code text not null,
  is_on boolean not null,
  thresholds jsonb not null,
  -- Grows with every change: who changes says which one was seen.
  revision integer not null check (revision > 0),
  reason text not null,
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (workspace_id, code)
);

create table alert_audiences (
  workspace_id text not null references workspaces,
  -- Name of a channel, or id of a webhook.
  target text not null check (length(target) between 1 and 128),
  severity text not null check (severity in ('info', 'warning', 'critical')),
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (workspace_id, target)
);

create table journal_checks (
  workspace_id text primary key references workspaces,
  verified_at timestamptz not null,
  problem text
);

do $$
declare
  name text;
begin
  foreach name in array array['alert_rules', 'alert_audiences', 'journal_checks'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert, update on %I to preceptor_app', name);
  end loop;
end $$;

create index blocked_triggers_unresolved on blocked_triggers (workspace_id, agent_id, created_at)
  where resolved_at is null;
create index training_proposals_undecided on training_proposals (workspace_id, agent_id, created_at)
  where state = 'proposed';
create index proposals_unseen on proposals (workspace_id, expires_at)
  where state = 'pending' and assigned_to is null and acknowledged_by is null;
create index supervised_queue_ending on supervised_queue (workspace_id, expires_at) where state = 'pending';
create index executions_unknown on executions (workspace_id, settled_at) where state = 'outcome_unknown';
create index executions_failed on executions (workspace_id, agent_id, settled_at) where state = 'failed';
`,
}
