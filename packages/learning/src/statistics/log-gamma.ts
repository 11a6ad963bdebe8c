// The coefficients for g = 7 and nine terms (P. Godfrey, 2001).
const G = 7
const FIRST = 0.9999999999998099
const OTHERS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
]
const HALF_LOG_TWO_PI = 0.9189385332046727

/**
 * `log Gamma(x)` for x of 0.5 or more, to about 1e-14 of its size.
 *
 * The approximation of C. Lanczos, SIAM J. Numer. Anal. B 1 (1964) 86-96.
 */
export function logGamma(x: number): number {
  const shifted = x - 1
  const sum = OTHERS.reduce((total, coefficient, index) => total + coefficient / (shifted + index + 1), FIRST)
  const base = shifted + G + 0.5
  return HALF_LOG_TWO_PI + (shifted + 0.5) * Math.log(base) - base + Math.log(sum)
}
