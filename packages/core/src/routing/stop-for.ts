import type { OpenStop } from './facts.ts'

/** The kill switch that is set for one of these agents, for the workspace or for everything. */
export function stopFor(stops: readonly OpenStop[], agents: readonly string[]): OpenStop | undefined {
  return stops.find(({ target, agent }) => target !== 'agent' || (agent !== null && agents.includes(agent)))
}
