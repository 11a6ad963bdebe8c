import type { JsonObject } from '@preceptor/client'
import { planCurriculum } from './curriculum.ts'
import { estimateTraining, type PastTraining } from './estimate.ts'
import { capabilityGaps } from './gaps.ts'

/** What a course is planned for. */
export interface TrainingNeed {
  readonly agent: {
    readonly category: string | null
    readonly capabilities: readonly string[]
    /** Basis points. */
    readonly confidence: number
  }
  /** Capability of the blocked action. */
  readonly capability: string
  /** Type of the blocked trigger, when it had one. */
  readonly type: string | null
  /** Finished courses of agents of the same category. */
  readonly history: readonly PastTraining[]
}

/** A planned course. */
export interface TrainingPlan {
  readonly gaps: readonly string[]
  readonly title: string
  /** Template, objectives, steps with minutes, hours of the steps, the estimate with its range, and who designed it. */
  readonly plan: JsonObject
}

/** Plans the course that would close the gaps behind a block: pure, the same for the same need. */
export function planTraining({ agent, capability, type, history }: TrainingNeed): TrainingPlan {
  const gaps = capabilityGaps({ type, category: agent.category, capability, has: agent.capabilities })
  return { gaps, ...planCourse({ agent, gaps, history }) }
}

/** Plans a course for gaps that are known, by rules; the hours are those of the formula, whoever designs it further. */
export function planCourse({
  agent,
  gaps,
  history,
}: Pick<TrainingNeed, 'agent' | 'history'> & { readonly gaps: readonly string[] }): Omit<TrainingPlan, 'gaps'> {
  const { title, template, objectives, steps, hours } = planCurriculum({ category: agent.category, gaps })
  const estimate = estimateTraining({ confidence: agent.confidence, gaps: gaps.length, history })
  const plan = {
    template,
    objectives: [...objectives],
    steps: steps.map((step) => ({ ...step })),
    hours,
    estimate: { ...estimate, range: { ...estimate.range } },
    designedBy: 'rules',
  }
  return { title, plan }
}
