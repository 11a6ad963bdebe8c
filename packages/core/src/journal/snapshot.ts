/** A snapshot of the database: which transactions it sees. */
export interface Snapshot {
  /** Every transaction from here on is unseen. */
  readonly end: bigint
  /** Transactions before the end that were still running, and so are unseen too. */
  readonly running: readonly bigint[]
}

/** Sees nothing. */
export const EMPTY_SNAPSHOT: Snapshot = { end: 1n, running: [] }

/** Reads the text form `xmin:xmax:xip_list` of Postgres. */
export function parseSnapshot(text: string): Snapshot {
  const [, end = '1', running = ''] = text.split(':')
  return { end: BigInt(end), running: running === '' ? [] : running.split(',').map(BigInt) }
}

/** Writes the text form of Postgres. */
export function snapshotText({ end, running }: Snapshot): string {
  return `${running[0] ?? end}:${end}:${running.join(',')}`
}

/** The same snapshot without the transactions from `end` on. */
export function cutSnapshot(snapshot: Snapshot, end: bigint): Snapshot {
  return end >= snapshot.end ? snapshot : { end, running: snapshot.running.filter((xid) => xid < end) }
}
