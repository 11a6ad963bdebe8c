/**
 * What an agent asked for, in the order in which lists and cards show it: a page of it is found without a look at the rest,
 * however much the agent has asked for.
 */
export const proposalsOfAnAgent: { readonly name: string; readonly sql: string } = {
  name: '0036-proposals-of-an-agent',
  sql: `
create index proposals_by_agent on proposals (workspace_id, agent_id, created_at, id);
create index proposals_decided on proposals (workspace_id, agent_id, action, decided_at, id) where decided_at is not null;
`,
}
