import { getAgent, isoTime, type Tx } from '@preceptor/core/plugin'
import { agentTypeOf } from '../agent-type.ts'
import type { About, Example, Feedback, FeedbackKind } from '../client/feedback.ts'
import { addExample } from '../examples/add-example.ts'
import type { FeedbackPorts } from '../ports/feedback-ports.ts'
import { insertFeedback } from './feedback-store.ts'

/** Feedback that was found valid, with its texts redacted. */
export interface FeedbackDraft {
  readonly agent: string
  readonly kind: FeedbackKind
  readonly input: string
  readonly output: string
  readonly correction: string | null
  readonly comment: string | null
  readonly tags: readonly string[]
  readonly about: About
  readonly actor: string
  /** What can be learned from it; null where nothing can. */
  readonly lesson: Pick<Example, 'input' | 'output' | 'correction'> | null
  readonly origin: 'feedback' | 'captured'
  /** Id of the journal row that it was captured from; null where somebody gave it. */
  readonly source: string | null
}

/**
 * Writes feedback with the example that comes of it, and puts both on record.
 *
 * @throws GovernanceError `NOT_FOUND` for an agent that is not there.
 */
export async function recordFeedback(ports: FeedbackPorts, tx: Tx, draft: FeedbackDraft): Promise<Feedback> {
  const { clock, ids, journal } = ports.context
  const { lesson, origin, source, ...said } = draft
  const { agent, kind, tags, about, actor } = said
  const agentType = agentTypeOf(await getAgent(tx, agent))
  const added =
    lesson === null ? null : await addExample(ports, tx, { ...lesson, agent, agentType, tags, about, origin, actor })
  const feedback: Feedback = {
    ...said,
    id: ids.next('fbk'),
    agentType,
    exampleId: added?.id ?? null,
    createdAt: isoTime(clock.now()),
  }
  await insertFeedback(tx, feedback, source)
  await journal.append(tx, {
    kind: 'feedback.received',
    subject: feedback.id,
    agent,
    body: { actor, kind, about: { kind: about.kind, id: about.id }, tags, example: feedback.exampleId, origin, source },
  })
  return feedback
}
