import type { ScenarioAnswer, ScenarioRun, TrainingSessionDetail } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useSignedIn } from '../data/session-context.ts'
import { type Act, useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { TRAINING } from './training-messages.ts'

/** What a form about an open scenario needs. */
export interface RunFormProps {
  readonly session: TrainingSessionDetail
  readonly run: ScenarioRun
  /** It was entered; this is the session afterwards. */
  readonly onDone: (session: TrainingSessionDetail) => void
}

/** Enters an answer or a score, and puts the session as it then is on the page. */
export function useEnter({ session, onDone }: Pick<RunFormProps, 'session' | 'onDone'>): Act<ScenarioAnswer> {
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  return useAct<ScenarioAnswer, TrainingSessionDetail>({
    does: (entry) => scope.trainingSessions.answer(session.id, entry),
    says: (_, entry) => t(entry.score === undefined ? 'answerSaved' : 'scoreSaved'),
    onDone: (after) => {
      client.setQueryData(['training', 'session', session.id], after)
      onDone(after)
    },
  })
}
