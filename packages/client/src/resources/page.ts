/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Hand it back as `cursor` for the next page; null at the end. */
  readonly next: string | null
}

/** What every list takes. */
export interface PageQuery {
  /** 1 to 100; default 50. */
  readonly limit?: number
  /** `next` of the page before. */
  readonly cursor?: string
}
