import type { Fingerprint, Trigger } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { compareFingerprints } from './fingerprint.ts'
import { capFingerprint, extendFingerprint } from './store.ts'

/** A build that an adapter saw. */
export interface SeenBuild {
  readonly attempt: { readonly trigger: Trigger; readonly actor: Actor }
  readonly agent: { readonly id: string; readonly fingerprint: Fingerprint }
}

/** Records the parts of a build that were seen for the first time; caps the agent when a recorded part changed. */
export async function noteFingerprint(context: GovernorContext, tx: Tx, { attempt, agent }: SeenBuild): Promise<void> {
  const seen = compareFingerprints(agent.fingerprint, attempt.trigger.fingerprint)
  switch (seen.result) {
    case 'same':
      return
    case 'extended':
      await extendFingerprint(tx, agent.id, seen.fingerprint)
      return
    case 'changed': {
      if (!(await capFingerprint(tx, agent.id, isoTime(context.clock.now())))) return
      const body = { actor: actorName(attempt.actor), part: seen.part }
      await context.journal.append(tx, { kind: 'agent.capped', subject: agent.id, agent: agent.id, body })
      return
    }
    default:
      seen satisfies never
  }
}
