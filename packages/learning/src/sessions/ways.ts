import type { AdaptationPlan } from '../analytics/adaptation-plan.ts'
import type { SessionMode } from '../client/trainer.ts'

/** One way to improve an answer. */
export interface Way {
  /** Name of the strategy. */
  readonly strategy: string
  /** What the improver heeds beside it. */
  readonly guidance: readonly string[]
  /** How many examples stand in the prompt, at most. */
  readonly examples: number
  /** The adaptation whose change it is; null for none. */
  readonly adaptationId: string | null
}

/** The adaptation in force. */
export interface ActiveAdaptation {
  readonly id: string
  readonly plan: AdaptationPlan
}

/** Examples in a prompt that no adaptation changes. */
export const USUAL_EXAMPLES = 3

/**
 * The ways that a session tries: continuous and batch the strategy of the type as the adaptation in force has it; adaptive
 * that, the own strategy as it stands, and the generic one, each once.
 */
export function waysOf(
  mode: SessionMode,
  { own, generic, adaptation }: { own: string; generic: string; adaptation: ActiveAdaptation | null },
): readonly Way[] {
  const plain = (strategy: string): Way => ({ strategy, guidance: [], examples: USUAL_EXAMPLES, adaptationId: null })
  const inForce = adaptation === null ? plain(own) : adapted(plain(own), adaptation)
  if (mode !== 'adaptive') return [inForce]
  const ways = [inForce, plain(own), plain(generic)]
  return ways.filter((way, index) => ways.findIndex((other) => isSame(way, other)) === index)
}

function adapted(way: Way, { id, plan }: ActiveAdaptation): Way {
  if (plan.kind === 'strategy') return { ...way, strategy: plan.strategy, adaptationId: id }
  return { ...way, guidance: plan.guidance, examples: plan.examples, adaptationId: id }
}

/** Whether the improver is asked the same. */
function isSame(one: Way, other: Way): boolean {
  return one.strategy === other.strategy && one.guidance.join('\n') === other.guidance.join('\n')
}
