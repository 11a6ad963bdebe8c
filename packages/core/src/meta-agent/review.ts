import type { AdviceVerdict, JsonObject } from '@preceptor/client'

/** A review of one version of a proposal, before the guard has seen it. */
export interface Review {
  readonly verdict: AdviceVerdict
  /** One sentence each. */
  readonly reasons: readonly string[]
  /** With `modify`: the args as they should be. */
  readonly suggested: JsonObject | null
  /** `rules`, or `model:` and its name. */
  readonly by: string
  /** Whether the model was not there to answer. */
  readonly isOutage: boolean
}

/** A review that leaves it to people. */
export function escalation(by: string, reasons: readonly string[]): Review {
  return { verdict: 'escalate', reasons, suggested: null, by, isOutage: false }
}
