import { noteFingerprint } from './agents/note-fingerprint.ts'
import type { GovernorContext } from './context.ts'
import { claim } from './executions/claim.ts'
import { releaseClaim } from './executions/release-claim.ts'
import { findPrior } from './find-prior.ts'
import { findUsableGrant } from './grants/find-grant.ts'
import { useGrant } from './grants/use-grant.ts'
import { isoTime } from './kernel/clock.ts'
import { propose } from './proposals/propose.ts'
import { redeem } from './proposals/redeem.ts'
import { enqueue } from './queue/enqueue.ts'
import { dropQueued, holdQueued, startQueued } from './queue/start-queued.ts'
import type { Consequences } from './routing/consequences.ts'
import type { AgentWatching, WatchContext } from './supervision/agent-watch.ts'
import { awaitSupervisor } from './supervision/await-supervisor.ts'
import { beginStep } from './supervision/begin-step.ts'
import { takeGuidance } from './supervision/deliver-corrections.ts'
import { endSessionIn } from './supervision/end-session.ts'
import { endStep, withholdStep } from './supervision/step-store.ts'
import { supervise, watch } from './supervision/supervise.ts'
import { watchOf } from './supervision/watch-of.ts'
import { block } from './training/block.ts'

/** Wires what follows from a decision to the features that do it. */
export function consequencesOf(governor: GovernorContext, agentWatch: AgentWatching): Consequences {
  const context: WatchContext = { ...governor, agentWatch }
  return {
    findPrior,
    claim: (tx, request) => claim(context, tx, request),
    redeem: (tx, request) => redeem(context, tx, request),
    findGrant: (tx, search) => findUsableGrant(context, tx, search),
    useGrant,
    release: (attempt, held) => releaseClaim(context, attempt, held),
    propose: (tx, request) => propose(context, tx, request),
    train: (tx, ruled) => block(context, tx, ruled),
    supervise: (tx, request) => supervise(context, tx, request),
    watch: (tx, request) => watch(context, tx, request),
    enqueue: (tx, request) => enqueue(context, tx, request),
    holdQueued: (tx, id) => holdQueued(context, tx, id),
    dropQueued: (tx, drop) => dropQueued(context, tx, drop),
    startQueued: (tx, start) => startQueued(context, tx, start),
    awaitSupervisor: (wait) => awaitSupervisor(context, wait),
    beginStep: (tx, request) => beginStep(context, tx, request),
    takeGuidance: (tx, step) => takeGuidance(context, tx, step),
    endStep: (tx, id) => endStep(tx, id, isoTime(context.clock.now())),
    withholdStep: async (tx, id) =>
      void (await withholdStep(tx, { id, objectedBy: null, at: isoTime(context.clock.now()) })),
    watchOf,
    endSession: (tx, end) => endSessionIn(context, tx, { ...end, actor: 'system:supervision' }),
    noteFingerprint: (tx, seen) => noteFingerprint(context, tx, seen),
  }
}
