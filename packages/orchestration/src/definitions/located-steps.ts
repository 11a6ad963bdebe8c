import type { WorkflowStep } from '../client/workflow-definition.ts'
import { pathText } from './parse-definition.ts'

/** One list of steps of a definition. */
export interface StepList {
  readonly path: string
  readonly steps: readonly LocatedStep[]
}

/** A step and where it stands. */
export interface LocatedStep {
  readonly step: WorkflowStep
  /** Such as `steps[2]`. */
  readonly path: string
}

/** All lists of a definition, each before those inside it. */
export function stepLists(steps: readonly WorkflowStep[], at: readonly PropertyKey[] = ['steps']): readonly StepList[] {
  const own = { path: pathText(at), steps: steps.map((step, index) => ({ step, path: pathText([...at, index]) })) }
  const inner = steps.flatMap((step, index) =>
    step.type === 'parallel'
      ? step.branches.flatMap((branch, position) =>
          stepLists(branch.steps, [...at, index, 'branches', position, 'steps']),
        )
      : [],
  )
  return [own, ...inner]
}
