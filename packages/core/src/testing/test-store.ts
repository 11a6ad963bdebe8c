/** A store of one test governor. */
export interface TestStore {
  /** Address of a Postgres database that has the schema of this release. */
  readonly database: string
  /** Takes it away, after the governor is closed. */
  drop(): Promise<void>
}

let make: (() => Promise<TestStore>) | undefined

/** Says where test governors of this process are from now on that are not told where; undefined: in memory. */
export function beginTestGovernorsAt(provider: typeof make): void {
  make = provider
}

/** A store for a test governor that is not told where it is; undefined for memory. */
export async function takeTestStore(): Promise<TestStore | undefined> {
  return make?.()
}
