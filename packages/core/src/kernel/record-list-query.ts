/** A page of records of agents, as a store reads it. */
export interface RecordListQuery {
  /** Records of this agent only. */
  readonly agent: string | null
  /** Records of these agents only: what the caller may see. */
  readonly only: readonly string[] | null
  /** Records in this state only, or `active` for everything that has not ended. */
  readonly state: string | null
  /** Records older than this place only. */
  readonly before: { readonly at: string; readonly id: string } | null
  readonly limit: number
}
