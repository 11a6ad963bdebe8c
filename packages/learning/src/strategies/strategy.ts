import type { JsonObject } from '@preceptor/client'
import type { Format } from '../formats/format.ts'
import type { Check } from './checks/check.ts'

/** One thing that an answer is rated for, beside what every answer is rated for. */
export interface Criterion {
  /** snake_case, unique within a strategy. */
  readonly name: string
  /** Above 0; shares are of the sum of all weights. */
  readonly weight: number
  /** One sentence, as the evaluator reads it. */
  readonly description: string
}

/** A corrected answer that shows what is wanted. */
export interface WorkExample {
  readonly task: string
  readonly answer: string
}

/** What is to be improved. */
export interface ImprovementWork {
  /** What the agent was asked. */
  readonly task?: string
  /** What it answered. */
  readonly original: string
  /** What was wrong, or what would be right, in the words of who corrected it. */
  readonly correction: string
  readonly context?: JsonObject
  readonly examples?: readonly WorkExample[]
}

/** A part of what the improver is told, under a heading. */
export interface PromptSection {
  readonly title: string
  readonly text: string
}

/** How a strategy has an answer improved. */
export interface StrategyPrompt {
  /** Name of the template of the system message. */
  readonly template: string
  /** What the improver heeds, one sentence each. */
  readonly guidance: readonly string[]
  /** The parts of the user message, in order. */
  sections(work: ImprovementWork, format: Format): readonly PromptSection[]
}

/** How the answers of one type of agent are improved, rated and checked. */
export interface Strategy {
  readonly agentType: string
  readonly criteria: readonly Criterion[]
  readonly prompt: StrategyPrompt
  readonly checks: readonly Check[]
}
