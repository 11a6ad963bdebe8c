import type { ChatModel } from '@preceptor/core'
import { createEvaluators, type Evaluators } from '../evaluation/create-evaluators.ts'
import { type EvaluationTools, evaluatePair, evaluateResponse } from '../evaluation/evaluate-response.ts'
import type { Evaluation, EvaluationSubject } from '../evaluation/evaluation.ts'
import { rubricEvaluator } from '../evaluation/rubric-evaluator.ts'
import { createFormats, type Formats } from '../formats/create-formats.ts'
import { type Improvement, improveResponse } from '../improvement/improve-response.ts'
import { createModelCache, type ModelCache } from '../models/model-cache.ts'
import { statedName } from '../models/stated-name.ts'
import { adjustStrategy, type StrategyAdjustment } from '../strategies/adjust-strategy.ts'
import { createStrategies, type Strategies } from '../strategies/create-strategies.ts'
import type { ImprovementWork } from '../strategies/strategy.ts'
import { createTemplates, type Templates } from '../templates/create-templates.ts'
import { readTrainerOptions, type TrainerOptions, type TrainerSettings } from './trainer-options.ts'

/** For whom and how a call is made. */
export interface TrainerCall extends StrategyAdjustment {
  /** Nothing cached crosses workspaces. */
  readonly workspace: string
  readonly agentType: string
  /** Name of a format; default `mixed`. */
  readonly format?: string
  /** Name of a strategy to use in place of that of the agent type, such as `generic` to compare with. */
  readonly strategy?: string
  /** Name of an evaluator; default: the rubric, else the first own one. */
  readonly evaluator?: string
  /** Whether an equal call may be answered from the cache; default true. */
  readonly useCache?: boolean
  readonly signal?: AbortSignal
}

/** Answers before and after, with what each is worth. */
export interface EvaluatedPair {
  readonly before: Evaluation
  readonly after: Evaluation
}

/** The parts of a trainer that need no database. */
export interface TrainerParts {
  readonly settings: TrainerSettings
  readonly strategies: Strategies
  readonly formats: Formats
  readonly templates: Templates
  /** Null where calls are not cached. */
  readonly cache: ModelCache | null
  /** Names of the evaluators, the default one first; empty where nothing can be scored. */
  readonly evaluatorNames: readonly string[]
  /** @throws GovernanceError `OPTION_INVALID` for a format that is not registered. */
  improve(call: TrainerCall, work: ImprovementWork): Promise<Improvement>
  /** @throws GovernanceError `OPTION_INVALID` for a format or evaluator that is not registered. */
  evaluate(call: TrainerCall, subject: EvaluationSubject): Promise<Evaluation>
  /**
   * Evaluates both answers in the same words, without saying which is which.
   *
   * @throws GovernanceError `OPTION_INVALID` for a format or evaluator that is not registered.
   */
  evaluatePair(
    call: TrainerCall,
    pair: Omit<EvaluationSubject, 'answer'> & { readonly before: string; readonly after: string },
  ): Promise<EvaluatedPair>
}

const NO_IMPROVER: Improvement = { state: 'outage', reason: 'There is no chat model that improves answers.' }

/**
 * Opens the parts of a trainer that need no database: strategies, formats, templates, improver, evaluators and cache.
 *
 * @throws GovernanceError `OPTION_INVALID`, naming what is wrong.
 *
 * @example
 * ```ts
 * import { openTrainerParts } from '@preceptor/learning'
 *
 * const improver = { name: 'echo', invoke: async () => 'A refund takes 14 days.' }
 * const parts = openTrainerParts({ improver })
 * const call = { workspace: 'default', agentType: 'generic', format: 'conversation' }
 * const improved = await parts.improve(call, { original: 'It takes 30 days.', correction: 'It takes 14 days.' })
 * if (improved.state === 'improved') console.log(improved.answer)
 * ```
 */
export function openTrainerParts(options: TrainerOptions = {}): TrainerParts {
  const settings = readTrainerOptions(options)
  const strategies = createStrategies({ own: options.strategies ?? [] })
  const formats = createFormats({ own: options.formats ?? [] })
  const templates = createTemplates({ own: options.templates ?? [] })
  const cache = options.cache === false ? null : createModelCache(options.cache)
  const evaluators = evaluatorsWith(options, { templates, timeoutMs: settings.timeoutMs })

  const cached = (model: ChatModel, role: string, { workspace, useCache = true }: TrainerCall): ChatModel =>
    cache === null || !useCache ? model : cache.wrap(model, { workspace, name: cacheName(model, role) })
  const toolsOf = (call: TrainerCall) => ({
    strategy: adjustStrategy(strategies.strategyFor(call.strategy ?? call.agentType), call),
    format: formats.formatNamed(call.format ?? 'mixed'),
    signal: call.signal,
  })
  const evaluationTools = (call: TrainerCall): EvaluationTools => {
    const model = settings.evaluator === null ? null : cached(settings.evaluator, 'evaluator', call)
    const evaluator = evaluators(model).evaluatorNamed(call.evaluator)
    return { ...toolsOf(call), evaluator, checkShare: settings.checkShare }
  }
  return {
    settings,
    strategies,
    formats,
    templates,
    cache,
    evaluatorNames: evaluators(settings.evaluator).names,
    improve: async (call, work) => {
      const tools = toolsOf(call)
      if (settings.improver === null) return NO_IMPROVER
      const { timeoutMs, longestAnswer } = settings
      const model = cached(settings.improver, 'improver', call)
      return improveResponse(work, { ...tools, model, templates, timeoutMs, longestAnswer })
    },
    evaluate: async (call, subject) => evaluateResponse(subject, evaluationTools(call)),
    evaluatePair: async (call, pair) => evaluatePair(pair, evaluationTools(call)),
  }
}

/** The evaluators with the rubric of a model; own ones stay the same. */
function evaluatorsWith(
  { evaluators: own = [] }: TrainerOptions,
  tools: { readonly templates: Templates; readonly timeoutMs: number },
): (model: ChatModel | null) => Evaluators {
  return (model) => createEvaluators({ rubric: model === null ? null : rubricEvaluator({ ...tools, model }), own })
}

/** The cache is of these parts alone, so that the role tells apart models that state no name. */
function cacheName(model: ChatModel, role: string): string {
  return `${role}:${statedName(model) ?? 'chat'}`
}
