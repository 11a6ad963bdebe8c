import { GovernanceError } from '@preceptor/client'

/** Which states may follow which. */
export interface StateMachineDefinition<State extends string> {
  readonly initial: NoInfer<State>
  readonly transitions: Readonly<Record<State, readonly NoInfer<State>[]>>
}

/** A table of transitions, as the stores build their guarded updates from it. */
export interface StateMachine<State extends string> {
  readonly initial: State
  readonly states: readonly State[]
  /** States that nothing follows. */
  readonly terminal: readonly State[]
  can(from: State, to: State): boolean
  /** @throws GovernanceError `CONFLICT` when the table does not hold the transition. */
  assertTransition(from: State, to: State): void
  /** The states from which `to` is reached in one step: what a guarded update asks for. */
  sourcesOf(to: State): readonly State[]
}

/** Makes a machine from its table; values that are no states of it have no transitions. */
export function defineStateMachine<const State extends string>(
  definition: StateMachineDefinition<State>,
): StateMachine<State> {
  const states = Object.keys(definition.transitions) as State[]
  const targets = new Map(states.map((state) => [state, new Set<State>(definition.transitions[state])]))
  const sources = new Map(
    states.map((to) => [to, Object.freeze(states.filter((from) => targets.get(from)?.has(to) === true))]),
  )
  const can = (from: State, to: State): boolean => targets.get(from)?.has(to) === true
  return Object.freeze({
    initial: definition.initial,
    states: Object.freeze(states),
    terminal: Object.freeze(states.filter((state) => targets.get(state)?.size === 0)),
    can,
    assertTransition(from: State, to: State): void {
      if (can(from, to)) return
      throw new GovernanceError('CONFLICT', {
        message: `The state ${JSON.stringify(from)} is not followed by ${JSON.stringify(to)}.`,
        details: { from, to },
      })
    },
    sourcesOf: (to: State): readonly State[] => sources.get(to) ?? [],
  })
}
