import { ERROR_CODES, type JsonObject, type Page } from '@preceptor/client'
import {
  type Actor,
  actorName,
  agentFilter,
  cursorTimePlace,
  inWorkspace,
  parseInput,
  parseLimit,
  recordNotFound,
} from '@preceptor/core/plugin'
import { z } from 'zod'
import {
  RUN_STATES,
  type WorkflowFailure,
  type WorkflowRun,
  type WorkflowRunDetail,
  type WorkflowRunQuery,
  type WorkflowStepRun,
} from '../client/workflows.ts'
import type { RunPorts } from '../ports/run-ports.ts'
import type { StoredStep } from '../steps/step.ts'
import { listSteps } from '../steps/step-store.ts'
import { ownerOf } from './apply-walk.ts'
import { isVisible } from './change-run.ts'
import { shownRun } from './run.ts'
import { findRun, listRuns } from './run-store.ts'

const queryInput = z.strictObject({
  workflow: z.string().max(64).optional(),
  state: z.enum(RUN_STATES).optional(),
  cursor: z.unknown().optional(),
  limit: z.unknown().optional(),
})

/** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
export async function readRun(ports: RunPorts, actor: Actor, given: string): Promise<WorkflowRunDetail> {
  const { authorizer, context } = ports
  const access = authorizer.authorize(actor, 'orchestration.runs.get')
  const id = String(given)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const run = await findRun(tx, id)
    if (run === undefined || !isVisible(actor, run)) throw recordNotFound('run', id)
    const steps = (await listSteps(tx, ownerOf(run))).map(shownStep)
    const isRedacted = access === 'redacted'
    const shown = shownRun(run)
    return { ...(isRedacted ? redacted(shown) : shown), steps: isRedacted ? steps.map(redactedStep) : steps }
  })
}

/** Lists runs, newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readRuns(
  ports: RunPorts,
  actor: Actor,
  query: WorkflowRunQuery = {},
): Promise<Page<WorkflowRun>> {
  const { authorizer, context } = ports
  const access = authorizer.authorize(actor, 'orchestration.runs.list')
  const { workflow = null, state = null } = parseInput(queryInput, query, 'query')
  const wanted = {
    workflow,
    state,
    before: cursorTimePlace(query.cursor),
    limit: parseLimit(query.limit),
    startedBy: agentFilter(actor) === null ? null : [actorName(actor)],
  }
  const page = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => listRuns(tx, wanted))
  const items = page.items.map(shownRun)
  return { ...page, items: access === 'redacted' ? items.map(redacted) : items }
}

function shownStep(step: StoredStep): WorkflowStepRun {
  const { id, step: name, type, visit, branch, state, attempts, trigger, output, failure, note } = step
  const isOver = step.endedAt !== null
  return {
    id,
    step: name,
    type,
    visit,
    branch,
    state,
    // Of what nobody knows the try has ended all the same.
    attempts: state === 'outcome_unknown' ? attempts + 1 : attempts,
    agent: trigger?.agent ?? null,
    action: trigger?.action ?? null,
    proposal: step.proposalId,
    queueEntry: step.queueEntryId,
    output: output ?? null,
    failure: failure === null ? null : { step: name, ...failure },
    note,
    dueAt: isOver ? null : step.dueAt,
    startedAt: step.startedAt,
    endedAt: step.endedAt,
  }
}

/** Who merely looks on learns the names of what went in, and nothing of what came out. */
function redacted(run: WorkflowRun): WorkflowRun {
  const input: JsonObject = Object.fromEntries(Object.keys(run.input).map((name) => [name, '[redacted]']))
  return { ...run, input, output: null, failure: redactedFailure(run.failure) }
}

function redactedStep(step: WorkflowStepRun): WorkflowStepRun {
  return { ...step, output: null, failure: redactedFailure(step.failure) }
}

/** What others said, and what came from elsewhere, may stand in it. */
function redactedFailure(failure: WorkflowFailure | null): WorkflowFailure | null {
  return failure === null ? null : { ...failure, message: ERROR_CODES[failure.code].summary }
}
