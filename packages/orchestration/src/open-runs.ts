import { type Actor, createAuthorizer, type PluginHost, type PluginJob } from '@preceptor/core/plugin'
import type { WorkflowRunOperations } from './client/workflows.ts'
import { runPermissions } from './permissions/run-permissions.ts'
import type { EnginePorts, StepOwnerPort } from './ports/engine-ports.ts'
import type { RunPorts } from './ports/run-ports.ts'
import { answerApproval } from './runs/answer-approval.ts'
import { cancelRun, replayRun } from './runs/change-run.ts'
import { createPlanCache } from './runs/plan-cache.ts'
import { readRun, readRuns } from './runs/read-runs.ts'
import { resolveStep } from './runs/resolve-step.ts'
import { createRunOwner } from './runs/run-owner.ts'
import { startRun } from './runs/start-run.ts'
import { runStep } from './steps/run-step.ts'
import { createRunningSteps } from './steps/running-steps.ts'
import { findDueSteps } from './steps/step-store.ts'

/** Runs of workflows, and the engine of their steps, on a governor. */
export interface OpenRuns {
  /** Binds the operations to an actor. */
  scope(actor: Actor): { readonly runs: WorkflowRunOperations }
  readonly jobs: Readonly<Record<'step', PluginJob>>
  /** What steps stand on, for whatever else goes on in them. */
  readonly ports: RunPorts & Pick<EnginePorts, 'owners'>
}

/** Opens runs of workflows on a governor; what else steps go on in is told by whoever has it. */
export function openRuns(
  { context, gate, enqueue }: Pick<PluginHost, 'context' | 'gate' | 'enqueue'>,
  collaboration: StepOwnerPort,
): OpenRuns {
  const authorizer = createAuthorizer(runPermissions)
  const plans = createPlanCache()
  const owners = {
    workflow_run: createRunOwner(() => ports, plans),
    collaboration,
  }
  const ports: OpenRuns['ports'] = {
    context,
    gate,
    enqueue,
    authorizer,
    plans,
    owners,
    running: createRunningSteps(),
  }
  return {
    scope: (actor) => ({
      runs: {
        execute: (workflow, execution) => startRun(ports, actor, { workflow, execution }),
        get: (id) => readRun(ports, actor, id),
        list: (query) => readRuns(ports, actor, query),
        cancel: (id, reason) => cancelRun(ports, actor, { id, reason }),
        replay: (id, reason) => replayRun(ports, actor, { id, reason }),
        resolve: (run, step, resolution) => resolveStep(ports, actor, { run, step, resolution }),
        answer: (proposal, answer) => answerApproval(ports, actor, { proposal, answer }),
      },
    }),
    jobs: {
      step: {
        isReconciled: true,
        isPrompt: true,
        isLong: true,
        find: findDueSteps,
        run: (work) => runStep(ports, work),
      },
    },
    ports,
  }
}
