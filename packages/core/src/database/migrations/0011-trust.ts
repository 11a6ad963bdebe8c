/** Maturity by capability: when an action was last used, and what a timeline is read from. */
export const trust: { readonly name: string; readonly sql: string } = {
  name: '0011-trust',
  sql: `
-- When an agent last attempted an action, and the place in the journal that this was read at.
create table action_uses (
  workspace_id text not null,
  agent_id text not null,
  action text not null,
  used_at timestamptz not null,
  position bigint not null,
  primary key (workspace_id, agent_id, action),
  foreign key (workspace_id, agent_id) references agents
);
create index action_uses_by_position on action_uses (workspace_id, position);

create index journal_timeline on journal (workspace_id, agent_id, position)
  where kind in ('agent.registered', 'agent.promoted', 'agent.demoted', 'agent.paused', 'agent.resumed', 'agent.stopped',
    'agent.retired', 'agent.attested', 'agent.capped', 'agent.incident_recorded', 'agent.incident_closed',
    'training_session.completed');

alter table action_uses enable row level security;
alter table action_uses force row level security;
create policy workspace_only on action_uses to preceptor_app
  using (workspace_id = preceptor_workspace()) with check (workspace_id = preceptor_workspace());
grant select, insert, update on action_uses to preceptor_app;
`,
}
