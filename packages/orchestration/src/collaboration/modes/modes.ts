import type { Tx } from '@preceptor/core/plugin'
import type { CollaborationTurn } from '../../client/collaboration.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { openConsensus } from '../consensus/open-consensus.ts'
import { findLead, isCalled } from '../members.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { beginHierarchical } from './hierarchical.ts'
import { beginParallel, parallelTurnEnded } from './parallel.ts'
import { beginSequential, sequentialTurnEnded } from './sequential.ts'

/** What a collaboration lacks to begin in its mode; null when nothing. */
export function missingMembers({ mode, members }: StoredCollaboration): string | null {
  switch (mode) {
    case 'sequential':
    case 'parallel':
      return members.some(isCalled) ? null : 'has no agent with an action that could have a turn'
    case 'hierarchical': {
      const lead = findLead(members)
      if (lead === undefined || !isCalled(lead)) return 'has no lead with an action'
      return members.length > 1 ? null : 'has nobody to whom its lead could delegate'
    }
    case 'consensus':
      return members.length > 1 ? null : 'has one member only'
    default:
      return mode satisfies never
  }
}

/** Calls whoever has the first turn. */
export async function beginMode(ports: CollaborationPorts, tx: Tx, session: StoredCollaboration): Promise<void> {
  switch (session.mode) {
    case 'sequential':
      return beginSequential(ports, tx, session)
    case 'parallel':
      return beginParallel(ports, tx, session)
    case 'hierarchical':
      return beginHierarchical(ports, tx, session)
    case 'consensus': {
      const { consensus } = session.settings
      const { startedBy } = session
      if (consensus === undefined || startedBy === null) return
      await openConsensus(ports, tx, session, { draft: consensus, by: startedBy, isGoal: true })
      return
    }
    default:
      return session.mode satisfies never
  }
}

/** Goes on when a turn of the work itself ended. */
export async function workTurnEnded(
  ports: CollaborationPorts,
  tx: Tx,
  session: StoredCollaboration,
  turn: CollaborationTurn,
): Promise<void> {
  if (session.mode === 'sequential') await sequentialTurnEnded(ports, tx, session, turn)
  else await parallelTurnEnded(ports, tx, session, turn)
}
