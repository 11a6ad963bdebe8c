import type { BlockedTrigger, CataloguedAction, ConfidenceEntry, Maturity, MaturityTransition } from '@preceptor/client'

/** What an agent may do with one capability. */
export interface CapabilityRow {
  readonly capability: string
  /** Names of the actions that exercise it, in order. */
  readonly actions: readonly string[]
  /** The highest level that counts for any of them; null where nothing is registered. */
  readonly ceiling: Maturity | null
  readonly learnt: boolean
  readonly blocked: number
  /** The level of its own record; null where that of the whole agent counts. */
  readonly maturity: Maturity | null
  /** Rows of its own ledger, newest first. */
  readonly ledger: readonly ConfidenceEntry[]
}

interface CapabilitySource {
  readonly actions: readonly CataloguedAction[]
  readonly learnt: readonly string[]
  readonly blocked: readonly BlockedTrigger[]
  /** Newest first. */
  readonly ledger: readonly ConfidenceEntry[]
  /** Newest first. */
  readonly transitions: readonly MaturityTransition[]
  readonly rankOf: (maturity: Maturity) => number
}

/** One row for each capability that is registered, learnt, counted or blocked; blocked ones first. */
export function capabilityRows(source: CapabilitySource): readonly CapabilityRow[] {
  const { actions, learnt, blocked, ledger, transitions, rankOf } = source
  const capabilityOfAction = new Map(actions.map(({ name, capability }) => [name, capability]))
  const capabilityOf = (action: string): string => capabilityOfAction.get(action) ?? action.split('.')[0] ?? action
  const own = ledger.filter(({ capability }) => capability !== '*')
  const names = new Set([
    ...actions.map(({ capability }) => capability),
    ...learnt,
    ...own.map(({ capability }) => capability),
    ...blocked.map(({ action }) => capabilityOf(action)),
  ])
  const rows = [...names].map((capability): CapabilityRow => {
    const of = actions.filter((action) => action.capability === capability)
    const ceilings = of.map(({ ceiling }) => ceiling).sort((a, b) => rankOf(b) - rankOf(a))
    const rowsOfIt = own.filter((entry) => entry.capability === capability)
    return {
      capability,
      actions: [...new Set(of.map(({ name }) => name))].sort(),
      ceiling: ceilings[0] ?? null,
      learnt: learnt.includes(capability),
      blocked: blocked.filter(({ action }) => capabilityOf(action) === capability).length,
      maturity:
        rowsOfIt.length === 0
          ? null
          : (transitions.find((change) => change.capability === capability)?.to ?? 'student'),
      ledger: rowsOfIt,
    }
  })
  return rows.sort((a, b) => b.blocked - a.blocked || (a.capability < b.capability ? -1 : 1))
}
