import type { Scenario, Trainee } from '@preceptor/client'
import type { ChatModel } from '../models/chat-model.ts'
import type { Gate } from '../routing/gate.ts'
import type { Runner } from '../routing/guard.ts'
import { PRODUCT_SCENARIOS } from './product-scenarios.ts'
import { createTrainees } from './trainees.ts'
import type { TrainingDependencies } from './training-dependencies.ts'

/** What the host brings to training. */
export interface TrainingOptions {
  readonly scenarios: readonly Scenario[]
  /** Who answers for an agent, by its id. */
  readonly runners: Readonly<Record<string, Trainee>>
  readonly grader?: ChatModel
  readonly workspaces: readonly string[]
}

/** Opens training as the options say. */
export function openTraining(
  { scenarios, runners, grader, workspaces }: TrainingOptions,
  { gate, runner }: { readonly gate: Gate; readonly runner: Runner },
): TrainingDependencies {
  const trainees = createTrainees()
  for (const workspace of workspaces) {
    for (const [agent, trainee] of Object.entries(runners)) trainees.register({ workspace, agent }, trainee)
  }
  const catalogue = [...scenarios, ...PRODUCT_SCENARIOS]
  return { context: gate.context, gate, runner, scenarios: catalogue, trainees, grader: grader ?? null }
}
