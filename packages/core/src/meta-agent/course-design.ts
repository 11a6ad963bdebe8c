import type { Agent, BlockedTrigger, Scenario } from '@preceptor/client'
import { chooseScenarios } from '../training/choose-scenarios.ts'
import { type CurriculumStep, planCurriculum } from '../training/curriculum.ts'

/** What a course is designed from. */
export interface CourseNeed {
  readonly proposalId: string
  readonly agent: Pick<Agent, 'category' | 'capabilities' | 'maturity'>
  /** In the order of teaching, the blocked action's capability first. */
  readonly gaps: readonly string[]
  /** What was blocked, the newest first. */
  readonly blocked: readonly BlockedTrigger[]
  /** The newest version of each scenario. */
  readonly catalogue: readonly Scenario[]
}

/** How a course is to be held. */
export interface CourseDesign {
  readonly objectives: readonly string[]
  readonly steps: readonly CurriculumStep[]
  /** Ids of the catalogue. */
  readonly scenarios: readonly string[]
}

const MOST_ACTIONS = 3

/** Designs a course by rules: the gaps, what was blocked most, and the scenarios that the catalogue has for them. */
export function designByRules({ agent, gaps, blocked, catalogue }: CourseNeed): CourseDesign {
  const { objectives, steps } = planCurriculum({ category: agent.category, gaps })
  const chosen = chooseScenarios({ gaps, catalogue })
  const known = new Set(catalogue.map(({ id }) => id))
  // A general scenario stands in a session under the name of the gap that it is for.
  const ids = chosen.map(({ id }) => (known.has(id) ? id : id.slice(0, id.lastIndexOf('@'))))
  return { objectives: [...objectives, ...blockedMost(blocked)], steps, scenarios: [...new Set(ids)] }
}

function blockedMost(blocked: readonly BlockedTrigger[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { action } of blocked) counts.set(action, (counts.get(action) ?? 0) + 1)
  return [...counts]
    .sort(([first, many], [second, more]) => more - many || (first < second ? -1 : 1))
    .slice(0, MOST_ACTIONS)
    .map(([action, count]) => `Know when ${action} may be asked for, and with what: it was blocked ${times(count)}.`)
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
