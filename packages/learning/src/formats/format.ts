import type { Check, CheckKind } from '../strategies/checks/check.ts'

/** The form of an answer. */
export interface Format {
  readonly name: string
  /** What the improver is told about the form. */
  readonly instruction: string
  /** The kinds of a strategy's checks that apply. */
  readonly checkKinds: readonly CheckKind[]
  /** Checks of the form itself, beside those of the strategy. */
  readonly checks: readonly Check[]
  /** Takes the answer out of what a model wrote around it. */
  unwrap(text: string): string
}
