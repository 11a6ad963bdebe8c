import { isoTime, redactText, type Tx } from '@preceptor/core/plugin'
import type { CollaborationPorts, EndedStep } from '../ports/collaboration-ports.ts'
import { holdCollaboration } from './collaboration-store.ts'
import { voteTurnEnded } from './consensus/vote-turn-ended.ts'
import { delegatedTurnEnded } from './delegations/delegated-turn-ended.ts'
import { aggregateTurnEnded, planTurnEnded } from './modes/hierarchical.ts'
import { workTurnEnded } from './modes/modes.ts'
import { endTurn } from './turn-store.ts'

/**
 * Goes on with a collaboration when a step of it ended, in the transaction that ended the step. What is told twice, or of a
 * turn that was taken back, changes nothing.
 */
export async function collaborationStepEnded(ports: CollaborationPorts, tx: Tx, step: EndedStep): Promise<void> {
  const session = await holdCollaboration(tx, step.ownerId)
  if (session?.state !== 'running') return
  const turn = await endTurn(tx, step.id, endOf(step, isoTime(ports.context.clock.now())))
  if (turn === undefined) return
  switch (turn.phase) {
    case 'work':
      return workTurnEnded(ports, tx, session, turn)
    case 'plan':
      return planTurnEnded(ports, tx, session, turn)
    case 'delegated':
      return delegatedTurnEnded(ports, tx, session, turn)
    case 'aggregate':
      return aggregateTurnEnded(ports, tx, session, turn)
    case 'vote':
      return voteTurnEnded(ports, tx, session, turn)
    default:
      return turn.phase satisfies never
  }
}

function endOf({ state, output, failure }: EndedStep, at: string): Parameters<typeof endTurn>[2] {
  if (state === 'succeeded') return { state, output, failure: null, at }
  const { code, message } = failure ?? { code: 'STEP_FAILED', message: 'The step was cancelled.' }
  return { state: 'failed', output: null, failure: { code, message: redactText(message) }, at }
}
