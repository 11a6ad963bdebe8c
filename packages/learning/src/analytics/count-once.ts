/** A prediction that was judged by the sessions of a type between two times; ISO 8601, UTC. */
export interface JudgedSpan {
  readonly agentType: string
  readonly madeAt: string
  readonly judgedTo: string
}

/**
 * Those of the predictions that share no session with another one: of each type the first that was settled, then the first
 * that was made after what that one was judged by, and so on.
 */
export function countOnce<Span extends JudgedSpan>(judged: readonly Span[]): readonly Span[] {
  const ends = new Map<string, string>()
  return judged
    .toSorted((one, other) => compare(one.judgedTo, other.judgedTo) || compare(one.madeAt, other.madeAt))
    .filter(({ agentType, madeAt, judgedTo }) => {
      const end = ends.get(agentType)
      if (end !== undefined && madeAt < end) return false
      ends.set(agentType, judgedTo)
      return true
    })
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
