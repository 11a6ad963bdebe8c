import { GovernanceError } from '@preceptor/client'

/** Counted outcomes of one kind, since the last transition. */
export interface Sample {
  readonly successes: number
  readonly failures: number
}

/** At or above this much evidence a gate passes: one false promotion in twenty at most, whenever one looks. */
export const ENOUGH_EVIDENCE = 20

/**
 * How strongly a sample speaks for a success rate above `p0`: an e-value, which stays valid under continuous looking.
 *
 * It is the likelihood ratio against `p0`, averaged over every rate q uniform in (p0, 1]:
 * `mean of (q/p0)^k ((1-q)/(1-p0))^(n-k)` for k successes of n. The integral over q is an incomplete beta function,
 * which is a tail of the binomial distribution: `B(k+1, n-k+1) P(Bin(n+1, p0) <= k)`. (Ville's inequality; Robbins'
 * method of mixtures.)
 *
 * @throws GovernanceError `FACT_INVALID` for a rate outside of (0, 1) or a count that is none.
 */
export function promotionEvidence(sample: Sample, p0: number): number {
  return Math.exp(logPromotionEvidence(sample, p0))
}

/** How much of the evidence that is needed is there, 0 to 1: `log E / log 20`. */
export function evidenceShare(sample: Sample, p0: number): number {
  return Math.min(1, Math.max(0, logPromotionEvidence(sample, p0) / Math.log(ENOUGH_EVIDENCE)))
}

/** How many successes in a row would be enough from here. */
export function successesMissing(sample: Sample, p0: number): number {
  const isEnough = (more: number): boolean =>
    promotionEvidence({ ...sample, successes: sample.successes + more }, p0) >= ENOUGH_EVIDENCE
  if (isEnough(0)) return 0
  let most = 1
  while (!isEnough(most)) most *= 2
  // A success never takes evidence away, so that the least number is found by halving.
  let least = Math.floor(most / 2)
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2)
    if (isEnough(middle)) most = middle
    else least = middle
  }
  return most
}

function logPromotionEvidence({ successes, failures }: Sample, p0: number): number {
  assertRate(p0)
  assertCount(successes)
  assertCount(failures)
  const logBeta = logFactorial(successes) + logFactorial(failures) - logFactorial(successes + failures + 1)
  const logTail = logBinomialTail({ trials: successes + failures + 1, most: successes, rate: p0 })
  return logBeta + logTail - successes * Math.log(p0) - (failures + 1) * Math.log1p(-p0)
}

/** `log P(Bin(trials, rate) <= most)`, summed from its largest term, which keeps every digit that matters. */
function logBinomialTail(tail: { readonly trials: number; readonly most: number; readonly rate: number }): number {
  const { trials, most, rate } = tail
  const logs: number[] = []
  let term = trials * Math.log1p(-rate)
  for (let count = 0; count <= most; count += 1) {
    logs.push(term)
    term += Math.log((trials - count) / (count + 1)) + Math.log(rate) - Math.log1p(-rate)
  }
  const largest = logs.reduce((first, second) => Math.max(first, second))
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0))
}

const LOG_FACTORIALS: number[] = [0]

function logFactorial(count: number): number {
  for (let next = LOG_FACTORIALS.length; next <= count; next += 1) {
    LOG_FACTORIALS.push((LOG_FACTORIALS[next - 1] ?? 0) + Math.log(next))
  }
  return LOG_FACTORIALS[count] ?? 0
}

function assertRate(rate: number): void {
  if (rate > 0 && rate < 1) return
  throw new GovernanceError('FACT_INVALID', { message: `A success rate is between 0 and 1, not ${rate}.` })
}

// More outcomes than an agent ever has between two transitions; it bounds the work, too.
const MOST = 1_000_000

function assertCount(count: number): void {
  if (Number.isInteger(count) && count >= 0 && count <= MOST) return
  throw new GovernanceError('FACT_INVALID', {
    message: `A count of outcomes is a whole number up to ${MOST}, not ${count}.`,
  })
}
