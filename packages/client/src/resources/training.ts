import type { JsonObject, JsonValue } from '../port/json.ts'
import type { Maturity } from '../port/vocabulary.ts'
import type { RecordQuery } from './records.ts'

/** How the answer to a scenario is scored. `at` is the JSON Pointer of the part that counts; default: all of it. */
export type ScenarioGrader =
  /** 1 when everything that is expected is in the answer as it is expected; an answer may say more. */
  | { readonly kind: 'exact'; readonly expected: JsonValue; readonly at?: string }
  /** 1 when the answer fits the JSON Schema (draft 2020-12). */
  | { readonly kind: 'json_schema'; readonly schema: JsonObject }
  /** 1 when the condition holds; it can name `args.answer` and `args.input`. */
  | { readonly kind: 'cel'; readonly condition: string }
  /** 1 when the number is no further away than the tolerance. */
  | { readonly kind: 'numeric'; readonly expected: number; readonly tolerance: number; readonly at?: string }
  /** A person scores it by the instructions. */
  | { readonly kind: 'human'; readonly instructions: string }
  /** A chat model scores it by the rubric; without a valid verdict there is no score. */
  | { readonly kind: 'rubric'; readonly rubric: string }

/** One test case of a course. */
export interface Scenario {
  /** Letters, digits, `.`, `_`, `-` and `:`, at most 100. */
  readonly id: string
  /** From 1; the highest one of an id is used. */
  readonly version: number
  readonly topic: string
  /** The capability that it tests; `*` for any that has no scenario of its own. */
  readonly capability: string
  /** What the agent is asked to do, and in which form to answer. */
  readonly task: string
  readonly input: JsonObject
  readonly grader: ScenarioGrader
  /** How much it counts, above 0 to 10. */
  readonly weight: number
}

/** What a trainee is asked. */
export interface ScenarioQuestion {
  readonly agent: string
  readonly session: string
  readonly scenario: string
  readonly topic: string
  readonly capability: string
  readonly task: string
  readonly input: JsonObject
  /** Aborted when the time for the answer is over. */
  readonly signal: AbortSignal
}

/** Answers a scenario in the place of a person: the agent itself. */
export type Trainee = (question: ScenarioQuestion) => JsonValue | Promise<JsonValue>

/** How a training proposal is approved. */
export interface TrainingApproval {
  /** Above 0 to 400; default: the estimate. */
  readonly durationHours?: number
  /** Above 0 to 24; default 8. */
  readonly hoursPerDay?: number
}

/** States of a training session. */
export type TrainingSessionState = 'scheduled' | 'in_progress' | 'paused' | 'completed' | 'cancelled' | 'failed'

/** A run of a course. */
export interface TrainingSession {
  readonly id: string
  readonly agent: string
  readonly trainingProposalId: string
  readonly capability: string
  readonly gaps: readonly string[]
  readonly state: TrainingSessionState
  readonly durationHours: number
  readonly hoursPerDay: number
  readonly startsAt: string
  readonly endsAt: string
  readonly approvedBy: string
  /** Scenarios in all, with an answer, and with a score. */
  readonly progress: { readonly of: number; readonly answered: number; readonly graded: number }
  /** Weighted mean of the scenarios, 0 to 1; null until it is completed. */
  readonly score: number | null
  /** Whether a person typed the score instead. */
  readonly typed: boolean
  /** The people whose judgement the score rests on. */
  readonly scoredBy: readonly string[]
  /** Capabilities whose scenarios averaged 0.7 or more. */
  readonly developed: readonly string[]
  readonly remaining: readonly string[]
  readonly maturityBefore: Maturity | null
  readonly maturityAfter: Maturity | null
  /** What the agent still lacked for its next level when it was completed. */
  readonly missing: readonly string[]
  /** Time in progress. */
  readonly measuredHours: number
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly endReason: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** One scenario of a session, with what came of it. */
export interface ScenarioRun {
  readonly scenario: string
  readonly version: number
  readonly position: number
  readonly topic: string
  readonly capability: string
  readonly weight: number
  readonly task: string
  readonly input: JsonObject
  /** How it is scored and what is expected; null for agents and viewers. */
  readonly grader: ScenarioGrader | null
  readonly gradedByPerson: boolean
  readonly attempts: number
  readonly answer: JsonValue
  readonly answeredBy: string | null
  readonly answeredAt: string | null
  /** 0 to 1. */
  readonly score: number | null
  readonly feedback: string | null
  readonly gradedBy: string | null
  readonly gradedAt: string | null
}

/** A session with its scenarios. */
export interface TrainingSessionDetail extends TrainingSession {
  readonly scenarios: readonly ScenarioRun[]
}

/** What somebody enters for a scenario by hand: an answer, a score of one that waits for a person, or both. */
export interface ScenarioAnswer {
  readonly scenario: string
  readonly answer?: JsonValue
  /** 0 to 1. */
  readonly score?: number
  readonly feedback?: string
}

/** A score that a human trainer types. */
export interface TypedScore {
  /** 0 to 1. */
  readonly score: number
  readonly reason: string
}

/** Which blocked triggers; `state` is `active`, `open`, `offered` or `resolved`. */
export interface BlockedTriggerQuery extends RecordQuery {
  /** Those behind this training proposal only. */
  readonly proposal?: string
}
