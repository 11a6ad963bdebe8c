import type { Strategy } from './strategy.ts'

/** What is done differently for one call. */
export interface StrategyAdjustment {
  /** What the improver heeds beside the guidance of the strategy, one sentence each. */
  readonly guidance?: readonly string[]
  /** Name of a template in place of that of the strategy; it has the variable `guidance` and no other. */
  readonly template?: string
}

/** The strategy with what is done differently; it rates and checks as before. */
export function adjustStrategy(strategy: Strategy, { guidance = [], template }: StrategyAdjustment): Strategy {
  if (guidance.length === 0 && template === undefined) return strategy
  const { prompt } = strategy
  return {
    ...strategy,
    prompt: {
      template: template ?? prompt.template,
      guidance: [...prompt.guidance, ...guidance],
      sections: (work, format) => prompt.sections(work, format),
    },
  }
}
