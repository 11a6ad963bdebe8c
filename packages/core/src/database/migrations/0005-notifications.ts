/**
 * Notifications: who is told what, whether it arrived, what is escalated to whom, and what is wrong just now. A delivery
 * is written with the move of the cursor over the journal, so that nothing is told twice or left out.
 */
export const notifications: { readonly name: string; readonly sql: string } = {
  name: '0005-notifications',
  sql: `
create table webhooks (
  id text primary key,
  workspace_id text not null references workspaces,
  url text not null,
  events text[] not null,
  state text not null check (state in ('active', 'disabled')),
  -- What deliveries are signed with: it is needed as it is, and no list shows it.
  secret text not null check (secret ~ '^whsec_[A-Za-z0-9+/=]{32,}$'),
  -- It is told of what was sealed after this.
  after_sequence bigint not null,
  created_by text not null,
  created_at timestamptz not null,
  unique (workspace_id, id)
);
create index webhooks_by_time on webhooks (workspace_id, created_at, id);
create trigger webhook_transition before update on webhooks
  for each row execute function preceptor_refuse_transition('active>disabled');

-- How far the journal has been turned into deliveries, for each channel.
create table notification_cursors (
  workspace_id text not null references workspaces,
  channel text not null,
  sequence bigint not null check (sequence >= 0),
  primary key (workspace_id, channel)
);

create table deliveries (
  id text primary key,
  workspace_id text not null,
  channel text not null,
  -- The webhook, or the channel again.
  target text not null,
  webhook_id text,
  event_id text not null,
  sequence bigint not null,
  kind text not null,
  subject_id text not null,
  payload text not null,
  state text not null check (state in ('pending', 'sending', 'delivered', 'failed', 'cancelled')),
  attempt integer not null default 0,
  -- Grows with every claim: who claimed before cannot say any more how it ended.
  fence integer not null default 0,
  -- When it may be claimed: for the next attempt, or because who sends it seems to be gone.
  due_at timestamptz not null,
  status integer,
  error text,
  created_at timestamptz not null,
  settled_at timestamptz,
  unique (workspace_id, channel, target, event_id),
  foreign key (workspace_id, webhook_id) references webhooks (workspace_id, id) on delete cascade
);
create index deliveries_due on deliveries (due_at) where state in ('pending', 'sending');
create index deliveries_open on deliveries (workspace_id, channel, target, subject_id, sequence)
  where state in ('pending', 'sending');
create index deliveries_of on deliveries (webhook_id, sequence);
create index deliveries_ended on deliveries (settled_at) where settled_at is not null;
create trigger delivery_transition before update on deliveries
  for each row execute function preceptor_refuse_transition(
    'pending>sending', 'sending>pending', 'sending>delivered', 'sending>failed',
    'pending>cancelled', 'sending>cancelled',
    -- Sent again on request.
    'delivered>pending', 'failed>pending', 'cancelled>pending');

create table escalations (
  id text primary key,
  workspace_id text not null references workspaces,
  name text not null,
  risks text[],
  action text,
  agent_id text,
  steps jsonb not null,
  repeat integer not null check (repeat between 0 and 5),
  created_by text not null,
  created_at timestamptz not null
);
create index escalations_by_time on escalations (workspace_id, created_at, id);

create table proposal_escalations (
  workspace_id text not null,
  proposal_id text not null,
  version integer not null,
  escalation_id text not null,
  loop integer not null,
  step integer not null,
  notified jsonb not null,
  created_at timestamptz not null,
  primary key (proposal_id, version, escalation_id, loop, step),
  foreign key (workspace_id, proposal_id) references proposals (workspace_id, id)
);
create trigger proposal_escalations_append_only before update or delete on proposal_escalations
  for each row execute function preceptor_refuse_change();

create table alerts (
  id text primary key,
  workspace_id text not null references workspaces,
  code text not null check (code in ('NO_EXECUTOR', 'NO_APPROVER', 'DELIVERY_FAILED')),
  subject_id text not null,
  agent_id text,
  message text not null,
  raised_at timestamptz not null,
  cleared_at timestamptz,
  acknowledged_by text,
  muted_until timestamptz
);
create unique index alerts_one_open on alerts (workspace_id, code, subject_id) where cleared_at is null;
create index alerts_by_time on alerts (workspace_id, raised_at, id);

do $$
declare
  name text;
begin
  foreach name in array array['webhooks', 'notification_cursors', 'deliveries', 'escalations', 'proposal_escalations',
    'alerts']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy workspace_only on %I to preceptor_app
      using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace())', name);
    execute format('grant select, insert on %I to preceptor_app', name);
  end loop;
  -- Where the system role looks for work; it sees no secret.
  foreach name in array array['notification_cursors', 'deliveries', 'escalations', 'alerts']
  loop
    execute format('create policy system_all on %I to preceptor_system using (true) with check (true)', name);
    execute format('grant select on %I to preceptor_system', name);
  end loop;
end $$;
grant update (state) on webhooks to preceptor_app;
grant update on notification_cursors, deliveries, alerts to preceptor_app;
grant delete on webhooks, escalations to preceptor_app;
grant delete on deliveries to preceptor_system;
`,
}
