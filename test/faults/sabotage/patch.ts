import type { RoundShape } from '../plan.ts'

/** One change of a built file. */
export interface Edit {
  /** Below `packages`, without its `dist`. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly find: string
  readonly replace: string
}

/** Takes one guard off the product, and names the run that must notice. */
export interface Patch {
  readonly name: string
  /** The promise that the guard keeps. */
  readonly guard: string
  readonly edits: readonly [Edit, ...Edit[]]
  /** SQL that takes the same guard off the database of the run, where the database holds it as well. */
  readonly schema?: string
  readonly run: { readonly kind: 'rounds'; readonly shape: RoundShape } | { readonly kind: 'queue' }
}
