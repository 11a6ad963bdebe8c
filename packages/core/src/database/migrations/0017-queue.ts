/**
 * A supervised queue that runs: who asked and who runs it, to whom its session was offered, what became of it. Leases and
 * fences are those of the execution under which an entry runs.
 */
export const queue: { readonly name: string; readonly sql: string } = {
  name: '0017-queue',
  sql: `
alter table supervised_queue
  -- Who asked; the agent itself where it is not known.
  add column asked_by text,
  add column delegation text[] not null default '{}',
  add column executor text not null default 'caller' check (executor in ('caller', 'registered')),
  -- What was tried and came to nothing is not tried again before this time.
  add column not_before timestamptz,
  -- The session of its run, and to whom it was offered until when.
  add column session_id text,
  add column step_id text,
  add column offered_to text,
  add column offered_until timestamptz,
  -- Grows with every claim.
  add column fence bigint not null default 0,
  add column reason text,
  add column started_at timestamptz,
  add column settled_at timestamptz;
create index supervised_queue_offered on supervised_queue (workspace_id, session_id)
  where state = 'pending' and session_id is not null;
create index supervised_queue_by_state on supervised_queue (workspace_id, state);

create function preceptor_queue_entry_stays() returns trigger language plpgsql as $$
begin
  if old.state in ('completed', 'failed', 'cancelled', 'expired') and new is distinct from old then
    raise exception 'queue entry % is % and stays as it is', old.id, old.state using errcode = '23514';
  end if;
  if (new.id, new.workspace_id, new.agent_id, new.decision_id, new.idempotency_key, new.action, new.digest, new.args,
      new.args_hash, new.risk, new.source, new.type, new.resource, new.asked_by, new.delegation, new.executor,
      new.created_at, new.expires_at)
    is distinct from (old.id, old.workspace_id, old.agent_id, old.decision_id, old.idempotency_key, old.action,
      old.digest, old.args, old.args_hash, old.risk, old.source, old.type, old.resource, old.asked_by, old.delegation,
      old.executor, old.created_at, old.expires_at) then
    raise exception 'queue entry % cannot become another one', old.id using errcode = '23514';
  end if;
  if new.fence < old.fence then
    raise exception 'fence of queue entry % cannot go back', old.id using errcode = '23514';
  end if;
  if old.state = 'pending' and new.state = 'executing'
    and (new.fence = old.fence or new.session_id is null or new.started_at >= old.expires_at) then
    raise exception 'queue entry % is claimed before it expires, with a new fence and a session', old.id
      using errcode = '23514';
  end if;
  return new;
end $$;
-- Triggers fire by name: first the one that knows which state follows which.
create trigger supervised_queue_transition_stays before update on supervised_queue
  for each row execute function preceptor_queue_entry_stays();

alter table executions add column queue_entry_id text;
create unique index executions_one_per_queue_entry on executions (queue_entry_id) where queue_entry_id is not null;

alter table alerts drop constraint alerts_code_check;
alter table alerts add constraint alerts_code_check
  check (code in ('NO_EXECUTOR', 'NO_APPROVER', 'DELIVERY_FAILED', 'QUEUE_POISON'));
`,
}
