/** A promise that a history breaks. */
export interface Violation {
  readonly rule: string
  readonly what: string
  /** What it is seen by. */
  readonly evidence: object
}

/** What a history amounts to. */
export interface Verdict {
  readonly violations: readonly Violation[]
  /** What is allowed and counted apart, so that it stays in sight. */
  readonly apart: Readonly<Record<string, number>>
}

/** Gathers while the rules look. */
export interface Findings {
  violate(rule: string, what: string, evidence: object): void
  /** Counts something that is allowed. */
  setApart(name: string): void
}

/** Makes empty findings. */
export function createFindings(): Findings & { verdict(): Verdict } {
  const violations: Violation[] = []
  const apart: Record<string, number> = {}
  return {
    violate: (rule, what, evidence) => void violations.push({ rule, what, evidence }),
    setApart(name) {
      apart[name] = (apart[name] ?? 0) + 1
    },
    verdict: () => ({ violations, apart }),
  }
}

/** Groups items by a key of their parts. */
export function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => readonly (string | number | null)[],
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = JSON.stringify(keyOf(item))
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [item])
    else known.push(item)
  }
  return groups
}

/** Finds what `groupBy` put under the parts. */
export function groupOf<Item>(
  groups: ReadonlyMap<string, readonly Item[]>,
  ...parts: readonly (string | number | null)[]
): readonly Item[] {
  return groups.get(JSON.stringify(parts)) ?? []
}
