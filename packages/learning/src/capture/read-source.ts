import type { Tx } from '@preceptor/core/plugin'
import type { FeedbackDraft } from '../feedback/record-feedback.ts'
import { findCorrection, findGradedByPerson, findVersions, type SourceRow } from './capture-store.ts'
import { type CapturedDraft, ofEdit, ofGrading, ofIntervention, ofRejection } from './draft-of.ts'

/** Reads the correction that stands behind a row of the journal; null where none does. */
export async function readSource(tx: Tx, row: SourceRow): Promise<FeedbackDraft | null> {
  const { id, kind, subject, agent, body } = row
  const { actor } = body
  if (typeof actor !== 'string') return null
  const draft = await draftOf(tx, row)
  if (draft === null) return null
  const about = { kind: ABOUT[kind], id: subject }
  return { ...draft, agent, about, actor, origin: 'captured', source: id }
}

const ABOUT = {
  'proposal.edited': 'proposal',
  'proposal.rejected': 'proposal',
  'intervention.requested': 'supervision_session',
  'training_session.progressed': 'training_session',
} as const

async function draftOf(tx: Tx, { kind, subject, body }: SourceRow): Promise<CapturedDraft | null> {
  switch (kind) {
    case 'proposal.edited':
    case 'proposal.rejected': {
      const { version, category, reason } = body
      if (typeof version !== 'number') return null
      const versions = await findVersions(tx, { id: subject, version })
      if (versions === undefined) return null
      if (kind === 'proposal.edited') return ofEdit(versions)
      if (typeof reason !== 'string') return null
      return ofRejection(versions, { category: typeof category === 'string' ? category : 'other', reason })
    }
    case 'intervention.requested': {
      const { intervention, type } = body
      if (type !== 'correct' || typeof intervention !== 'string') return null
      const correction = await findCorrection(tx, intervention)
      return correction === undefined ? null : ofIntervention(correction)
    }
    case 'training_session.progressed': {
      const { scenario, score } = body
      if (typeof scenario !== 'string' || typeof score !== 'number') return null
      const graded = await findGradedByPerson(tx, { session: subject, scenario })
      return graded === undefined ? null : ofGrading(graded)
    }
    default:
      return kind satisfies never
  }
}
