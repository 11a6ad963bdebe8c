import { GovernanceError } from '@preceptor/client'
import { dataEngineer } from './data-engineer.ts'
import { documentation } from './documentation.ts'
import { engineer } from './engineer.ts'
import { generic } from './generic.ts'
import { ops } from './ops.ts'
import { qa } from './qa.ts'
import { research } from './research.ts'
import { security } from './security.ts'
import type { Strategy } from './strategy.ts'
import { ticketing } from './ticketing.ts'
import { versionControl } from './version-control.ts'

const BUILT_IN: readonly Strategy[] = [
  ...[engineer, documentation, qa, research, ops],
  ...[security, ticketing, versionControl, dataEngineer, generic],
]
const NAME = /^[a-z][a-z0-9_]{0,59}$/

/** The strategies by type of agent. */
export interface Strategies {
  /** The types that have a strategy of their own, `generic` among them. */
  readonly agentTypes: readonly string[]
  /** That of the type, else `generic`. */
  strategyFor(agentType: string): Strategy
}

/**
 * Makes the register of strategies: `engineer`, `documentation`, `qa`, `research`, `ops`, `security`, `ticketing`, `version_control`,
 * `data_engineer`, `generic`, and the own ones, which replace a built-in one of the same type.
 *
 * @throws GovernanceError `OPTION_INVALID` for an own strategy that could rate nothing: a type, criterion or check name of another form,
 * one that stands twice, or a weight that is not above 0.
 *
 * @example
 * ```ts
 * import { createStrategies } from '@preceptor/learning'
 *
 * const strategies = createStrategies()
 * console.log(strategies.strategyFor('poet').agentType) // generic
 * ```
 */
export function createStrategies({ own = [] }: { readonly own?: readonly Strategy[] } = {}): Strategies {
  const types = own.map(({ agentType }) => agentType)
  for (const strategy of own) assertStrategy(strategy, types)
  const strategies = new Map([...BUILT_IN, ...own].map((strategy) => [strategy.agentType, strategy]))
  return {
    agentTypes: [...strategies.keys()],
    strategyFor: (agentType) => strategies.get(agentType) ?? strategies.get(generic.agentType) ?? generic,
  }
}

function assertStrategy({ agentType, criteria, checks }: Strategy, types: readonly string[]): void {
  const refuse = (problem: string): never => {
    throw new GovernanceError('OPTION_INVALID', { message: `The strategy "${agentType}" ${problem}.` })
  }
  if (!NAME.test(agentType)) refuse('needs a type in snake_case')
  if (types.filter((type) => type === agentType).length > 1) refuse('is registered twice')
  const names = [criteria, checks].flatMap((list) => list.map(({ name }, index) => ({ name, index, list })))
  for (const { name, index, list } of names) {
    if (list.findIndex((one) => one.name === name) !== index) refuse(`has "${name}" twice`)
  }
  const wrong = criteria.find(({ name, weight }) => !NAME.test(name) || !Number.isFinite(weight) || weight <= 0)
  if (wrong !== undefined)
    refuse(`has the criterion "${wrong.name}", which needs a name in snake_case and a weight above 0`)
}
