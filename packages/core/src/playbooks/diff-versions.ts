import type { PlaybookDiff, PlaybookDiffLine, PlaybookExample, PlaybookVersion } from '@preceptor/client'

/** What of a version is compared. */
export type Comparable = Pick<PlaybookVersion, 'playbook' | 'version' | 'instructions' | 'examples'>

/** What changed from a version, or from nothing, to another one. */
export function diffVersions(from: Comparable | null, to: Comparable): PlaybookDiff {
  return {
    playbook: to.playbook,
    from: from?.version ?? null,
    to: to.version,
    instructions: diffLines(from === null ? [] : from.instructions.split('\n'), to.instructions.split('\n')),
    examples: diffExamples(from?.examples ?? [], to.examples),
  }
}

/** The shortest way from one list of lines to another: what both have in the same order is kept. */
export function diffLines(from: readonly string[], to: readonly string[]): readonly PlaybookDiffLine[] {
  const common = commonLengths(from, to)
  const lines: PlaybookDiffLine[] = []
  let [old, next] = [0, 0]
  while (old < from.length || next < to.length) {
    const [before, after] = [from[old], to[next]]
    if (before !== undefined && before === after) {
      lines.push({ change: 'kept', line: before })
      old += 1
      next += 1
    } else if (
      after === undefined ||
      (before !== undefined && lengthAt(common, old + 1, next) >= lengthAt(common, old, next + 1))
    ) {
      lines.push({ change: 'removed', line: before ?? '' })
      old += 1
    } else {
      lines.push({ change: 'added', line: after })
      next += 1
    }
  }
  return lines
}

/** For each pair of places, how many lines the rests from there on have in common. Versions have 1,000 lines at most. */
function commonLengths(from: readonly string[], to: readonly string[]): readonly Uint16Array[] {
  const rows = Array.from({ length: from.length + 1 }, () => new Uint16Array(to.length + 1))
  for (let old = from.length - 1; old >= 0; old -= 1) {
    for (let next = to.length - 1; next >= 0; next -= 1) {
      const row = rows[old]
      if (row === undefined) continue
      row[next] =
        from[old] === to[next]
          ? lengthAt(rows, old + 1, next + 1) + 1
          : Math.max(lengthAt(rows, old + 1, next), lengthAt(rows, old, next + 1))
    }
  }
  return rows
}

const lengthAt = (rows: readonly Uint16Array[], old: number, next: number): number => rows[old]?.[next] ?? 0

function diffExamples(from: readonly PlaybookExample[], to: readonly PlaybookExample[]): PlaybookDiff['examples'] {
  const before = new Map(from.map((example) => [example.input, example]))
  const inputs = new Set(to.map(({ input }) => input))
  return {
    added: to.filter(({ input }) => !before.has(input)),
    removed: from.filter(({ input }) => !inputs.has(input)),
    changed: to.flatMap((example) => {
      const earlier = before.get(example.input)
      return earlier === undefined || isSame(earlier, example) ? [] : [{ from: earlier, to: example }]
    }),
  }
}

function isSame(one: PlaybookExample, other: PlaybookExample): boolean {
  return one.output === other.output && one.note === other.note && one.source === other.source
}
