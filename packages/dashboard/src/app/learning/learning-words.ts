import type { Experiment, FeedbackKind, LearningSession, SessionMode, Trend } from '@preceptor/learning/client'
import type { LearningKey } from './learning-messages.ts'

/** The word of each kind of feedback. */
export const KIND_KEYS: Readonly<Record<FeedbackKind, LearningKey>> = {
  positive: 'kindPositive',
  negative: 'kindNegative',
  correction: 'kindCorrection',
  suggestion: 'kindSuggestion',
}

/** The word, shape and tone of each state of a session, a training run or an experiment. */
export const STATES: Readonly<
  Record<LearningSession['state'] | Experiment['state'], readonly [key: LearningKey, shape: string, tone: string]>
> = {
  pending: ['statePending', '○', 'quiet'],
  running: ['stateRunning', '▶', 'info'],
  completed: ['stateCompleted', '✓', 'good'],
  failed: ['stateFailed', '✕', 'bad'],
  decided: ['stateDecided', '✓', 'good'],
  inconclusive: ['stateInconclusive', '≈', 'warn'],
  stopped: ['stateStopped', '■', 'quiet'],
}

/** The word of each mode of a session. */
export const MODE_KEYS: Readonly<Record<SessionMode, LearningKey>> = {
  continuous: 'modeContinuous',
  batch: 'modeBatch',
  adaptive: 'modeAdaptive',
}

/** The word and shape of where improvements go. */
export const DIRECTIONS: Readonly<
  Record<(Trend & { state: 'known' })['direction'], readonly [key: LearningKey, shape: string]>
> = {
  improving: ['improving', '↗'],
  stable: ['stable', '→'],
  declining: ['declining', '↘'],
}
