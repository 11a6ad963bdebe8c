import type { JsonObject, JsonValue } from '@preceptor/client'

/** One step of a course. */
export interface CourseStep {
  readonly kind: string
  readonly title: string
  readonly minutes: number | null
}

/** What the plan of a course says, as far as it says it. */
export interface CoursePlan {
  readonly template: string | null
  readonly objectives: readonly string[]
  readonly steps: readonly CourseStep[]
  /** Ids of the scenarios that the design names. */
  readonly scenarios: readonly string[]
  readonly estimate: {
    readonly hours: number
    readonly least: number | null
    readonly most: number | null
    /** 0 to 1. */
    readonly confidence: number | null
  } | null
  /** `rules`, or `model:` and its name. */
  readonly designedBy: string | null
  readonly note: string | null
}

/** Reads the plan of a course; what is not there or is of another form is left out. */
export function readCoursePlan(plan: JsonObject): CoursePlan {
  const estimate = objectOf(plan.estimate)
  const range = objectOf(estimate?.range)
  const hours = numberOf(estimate?.hours)
  return {
    template: textOf(plan.template),
    objectives: textsOf(plan.objectives),
    steps: listOf(plan.steps).flatMap((step) => {
      const known = objectOf(step)
      const title = textOf(known?.title)
      return title === null ? [] : [{ kind: textOf(known?.kind) ?? '', title, minutes: numberOf(known?.minutes) }]
    }),
    scenarios: textsOf(plan.scenarios),
    estimate:
      hours === null
        ? null
        : {
            hours,
            least: numberOf(range?.least),
            most: numberOf(range?.most),
            confidence: numberOf(estimate?.confidence),
          },
    designedBy: textOf(plan.designedBy),
    note: textOf(plan.designNote),
  }
}

function objectOf(value: JsonValue | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return listOf(value).filter((one) => typeof one === 'string')
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
