import type { JsonObject } from '@preceptor/client'

/** What a course is planned for. */
export interface TrainingNeed {
  readonly agent: {
    readonly id: string
    readonly category: string | null
    readonly capabilities: readonly string[]
    readonly confidence: number
  }
  readonly capability: string
  readonly type: string | null
}

/** A planned course. */
export interface TrainingPlan {
  readonly gaps: readonly string[]
  readonly title: string
  readonly plan: JsonObject
}

export function planTraining(need: TrainingNeed): TrainingPlan {
  return { gaps: [need.capability], title: `Training for ${need.capability}`, plan: {} }
}
