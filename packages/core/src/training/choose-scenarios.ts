import type { Scenario } from '@preceptor/client'

/** What scenarios are chosen for. */
export interface ScenarioChoice {
  /** The blocked action's capability first. */
  readonly gaps: readonly string[]
  /** The newest version of each. */
  readonly catalogue: readonly Scenario[]
  /** Ids that the design of the course names; default: none, and then all of them count. */
  readonly wanted?: readonly string[]
}

const ANY = '*'
const MOST_OF_A_GAP = 4

/**
 * Chooses the scenarios of a session: those of each gap, at most 4, of which those that the design names come alone. A gap
 * without any gets general ones: the first gap, which the agent was blocked for, all of them, and the others one each, in
 * turn. No design leaves a gap without a scenario.
 */
export function chooseScenarios({ gaps, catalogue, wanted = [] }: ScenarioChoice): readonly Scenario[] {
  const named = (capability: string): readonly Scenario[] => {
    const all = catalogue.filter((scenario) => scenario.capability === capability)
    const chosen = all.filter(({ id }) => wanted.includes(id))
    return (chosen.length > 0 ? chosen : all).slice(0, capability === ANY ? all.length : MOST_OF_A_GAP)
  }
  const general = named(ANY)
  let turn = 0
  return gaps.flatMap((gap, index) => {
    const own = named(gap)
    if (own.length > 0) return own
    const chosen = index === 0 ? general.slice(0, MOST_OF_A_GAP) : general.slice(turn % general.length).slice(0, 1)
    if (index > 0) turn += 1
    return chosen.map((scenario) => ({ ...scenario, id: `${scenario.id}@${gap}`, capability: gap }))
  })
}

/** The highest version of each id; of two of the same version the first, in the order in which the ids first came. */
export function newestOf(catalogue: readonly Scenario[]): readonly Scenario[] {
  const newest = new Map<string, Scenario>()
  for (const scenario of catalogue) {
    const known = newest.get(scenario.id)
    if (known === undefined || scenario.version > known.version) newest.set(scenario.id, scenario)
  }
  return [...newest.values()]
}
