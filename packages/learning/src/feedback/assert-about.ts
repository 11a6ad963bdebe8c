import { recordNotFound, type Tx } from '@preceptor/core/plugin'
import type { FeedbackPorts, NamedRecord } from '../ports/feedback-ports.ts'
import { findsCoreRecord } from './about-store.ts'

/**
 * Sees to it that what feedback is about is there, in this workspace and of that agent. What runs outside of the gate is
 * taken at its word.
 *
 * @throws GovernanceError `NOT_FOUND`
 */
export async function assertAbout(ports: FeedbackPorts, tx: Tx, record: NamedRecord): Promise<void> {
  const { kind, id, agent } = record
  const isFound =
    (await findsCoreRecord(tx, record)) ?? (kind === 'learning_session' ? await ports.recordExists(tx, record) : true)
  if (!isFound) throw recordNotFound(`${kind.replace('_', ' ')} of ${agent}`, id)
}
