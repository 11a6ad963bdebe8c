import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import type { RecordKey } from './store.ts'

const RECORDS = 100

/** What a job does to records. */
export interface RecordJob {
  readonly name: string
  /** Lists what is to be looked at, after a key in their order. */
  readonly list: (tx: Tx, page: { readonly after: RecordKey; readonly limit: number }) => Promise<readonly RecordKey[]>
  /** Whether it changed anything. */
  readonly act: (tx: Tx, key: RecordKey) => Promise<boolean>
}

/**
 * Goes through the records of a workspace, each in a transaction of its own; gives how many changed. A fault with one is
 * told to the host, once for all of them, and holds up no other: the job is run again anyway.
 */
export async function eachRecord(context: GovernorContext, workspace: string, job: RecordJob): Promise<number> {
  const faults: string[] = []
  let total = 0
  let after: RecordKey = { agent: '', capability: '' }
  for (;;) {
    const page = { after, limit: RECORDS }
    const keys = await inWorkspace(context.database, { workspace }, (tx) => job.list(tx, page))
    for (const key of keys) {
      try {
        if (await inWorkspace(context.database, { workspace, retry: true }, (tx) => job.act(tx, key))) total += 1
      } catch (error) {
        faults.push(`${key.agent} at ${key.capability}: ${String(error)}`)
      }
    }
    const last = keys.at(-1)
    if (last === undefined) break
    after = last
  }
  const [first] = faults
  if (first === undefined) return total
  const others = faults.length === 1 ? '' : ` (and ${faults.length - 1} others)`
  const message = `${job.name} in ${workspace} passed over ${first}${others}`
  context.report({ level: 'error', code: 'NOTICE', message })
  return total
}
