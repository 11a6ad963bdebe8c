/** There is less than a statement needs, so that none is made. */
export interface TooFew {
  readonly outcome: 'too_few'
  /** What there is. */
  readonly n: number
  /** What it takes. */
  readonly needed: number
}
