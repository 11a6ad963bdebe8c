/** What a reviewer would have changed, and that whoever edits a version is not the agent that approves it. */
export const suggestedEdits: { readonly name: string; readonly sql: string } = {
  name: '0020-suggested-edits',
  sql: `
alter table reviews
  -- The args as they should be, with what their schema hides masked.
  add column suggested_args jsonb check (jsonb_typeof(suggested_args) = 'object'),
  add column suggestions jsonb not null default '[]' check (jsonb_typeof(suggestions) = 'array'),
  add check ((suggested_args is null) = (suggestions = '[]')),
  -- Whoever suggests other args has no verdict on these; of high and critical risk nothing is suggested.
  add check (suggested_args is null or kind = 'proposal' and verdict = 'escalate' and risk in ('safe', 'medium'));
grant update (suggested_args, suggestions) on reviews to preceptor_app;

create or replace function preceptor_agent_decides() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.reviewer not like 'agent:%' then
    return new;
  end if;
  if new.verdict not in ('approve', 'reject') or not exists (
    select from proposals p join reviews r on r.proposal_id = p.id and r.version = p.version
    where p.id = new.proposal_id and p.version = new.version and p.risk in ('safe', 'medium')
      and p.required_approvals = 1 and 'agent:' || p.agent_id <> new.reviewer and p.proposed_by <> new.reviewer
      -- Nobody judges an edit of its own, and of what another agent edited only safe actions are approved.
      and not exists (select from proposal_versions v where v.proposal_id = p.id and v.version > 1
        and (v.created_by = new.reviewer
          or v.created_by like 'agent:%' and p.risk <> 'safe' and new.verdict = 'approve'))
      and 'agent:' || r.reviewer_id = new.reviewer and r.action_hash = new.action_hash and r.state = 'completed'
      and r.effect = case new.verdict when 'approve' then 'approved' else 'rejected' end) then
    raise exception 'proposal % is not for % to decide', new.proposal_id, new.reviewer using errcode = '23514';
  end if;
  return new;
end $$;
`,
}
