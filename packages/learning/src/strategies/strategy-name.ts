import type { Strategies } from './create-strategies.ts'

/** The name of the strategy by which a type is trained: its own, else `generic`. */
export function strategyNameOf(strategies: Strategies, agentType: string): string {
  return strategies.strategyFor(agentType).agentType
}
