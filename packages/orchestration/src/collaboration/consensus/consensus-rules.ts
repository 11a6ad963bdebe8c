/** What a vote is decided by; fixed when it is opened. Whole numbers only, so that a limit is met exactly or not at all. */
export interface Question {
  readonly options: readonly string[]
  /** Basis points of the weight that was cast, above 5,000: one option can have it at most. */
  readonly threshold: number
  /** Members who have to take part, abstaining included. */
  readonly quorum: number
}

/** What one member said. */
export interface Ballot {
  /** Null for an abstention. */
  readonly option: string | null
  /** Basis points. */
  readonly weight: number
}

/** A vote as it stands. */
export interface VoteStanding {
  readonly ballots: readonly Ballot[]
  /** Weights of those who can still vote. */
  readonly remaining: readonly number[]
}

/** How a vote stands: open as long as those who can still vote could change how it ends, whatever they do. */
export type Verdict =
  | { readonly outcome: 'open' }
  | { readonly outcome: 'decided'; readonly option: string }
  | { readonly outcome: 'undecided' }

/** What was cast, by option in the order of the options. */
export interface Count {
  readonly options: readonly { readonly option: string; readonly votes: number; readonly weight: number }[]
  readonly abstained: number
  /** Weight of everybody who named an option. */
  readonly castWeight: number
}

const WHOLE = 10_000

/** Counts ballots. Their order does not matter. */
export function countBallots(options: readonly string[], ballots: readonly Ballot[]): Count {
  const counted = options.map((option) => {
    const own = ballots.filter((ballot) => ballot.option === option)
    return { option, votes: own.length, weight: sumOf(own.map(({ weight }) => weight)) }
  })
  return {
    options: counted,
    abstained: ballots.filter(({ option }) => option === null).length,
    castWeight: sumOf(counted.map(({ weight }) => weight)),
  }
}

/**
 * Decides a vote. An option wins when it has the threshold of the weight that was cast and the quorum took part. It is
 * decided early only where nothing that those who can still vote do, staying away included, would change it.
 */
export function decideVote(question: Question, { ballots, remaining }: VoteStanding): Verdict {
  const { options, castWeight } = countBallots(question.options, ballots)
  const left = sumOf(remaining)
  const isQuorate = ballots.length >= question.quorum
  const canBeQuorate = ballots.length + remaining.length >= question.quorum
  // At worst for an option, all who are left are for another one.
  const winner = options.find(({ weight }) => isQuorate && hasThreshold(question, weight, castWeight + left))
  if (winner !== undefined) return { outcome: 'decided', option: winner.option }
  // At best for an option, all who are left are for it.
  const canWin = options.some(({ weight }) => canBeQuorate && hasThreshold(question, weight + left, castWeight + left))
  return { outcome: canWin ? 'open' : 'undecided' }
}

/** Decides a vote that is over: who has not voted stays away. */
export function closeVote(question: Question, ballots: readonly Ballot[]): Exclude<Verdict, { outcome: 'open' }> {
  const verdict = decideVote(question, { ballots, remaining: [] })
  return verdict.outcome === 'open' ? { outcome: 'undecided' } : verdict
}

/** The members who have to take part unless it is said: more than half. */
export function defaultQuorum(electors: number): number {
  return Math.floor(electors / 2) + 1
}

function hasThreshold({ threshold }: Question, weight: number, castWeight: number): boolean {
  return weight > 0 && weight * WHOLE >= threshold * castWeight
}

function sumOf(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0)
}
