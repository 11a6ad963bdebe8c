import type { JsonObject } from '@preceptor/client'
import type { Format } from '../formats/format.ts'
import type { CheckResult } from '../strategies/checks/check.ts'
import type { Criterion, Strategy } from '../strategies/strategy.ts'

/** What is evaluated. It never says whether the answer is the one before or after an improvement. */
export interface EvaluationSubject {
  /** What the agent was asked. */
  readonly task?: string
  readonly answer: string
  /** What would be right, as a person stated it. */
  readonly expected?: string
  readonly context?: JsonObject
}

/** By what an answer is evaluated. */
export interface EvaluationRequest {
  readonly subject: EvaluationSubject
  readonly strategy: Strategy
  readonly format: Format
  /** Those of every answer, and those of the strategy. */
  readonly criteria: readonly Criterion[]
  readonly signal?: AbortSignal | undefined
}

/** What one criterion was given. */
export interface CriterionScore {
  readonly name: string
  readonly weight: number
  /** 0..100. */
  readonly score: number
}

/** What an evaluator says of the criteria; anything but a score of each is no rating. */
export type Rating =
  | { readonly state: 'rated'; readonly scores: Readonly<Record<string, number>> }
  | { readonly state: 'unrated'; readonly reason: string }

/** Rates an answer. */
export interface Evaluator {
  /** As it stands in records. */
  readonly name: string
  /** Throwing counts as `unrated`. */
  rate(request: EvaluationRequest): Promise<Rating>
}

/** What an answer is worth, or that nobody could say. */
export type Evaluation =
  | {
      readonly state: 'scored'
      /** 0..100, with one decimal. */
      readonly score: number
      readonly criteria: readonly CriterionScore[]
      readonly checks: readonly CheckResult[]
      readonly evaluatedBy: string
    }
  /** There is no evaluator, or it failed. The checks alone are no measure of quality. */
  | { readonly state: 'unscored'; readonly reason: string; readonly checks: readonly CheckResult[] }
