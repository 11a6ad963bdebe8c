import { GovernanceError, type JsonValue } from '@preceptor/client'
import {
  type Actor,
  actorName,
  getAgent,
  inWorkspace,
  isoTime,
  parseInput,
  parseReason,
  recordNotFound,
  redactText,
  type Tx,
} from '@preceptor/core/plugin'
import { z } from 'zod'
import type { StepResolution, WorkflowRun } from '../client/workflows.ts'
import { boundedOutput } from '../executors/bounded-output.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { RunPorts } from '../ports/run-ports.ts'
import { FIRST_KEY } from '../steps/hold.ts'
import { journalStep } from '../steps/journal-step.ts'
import type { StepEnd, StoredStep } from '../steps/step.ts'
import { findStep, resolveStep as resolve } from '../steps/step-store.ts'
import { applyWalk, walkInput } from './apply-walk.ts'
import { holdVisible } from './change-run.ts'
import { isOpen, type StoredRun, shownRun } from './run.ts'
import { findRun } from './run-store.ts'
import { walkFromStep } from './walk.ts'

const resolutionInput = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('succeeded'), output: z.unknown().optional(), reason: z.unknown() }),
  z.strictObject({ outcome: z.literal('failed'), reason: z.unknown() }),
])

/**
 * Says how a step ended whose outcome nobody knows; the run goes on with that.
 *
 * @throws GovernanceError `CONFLICT` when that is known, `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`.
 */
export async function resolveStep(
  ports: RunPorts & Pick<EnginePorts, 'owners'>,
  actor: Actor,
  request: { readonly run: string; readonly step: string; readonly resolution: StepResolution },
): Promise<WorkflowRun> {
  const { authorizer, context, plans } = ports
  authorizer.authorize(actor, 'orchestration.runs.resolve')
  const asked = parseInput(resolutionInput, request.resolution, 'resolution')
  const reason = redactText(parseReason(asked.reason))
  const end: StepEnd =
    asked.outcome === 'succeeded'
      ? { state: 'succeeded', output: outputOf(asked.output) }
      : { state: 'failed', failure: { code: 'STEP_FAILED', message: reason } }
  const { workspace } = actor
  const resolved = await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    const run = await holdVisible(tx, actor, String(request.run))
    const step = await findStep(tx, String(request.step))
    if (step === undefined || step.owner.id !== run.id) throw recordNotFound('step', request.step)
    if (step.state !== 'outcome_unknown') throw isKnown(step)
    await assertNotInvolved(tx, actor, { run, agent: step.trigger?.agent })
    // A proposal says how it ended by itself; the step then hears of it.
    if (step.proposalId !== null && step.note === 'OUTCOME_UNKNOWN') throw saidByProposal(step.proposalId)
    const at = isoTime(context.clock.now())
    if (!isOpen(run) || !(await resolve(tx, step.id, { ...end, at }))) {
      throw isKnown(step)
    }
    const by = actorName(actor)
    const body = { outcome: asked.outcome, reason }
    await journalStep(ports, tx, { step, kind: 'workflow_step.resolved', body, actor: by })
    const on = await walkInput(ports, tx, { run, plan: await plans.get(tx, run) })
    const toTry = await applyWalk(ports, tx, { run, result: walkFromStep(on, step.id), actor: by })
    return { run: shownRun((await findRun(tx, run.id)) ?? run), toTry }
  })
  for (const id of resolved.toTry) await ports.enqueue('step', { workspace, id, key: FIRST_KEY })
  return resolved.run
}

/** Who started the run, and who owns the agent, do not say how it went. */
async function assertNotInvolved(
  tx: Tx,
  actor: Actor,
  { run, agent }: { readonly run: StoredRun; readonly agent: string | undefined },
): Promise<void> {
  const isStarter = run.startedBy === actorName(actor)
  const isOwner = agent !== undefined && (await getAgent(tx, agent)).ownerId === actor.principal.id
  if (!isStarter && !isOwner) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: 'Who started the run, or owns the agent, does not say how its step ended.',
    hint: 'Let somebody else find out and say it, or cancel the run.',
  })
}

function isKnown({ id, state }: StoredStep): GovernanceError {
  return new GovernanceError('CONFLICT', { message: `The step ${id} is ${state}.` })
}

function saidByProposal(id: string): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `The step ran under the proposal ${id}: say there how it ended, and the run goes on with that.`,
  })
}

function outputOf(value: unknown): JsonValue {
  try {
    return boundedOutput('The resolution', value)
  } catch {
    throw new GovernanceError('INPUT_INVALID', { message: 'resolution.output: JSON of at most 64 kB is needed.' })
  }
}
