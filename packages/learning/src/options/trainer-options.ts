import { GovernanceError } from '@preceptor/client'
import type { ChatModel } from '@preceptor/core'
import { z } from 'zod'
import type { Evaluator } from '../evaluation/evaluation.ts'
import type { Format } from '../formats/format.ts'
import type { ModelCacheOptions } from '../models/model-cache.ts'
import type { Strategy } from '../strategies/strategy.ts'
import type { Template } from '../templates/template.ts'

/** Options of the trainer; every one has a default. */
export interface TrainerOptions {
  /** Corrects answers, such as a chat model of LangChain; default: none, and nothing is improved. */
  readonly improver?: ChatModel | null
  /** Rates answers; default: the improver. Without any, answers have no score. */
  readonly evaluator?: ChatModel | null
  /** Strategies beyond the built-in ones, or in place of them. */
  readonly strategies?: readonly Strategy[]
  readonly formats?: readonly Format[]
  readonly templates?: readonly Template[]
  /** Evaluators beside the rubric of the model. */
  readonly evaluators?: readonly Evaluator[]
  /** Bounds of the cache of model calls; `false` for none. */
  readonly cache?: ModelCacheOptions | false
  /** How long a model may take to answer; default 60,000. */
  readonly timeoutMs?: number
  /** In characters; default 32,768. */
  readonly longestAnswer?: number
  /** Share of the deterministic checks in a score, 0..0.5; default 0.2. */
  readonly checkShare?: number
}

/** The options with their defaults. */
export interface TrainerSettings {
  readonly improver: ChatModel | null
  readonly evaluator: ChatModel | null
  readonly timeoutMs: number
  readonly longestAnswer: number
  readonly checkShare: number
}

const LONGEST_TIMER = 2_147_483_647
const MODEL = z
  .custom<ChatModel>(
    (value) => typeof value === 'object' && value !== null && typeof Reflect.get(value, 'invoke') === 'function',
  )
  .nullable()
const SETTINGS = z.object({
  improver: MODEL.default(null),
  evaluator: MODEL.exactOptional(),
  timeoutMs: z.int().min(1).max(LONGEST_TIMER).default(60_000),
  longestAnswer: z.int().min(1).max(1_000_000).default(32_768),
  // A share above one half would let form outweigh what is right.
  checkShare: z.number().min(0).max(0.5).default(0.2),
})

/** Reads the options. @throws GovernanceError `OPTION_INVALID`, naming those that are wrong. */
export function readTrainerOptions(options: TrainerOptions): TrainerSettings {
  const parsed = SETTINGS.safeParse(options)
  if (!parsed.success) {
    const wrong = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].join(', ')
    throw new GovernanceError('OPTION_INVALID', { message: `Wrong values in the options of the trainer: ${wrong}.` })
  }
  const { improver, evaluator = improver, ...rest } = parsed.data
  return { ...rest, improver, evaluator }
}
