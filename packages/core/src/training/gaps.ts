import { own } from '../kernel/own-property.ts'

/** Capabilities to learn by key, in the order of teaching. */
export type CapabilityMap = Readonly<Record<string, readonly string[]>>

/** The maps that gaps are derived from; hosts add to them. */
export interface GapMaps {
  /** By trigger type. */
  readonly types: CapabilityMap
  /** By category of the agent, as `Finance`. */
  readonly categories: CapabilityMap
}

/** What gaps are derived from. */
export interface GapQuestion {
  /** Type of the blocked trigger, when it had one. */
  readonly type: string | null
  /** Category of the agent, when it has one; upper and lower case are the same. */
  readonly category: string | null
  /** Capability of the blocked action. */
  readonly capability: string
  /** Capabilities that the agent has. */
  readonly has: readonly string[]
  readonly maps?: GapMaps
}

const MOST_GAPS = 6

/** The maps of the product. */
export const GAP_MAPS: GapMaps = Object.freeze({
  types: freezeMap({
    agent_message: ['task_execution', 'context_understanding', 'response_generation'],
    workflow_trigger: ['workflow_automation', 'decision_making', 'task_coordination'],
    form_submit: ['data_validation', 'form_processing', 'state_management'],
    canvas_update: ['data_visualization', 'presentation', 'chart_generation'],
  }),
  categories: freezeMap({
    Finance: ['financial_analysis', 'reconciliation', 'reporting'],
    Sales: ['lead_management', 'crm_operations', 'sales_process'],
    Operations: ['process_automation', 'inventory_management', 'logistics'],
    HR: ['policy_knowledge', 'onboarding', 'employee_data'],
    Support: ['ticket_resolution', 'customer_communication', 'escalation_handling'],
  }),
})

/**
 * What an agent must learn before the blocked action: its capability first, even when the agent claims to have it,
 * because it was just blocked for it; then those of the trigger type and of the category that it lacks; at most 6.
 */
export function capabilityGaps({ type, category, capability, has, maps = GAP_MAPS }: GapQuestion): readonly string[] {
  const gaps = new Set([capability])
  const known = new Set(has)
  const asked = [...lookUp(maps.types, type), ...capabilitiesOf(category, maps)]
  for (const candidate of asked) {
    if (!known.has(candidate)) gaps.add(candidate)
  }
  return [...gaps].slice(0, MOST_GAPS)
}

/** The capabilities of a category, in the order of teaching; none for a category that is not known. */
export function capabilitiesOf(category: string | null, maps: GapMaps = GAP_MAPS): readonly string[] {
  return lookUpFolded(maps.categories, category)
}

function lookUp(map: CapabilityMap, key: string | null): readonly string[] {
  return key === null ? [] : (own(map, key) ?? [])
}

/** People write categories as `finance` and `Finance`. */
function lookUpFolded(map: CapabilityMap, key: string | null): readonly string[] {
  if (key === null) return []
  const folded = key.toLowerCase()
  return lookUp(map, Object.keys(map).find((name) => name.toLowerCase() === folded) ?? null)
}

function freezeMap(map: CapabilityMap): CapabilityMap {
  for (const names of Object.values(map)) Object.freeze(names)
  return Object.freeze(map)
}
