import type { StepType, WorkflowRun, WorkflowSchedule, WorkflowStepRun } from '@preceptor/orchestration/client'
import type { Text } from '../text/use-text.ts'
import type { GraphEdge } from './workflow-graph.ts'
import type { WorkflowsKey } from './workflows-messages.ts'

/** State of a step in a run. */
export type StepState = WorkflowStepRun['state']

/** The shape that stands for a state, beside its word and its colour. */
export const STATE_SHAPES: Readonly<Record<StepState | WorkflowRun['state'], string>> = {
  pending: '○',
  running: '▶',
  waiting: '◔',
  succeeded: '✓',
  completed: '✓',
  failed: '✕',
  outcome_unknown: '?',
  cancelled: '⊘',
}

/** Tone of a state. */
export const STATE_TONES: Readonly<Record<StepState | WorkflowRun['state'], string>> = {
  pending: 'quiet',
  running: 'info',
  waiting: 'warn',
  succeeded: 'good',
  completed: 'good',
  failed: 'bad',
  outcome_unknown: 'warn',
  cancelled: 'quiet',
}

/** The word of each state. */
export const STATE_KEYS: Readonly<Record<StepState | WorkflowRun['state'], WorkflowsKey>> = {
  pending: 'statePending',
  running: 'stateRunning',
  waiting: 'stateWaiting',
  succeeded: 'stateSucceeded',
  completed: 'stateCompleted',
  failed: 'stateFailed',
  outcome_unknown: 'stateUnknown',
  cancelled: 'stateCancelled',
}

/** The word of each step type. */
export const TYPE_KEYS: Readonly<Record<StepType, WorkflowsKey>> = {
  agent: 'typeAgent',
  api_call: 'typeApiCall',
  approval: 'typeApproval',
  condition: 'typeCondition',
  parallel: 'typeParallel',
  transform: 'typeTransform',
}

/** What is done with a due time while the run before goes on. */
export const OVERLAP_KEYS: Readonly<Record<WorkflowSchedule['overlap'], WorkflowsKey>> = {
  skip: 'overlapSkip',
  allow: 'overlapAllow',
}

const WAY_KEYS: Readonly<Record<Exclude<GraphEdge['kind'], 'next' | 'when' | 'into'>, WorkflowsKey>> = {
  otherwise: 'wayOtherwise',
  error: 'wayError',
  reject: 'wayReject',
  expire: 'wayExpire',
}

/** What stands beside a way; null for one that needs no words. */
export function wayText({ kind, label }: GraphEdge, t: Text<WorkflowsKey>): string | null {
  if (kind === 'next') return null
  return kind === 'when' || kind === 'into' ? label : t(WAY_KEYS[kind])
}
