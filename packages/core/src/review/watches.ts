import { setTimeout as delay } from 'node:timers/promises'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { factsAbout } from '../routing/current-facts.ts'
import type { AgentWatching } from '../supervision/agent-watch.ts'
import { findWatchable } from '../supervision/agent-watch-store.ts'
import { attachReviewer, type SessionPlace } from './attach-reviewer.ts'
import { readCandidates } from './read-candidates.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import { holdReviews } from './reviewer-store.ts'
import { mayWatch } from './watch-rules.ts'
import { watchSession } from './watch-session.ts'
import { markReady } from './watch-store.ts'

/** The watches that reviewers of this process keep. */
export interface Watches extends AgentWatching {
  /**
   * Says that the reviewers of this process could watch, and lets them watch what waits for one, at most `limit` sessions;
   * gives how many.
   *
   * @throws GovernanceError the code of a fault.
   */
  turn(limit: number): Promise<number>
  /** Renews nothing any more: what is watched lapses. */
  close(): Promise<void>
}

const READY_FOR_MS = 10_000
const SAID_EVERY_MS = 3_000
const LOOK_AGAIN_MS = 500

/** Opens the watches of a process. */
export function createWatches(dependencies: ReviewDependencies): Watches {
  const { context, reviewers, workspaces } = dependencies
  const ending = new AbortController()
  const watching = new Map<string, Promise<void>>()
  const attending = new Set<string>()
  const saidAt = new Map<string, number>()

  async function attach(place: SessionPlace): Promise<boolean> {
    const { workspace, id: sessionId } = place
    const key = `${workspace} ${sessionId}`
    // A watch that has lapsed ends before the next one begins.
    if (ending.signal.aborted || watching.has(key)) return false
    const reviewer = await attachReviewer(dependencies, place)
    if (reviewer === null) return false
    const watch = watchSession(dependencies, { workspace, sessionId, reviewer, signal: ending.signal })
    watching.set(key, watch)
    void watch.finally(() => watching.delete(key))
    return true
  }

  const isHere = (workspace: string): boolean => reviewers.of(workspace).size > 0

  async function attendOnce(place: SessionPlace, key: string): Promise<void> {
    try {
      await attach(place)
      await delay(LOOK_AGAIN_MS, undefined, { ref: false, signal: ending.signal })
    } catch (error) {
      if (!ending.signal.aborted) report(dependencies, place.id, error)
    } finally {
      attending.delete(key)
    }
  }

  return {
    isHere,
    attend(place) {
      const key = `${place.workspace} ${place.id}`
      if (ending.signal.aborted || attending.has(key) || !isHere(place.workspace)) return
      attending.add(key)
      void attendOnce(place, key)
    },
    async turn(limit) {
      let attached = 0
      for (const workspace of workspaces.filter(isHere)) {
        const now = context.clock.monotonic()
        const says = now - (saidAt.get(workspace) ?? Number.NEGATIVE_INFINITY) >= SAID_EVERY_MS
        const found = await lookIn(dependencies, { workspace, limit, says })
        if (says) saidAt.set(workspace, now)
        for (const id of found) if (await attach({ workspace, id })) attached += 1
      }
      return attached
    },
    async close() {
      ending.abort()
      await Promise.all(watching.values())
    },
  }
}

/** The sessions to which a reviewer may come. */
function lookIn(
  dependencies: ReviewDependencies,
  { workspace, limit, says }: { readonly workspace: string; readonly limit: number; readonly says: boolean },
): Promise<readonly string[]> {
  const { context } = dependencies
  return inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    if ((await newestPolicyDocument(tx)).supervision?.reviewers !== true) return []
    if (says) await sayReady(dependencies, tx)
    return findWatchable(tx, { at: isoTime(context.clock.now()), limit })
  })
}

/** Says which reviewers of this process could watch. */
async function sayReady(dependencies: ReviewDependencies, tx: Tx): Promise<void> {
  const { context, gate } = dependencies
  await holdReviews(tx)
  const { stops } = await factsAbout(gate, tx, { agents: [], hold: false })
  const until = isoTime(context.clock.now() + READY_FOR_MS)
  for (const candidate of await readCandidates(dependencies, tx, { stops })) {
    const isOut = candidate.isSuspended || candidate.isStopped
    const risks = isOut ? [] : (['medium', 'safe'] as const).filter((risk) => mayWatch(candidate, [{ risk }]))
    await markReady(tx, { agent: candidate.agent.id, risk: risks[0] ?? null, until })
  }
}

function report({ context }: ReviewDependencies, session: string, error: unknown): void {
  const message = `No reviewer could look at ${session}: ${String(error)}`
  context.report({ level: 'warn', code: 'NOTICE', message })
}
