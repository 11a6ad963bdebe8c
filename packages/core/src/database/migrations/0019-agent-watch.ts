/**
 * Autonomous reviewers that watch runs: what each said of a step, until when one may be asked, and the rules that let no
 * step of high risk begin under an agent, whatever writes here.
 */
export const agentWatch: { readonly name: string; readonly sql: string } = {
  name: '0019-agent-watch',
  sql: `
alter table session_steps
  add column capability text not null default '*',
  add column resource text,
  -- What the person asked for, as the runtime says.
  add column request text,
  add column delegation text[] not null default '{}',
  -- Who asked; the agent itself where it is not known.
  add column asked_by text,
  -- Until then an autonomous reviewer may come to watch it; set once, where no person did.
  add column reviewer_until timestamptz;
grant update (reviewer_until) on session_steps to preceptor_app;
create index session_steps_for_reviewers on session_steps (workspace_id, reviewer_until)
  where state = 'waiting' and reviewer_until is not null;

-- A process that has the reviewer says again and again that it could watch.
alter table reviewers
  add column ready_until timestamptz,
  add column ready_for text check (ready_for in ('safe', 'medium'));
grant update (ready_until, ready_for) on reviewers to preceptor_app;

alter table reviews
  add column session_id text references supervision_sessions,
  add column step_id text references session_steps,
  -- How often the step had been corrected.
  add column corrections integer,
  drop constraint reviews_kind_check,
  drop constraint reviews_check2,
  drop constraint reviews_check3,
  add constraint reviews_kind_check check (kind in ('proposal', 'canary', 'step')),
  -- A canary is about nothing that could run.
  add constraint reviews_canary_check check (kind <> 'canary' or effect is null or effect = 'none'),
  add constraint reviews_step_check check ((kind = 'step') = (step_id is not null)
    and (step_id is null) = (session_id is null) and (step_id is null) = (corrections is null)),
  -- A proposal that is sampled is left to people; a step that is sampled begins, and people look at it afterwards.
  add constraint reviews_sampled_check check (effect is null or effect = 'none'
    or not (is_fault or is_sampled and (kind <> 'step' or effect <> 'approved')));
-- One shot: nobody is asked twice about one step with the same args.
create unique index reviews_one_per_step on reviews (step_id, corrections) where kind = 'step';
create index reviews_of_sessions on reviews (workspace_id, session_id) where kind = 'step';

create function preceptor_step_review() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (new.session_id, new.step_id, new.corrections)
    is distinct from (old.session_id, old.step_id, old.corrections) then
    raise exception 'review % stays as it is', old.id using errcode = '23514';
  end if;
  if tg_op = 'INSERT' and new.kind = 'step' and not exists (
    select from session_steps s join supervision_sessions w on w.id = s.session_id
    where s.id = new.step_id and s.session_id = new.session_id and s.agent_id = new.agent_id and s.action = new.action
      and s.risk = new.risk and s.corrections = new.corrections and s.state = 'waiting'
      and w.supervisor_id = 'agent:' || new.reviewer_id) then
    raise exception 'review % is about no step that waits for its reviewer', new.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger step_review before insert or update on reviews
  for each row execute function preceptor_step_review();

-- High and critical are for people: under the watch of an agent begins what it approved, of safe and medium risk.
create function preceptor_agent_lets_begin() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  holder text;
begin
  select supervisor_id into holder from supervision_sessions where id = new.session_id;
  if holder like 'agent:%' and not exists (
    select from reviews r
    where r.kind = 'step' and r.step_id = new.id and r.corrections = new.corrections and r.effect = 'approved'
      and 'agent:' || r.reviewer_id = holder and new.risk in ('safe', 'medium') and holder <> 'agent:' || new.agent_id) then
    raise exception 'step % is not for % to let begin', new.id, holder using errcode = '23514';
  end if;
  return new;
end $$;
create trigger agent_lets_begin before update on session_steps
  for each row when (old.state = 'waiting' and new.state = 'started') execute function preceptor_agent_lets_begin();

create function preceptor_claim_under_agent() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  holder text;
begin
  select supervisor_id into holder from supervision_sessions where id = new.session_id;
  if holder like 'agent:%' and not exists (
    select from session_steps s
    where s.id = new.decision_id and s.session_id = new.session_id and s.state = 'started'
      and s.risk in ('safe', 'medium')) then
    raise exception 'run % is not for % to let begin', new.id, holder using errcode = '23514';
  end if;
  return new;
end $$;
create trigger claim_under_agent before insert or update of session_id, fence on executions
  for each row when (new.session_id is not null and new.state = 'claimed')
  execute function preceptor_claim_under_agent();

-- An agent watches as a reviewer that is let, never its own run, and ends no pause of anybody.
create function preceptor_agent_attaches() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.supervisor_id = 'agent:' || new.agent_id or old.paused_by is not null and old.paused_by <> 'lease'
    or not exists (select from reviewers r where r.workspace_id = new.workspace_id and r.state = 'active'
      and 'agent:' || r.agent_id = new.supervisor_id) then
    raise exception 'session % is not for % to watch', new.id, new.supervisor_id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger agent_attaches before update of supervisor_id on supervision_sessions
  for each row when (new.supervisor_id like 'agent:%' and new.supervisor_id is distinct from old.supervisor_id)
  execute function preceptor_agent_attaches();
`,
}
