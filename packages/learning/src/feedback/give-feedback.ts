import { type Actor, actorName, inWorkspace } from '@preceptor/core/plugin'
import type { Feedback, FeedbackRequest } from '../client/feedback.ts'
import type { FeedbackPorts } from '../ports/feedback-ports.ts'
import { assertAbout } from './assert-about.ts'
import { assertMayGive } from './assert-may-give.ts'
import { parseFeedback } from './parse-feedback.ts'
import { recordFeedback } from './record-feedback.ts'

/**
 * Records feedback that somebody gives; a correction becomes an example in the same transaction.
 *
 * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function giveFeedback(ports: FeedbackPorts, actor: Actor, asked: FeedbackRequest): Promise<Feedback> {
  ports.authorizer.authorize(actor, 'learning.feedback.give')
  const { correction = null, comment = null, tags = [], ...request } = parseFeedback(asked)
  assertMayGive(actor, request)
  const { agent, about, input, output } = request
  return inWorkspace(ports.context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    await assertAbout(ports, tx, { kind: about.kind, id: about.id, agent })
    return recordFeedback(ports, tx, {
      ...request,
      correction,
      comment,
      tags,
      actor: actorName(actor),
      lesson: correction === null ? null : { input, output, correction },
      origin: 'feedback',
      source: null,
    })
  })
}
