import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { addUpSomeActivity, findUnsummed } from './activity-store.ts'
import { addCounts, findUncounted, moveHead, readProgress } from './decision-sum-store.ts'

// An embedded database has one connection: what adds up holds it for milliseconds at a time.
const SEALS = 2_000

const ROWS = 5_000

/** Finds the workspaces in which something was not added up yet. */
export async function findNotAddedUp(tx: Tx): Promise<readonly string[]> {
  return [...new Set([...(await findUncounted(tx)), ...(await findUnsummed(tx))])]
}

/** Adds up what analyses count of a workspace: decisions, and what came to its end. */
export async function addUp(context: GovernorContext, workspace: string): Promise<void> {
  await addUpDecisions(context, workspace)
  for (;;) {
    const added = await inWorkspace(context.database, { workspace, retry: true }, (tx) => addUpSomeActivity(tx, ROWS))
    if (added < ROWS) return
  }
}

/** Adds up the decisions of a workspace that were sealed since the last time; gives how many seals it looked at. */
export async function addUpDecisions(context: GovernorContext, workspace: string): Promise<number> {
  let total = 0
  for (;;) {
    const added = await addUpSome(context, workspace)
    total += added
    if (added < SEALS) return total
  }
}

function addUpSome(context: GovernorContext, workspace: string): Promise<number> {
  return inWorkspace(context.database, { workspace }, async (tx) => {
    const { counted, sealed } = await readProgress(tx)
    const seals = { after: counted, to: Math.min(sealed, counted + SEALS) }
    if (seals.to === counted) return 0
    // Whoever moves the head counts what it passes, nobody else.
    if (!(await moveHead(tx, { ...seals, at: isoTime(context.clock.now()) }))) return 0
    await addCounts(tx, seals)
    return seals.to - seals.after
  })
}
