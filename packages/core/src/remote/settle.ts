import { GovernanceError, type RemoteEnd } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isSettled, KINDS, type Settlement, settle } from '../executions/settle.ts'
import { isSelfReported, storableOutcome } from '../executions/storable-outcome.ts'
import type { DecidedClaim } from '../executions/store.ts'
import { listJournal } from '../journal/list-journal.ts'
import { endSessionIn } from '../supervision/end-session.ts'
import { findSession } from '../supervision/store.ts'
import { getHeldClaim } from './held-claim.ts'
import { recordRemoteRefusal } from './record-refusal.ts'

type Ending = RemoteEnd & { readonly decisionId: string }

/**
 * Records the end of a run in another process, and ends the session of one that was a single call.
 *
 * @throws GovernanceError `EXECUTION_FENCED`, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function settleRemote(context: GovernorContext, actor: Actor, ending: Ending): Promise<void> {
  const { agent, decisionId, fence, outcome, refusal } = ending
  authorize(actor, 'decisions.report', { agent })
  const end = outcome.status === 'released' ? outcome : storableOutcome(outcome, actor)
  if (fence === null) await recordSafeEnd(context, actor, { agent, decisionId, status: end.status })
  else await settleClaim(context, actor, { ...ending, fence, end })
  if (end.status === 'released' && refusal !== undefined)
    await recordRemoteRefusal(context, actor, { decisionId, refusal })
}

async function settleClaim(
  context: GovernorContext,
  actor: Actor,
  settled: Ending & { readonly fence: number; readonly end: Settlement['end'] },
): Promise<void> {
  const { agent, decisionId, fence, end, session } = settled
  const { workspace } = actor
  const options = { workspace, deadlineMs: context.settings.deadlineMs }
  const held = await inWorkspace(context.database, options, (tx) => getHeldClaim(tx, actor, { decisionId, agent }))
  const proof = { executionId: held.executionId, fence }
  const settlement = {
    workspace,
    agent,
    actor: actorName(actor),
    decisionId,
    proof,
    sessionId: held.sessionId,
    end,
    isSelfReported: isSelfReported(actor),
  }
  // Only the answer to the first request may have been lost: then this fence has settled it already.
  if (!(await settle(context, settlement)) && !(await isSettled(context, settlement))) {
    throw new GovernanceError('EXECUTION_FENCED')
  }
  if (session !== undefined) await endOwnSession(context, actor, { held, decisionId, state: session })
}

/** A session that was opened for this one call ends with it; that of a longer run goes on. */
async function endOwnSession(
  context: GovernorContext,
  actor: Actor,
  ending: { readonly held: DecidedClaim; readonly decisionId: string; readonly state: 'completed' | 'failed' },
): Promise<void> {
  const { held, decisionId, state } = ending
  const { sessionId } = held
  if (sessionId === null) return
  try {
    await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
      if ((await findSession(tx, sessionId))?.run !== decisionId) return
      await endSessionIn(context, tx, { sessionId, state, reason: `The run ${state}.`, actor })
    })
  } catch (error) {
    // The run is over and recorded; an idle session is ended by the jobs.
    const message = `The session ${sessionId} of ${actorName(actor)} could not be ended: ${String(error)}`
    context.report({ level: 'warn', code: 'NOTICE', message })
  }
}

const ENDS: ReadonlySet<string> = new Set(Object.values(KINDS))
/** The decision, its end, and a repetition of either. */
const MOST_ROWS = 10

/** The end of a safe run, which claimed nothing: it stands beside its decision, once. */
async function recordSafeEnd(
  context: GovernorContext,
  actor: Actor,
  {
    agent,
    decisionId,
    status,
  }: { readonly agent: string; readonly decisionId: string; readonly status: keyof typeof KINDS },
): Promise<void> {
  const { workspace } = actor
  const read = async () =>
    (await listJournal(context, { workspace, query: { subject: decisionId, limit: MOST_ROWS }, only: null })).items
  let rows = await read()
  if (rows.length === 0) {
    await context.journal.flushed()
    rows = await read()
  }
  const made = rows.find(({ kind }) => kind === 'decision.made')
  const isOwn = made?.agent === agent && made.body.actor === actorName(actor)
  if (made === undefined || !isOwn || !isSafeRun(made.body.decision)) throw recordNotFound('safe run of', decisionId)
  if (rows.some(({ kind }) => ENDS.has(kind))) return
  const body = { actor: actorName(actor), decisionId, outcome: status }
  context.journal.buffer(workspace, { kind: KINDS[status], subject: decisionId, agent, body })
}

function isSafeRun(decision: unknown): boolean {
  if (typeof decision !== 'object' || decision === null) return false
  return Reflect.get(decision, 'route') === 'execution' && Reflect.get(decision, 'risk') === 'safe'
}
