/**
 * The quantile of a continuous distribution that is symmetric about 0, found from its upper tail by halving until two
 * neighbouring numbers are left; so it is as exact as the tail is.
 *
 * @param probability strictly between 0 and 1; the caller has checked it.
 * @param upperTail `P(X > x)` for x of 0 or more, falling.
 */
export function symmetricQuantile(probability: number, upperTail: (x: number) => number): number {
  if (probability === 0.5) return 0
  if (probability < 0.5) return -upperQuantile(probability, upperTail)
  return upperQuantile(1 - probability, upperTail)
}

function upperQuantile(tail: number, upperTail: (x: number) => number): number {
  let low = 0
  let high = 1
  while (upperTail(high) > tail) {
    low = high
    high *= 2
  }
  for (;;) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) return middle
    if (upperTail(middle) > tail) low = middle
    else high = middle
  }
}
