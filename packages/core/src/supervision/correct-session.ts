import {
  GovernanceError,
  type InterventionRequest,
  type JsonObject,
  type SupervisionSessionDetail,
} from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Gate } from '../routing/gate.ts'
import { resolveAction } from '../routing/resolve-action.ts'
import { assertGoesOn, assertHolder, assertNotInvolved, getHeldSession } from './held-session.ts'
import { readDetail } from './read-session.ts'
import { recordIntervention } from './record-intervention.ts'
import { correctStep, findStep, listSteps, type StepRow } from './step-store.ts'
import { moveSession } from './store.ts'
import { tellSession } from './tell-session.ts'

type Correction = Extract<InterventionRequest, { readonly type: 'correct' }> & { readonly id: string }

const MOST_STEPS = 100

/**
 * Says something to a run, or gives a step that waits other args. They are checked here where the action is known, and in
 * any case before the step begins, where they are ruled on anew.
 *
 * @throws GovernanceError `CONFLICT`, `ARGS_INVALID`, `INPUT_INVALID`, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a
 * fault.
 */
export async function correctSession(
  gate: Gate,
  actor: Actor,
  correction: Correction,
): Promise<SupervisionSessionDetail> {
  const { context } = gate
  const { id, guidance, args } = correction
  if (guidance === undefined && args === undefined) {
    throw new GovernanceError('INPUT_INVALID', { message: 'A correction needs guidance, args or both.' })
  }
  const { workspace } = actor
  const step =
    args === undefined ? null : await inWorkspace(context.database, { workspace }, (tx) => stepOf(tx, correction))
  if (step !== null && args !== undefined) await assertFit(gate, actor, { step, args })
  return inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    const session = await getHeldSession(tx, id)
    assertGoesOn(session)
    assertHolder(actor, session, context.clock.now())
    await assertNotInvolved(tx, actor, session.agent)
    if (step !== null && args !== undefined && !(await correctStep(tx, { id: step.id, args }))) throw begun(step.id)
    await write(context, tx, { actor, session, correction, step: step?.id ?? null })
    // A paused run takes it when it goes on.
    await moveSession(tx, { id, from: ['running'], to: 'correcting', pausedBy: null })
    return readDetail(tx, id)
  })
}

/** The step that waits and is meant. */
async function stepOf(tx: Tx, { id, step }: Correction): Promise<StepRow> {
  if (step !== undefined) {
    const named = await findStep(tx, step)
    if (named === undefined || named.session !== id) {
      throw new GovernanceError('NOT_FOUND', { message: `The session ${id} has no step ${JSON.stringify(step)}.` })
    }
    if (named.state !== 'waiting') throw begun(step)
    return named
  }
  const waiting = (await listSteps(tx, { session: id, limit: MOST_STEPS })).filter(({ state }) => state === 'waiting')
  const [only, another] = waiting
  if (only !== undefined && another === undefined) return only
  throw new GovernanceError('CONFLICT', {
    message: `${waiting.length === 0 ? 'No step' : 'More than one step'} of the session waits to begin.`,
    hint: waiting.length === 0 ? 'Give guidance without args.' : 'Name the step.',
  })
}

function begun(step: string): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `The step ${step} has begun or was withheld: its args stay what they are.`,
    hint: 'Give guidance without args, or terminate the run.',
  })
}

async function assertFit(
  { registry }: Gate,
  { workspace }: Actor,
  { step, args }: { readonly step: StepRow; readonly args: JsonObject },
): Promise<void> {
  const { agent, action, digest } = step
  const resolution = await resolveAction(registry, workspace, { agent, action, args, digest })
  // Where this process does not know the action, the one that runs it does.
  if (resolution.status === 'unresolved' && resolution.code === 'ARGS_INVALID') {
    throw new GovernanceError('ARGS_INVALID', { message: resolution.reason })
  }
}

async function write(
  context: GovernorContext,
  tx: Tx,
  {
    actor,
    session,
    correction,
    step,
  }: {
    readonly actor: Actor
    readonly session: Awaited<ReturnType<typeof getHeldSession>>
    readonly correction: Correction
    readonly step: string | null
  },
): Promise<void> {
  const id = context.ids.next('itv')
  await recordIntervention(context, tx, {
    id,
    session: session.id,
    agent: session.agent,
    type: 'correct',
    guidance: correction.guidance ?? null,
    args: correction.args ?? null,
    step,
    reason: null,
    by: actorName(actor),
    at: isoTime(context.clock.now()),
    applied: false,
  })
  const body = { intervention: id, type: 'correct', step, args: correction.args !== undefined }
  await tellSession(context, tx, { session, kind: 'intervention.requested', actor, body })
}
