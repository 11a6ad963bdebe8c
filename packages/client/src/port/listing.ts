import type { Page } from '../resources/page.ts'
import type { RecordQuery } from '../resources/records.ts'

/** Reading a kind of record. */
export interface Listing<T> {
  /** @throws GovernanceError `NOT_FOUND`, also for records of another workspace. */
  get(id: string): Promise<T>
  list(query?: RecordQuery): Promise<Page<T>>
}
