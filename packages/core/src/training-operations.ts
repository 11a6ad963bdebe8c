import type { BlockedTrigger, ControlScope, Listing } from '@preceptor/client'
import type { Actor } from './access/actor.ts'
import { readRecords } from './access/read-records.ts'
import { designTraining } from './meta-agent/design-training.ts'
import type { MetaAgentDependencies } from './meta-agent/meta-agent-dependencies.ts'
import { answerScenario } from './training/answer-scenario.ts'
import { findBlockedTrigger, listBlockedTriggers } from './training/blocked-store.ts'
import { completeTraining } from './training/complete-session.ts'
import { approveTraining, rejectTraining } from './training/decide-training.ts'
import { moveTrainingSession } from './training/move-session.ts'
import { findTrainingProposal, listTrainingProposals } from './training/proposal-store.ts'
import { readTrainingSession, readTrainingSessions } from './training/read-sessions.ts'
import { retryBlocked } from './training/retry-blocked.ts'
import { importScenarios, readScenarios } from './training/scenario-catalogue.ts'

type TrainingOperations = Pick<ControlScope, 'blockedTriggers' | 'trainingProposals' | 'trainingSessions' | 'scenarios'>

/** What was blocked, and the training that follows from it, bound to an actor. */
export function trainingOperations(metaAgent: MetaAgentDependencies, actor: Actor): TrainingOperations {
  const { training } = metaAgent
  const { context } = training
  const blocked = (proposal: string | null): Listing<BlockedTrigger> =>
    readRecords(context, actor, {
      name: 'blocked trigger',
      operations: { get: 'blocked_triggers.get', list: 'blocked_triggers.list' },
      find: findBlockedTrigger,
      list: (tx, query) => listBlockedTriggers(tx, { ...query, proposal }),
    })
  return {
    blockedTriggers: {
      get: blocked(null).get,
      list: ({ proposal = null, ...query } = {}) => blocked(proposal).list(query),
      retry: (id) => retryBlocked(training, actor, id),
    },
    trainingProposals: {
      ...readRecords(context, actor, {
        name: 'training proposal',
        operations: { get: 'training_proposals.get', list: 'training_proposals.list' },
        find: findTrainingProposal,
        list: listTrainingProposals,
      }),
      approve: (id, approval = {}) => approveTraining(training, actor, { id, approval }),
      reject: (id, reason) => rejectTraining(context, actor, { id, reason }),
      design: (id) => designTraining(metaAgent, actor, id),
    },
    trainingSessions: {
      get: (id) => readTrainingSession(context, actor, id),
      list: (query = {}) => readTrainingSessions(context, actor, query),
      start: (id) => moveTrainingSession(context, actor, { id, move: 'start' }),
      pause: (id) => moveTrainingSession(context, actor, { id, move: 'pause' }),
      resume: (id) => moveTrainingSession(context, actor, { id, move: 'resume' }),
      cancel: (id, reason) => moveTrainingSession(context, actor, { id, move: 'cancel', reason }),
      answer: (id, answer) => answerScenario(training, actor, { id, answer }),
      complete: (id, typed) => completeTraining(training, actor, { id, typed }),
    },
    scenarios: {
      list: (query = {}) => readScenarios(training, actor, query),
      import: (scenarios) => importScenarios(training, actor, scenarios),
    },
  }
}
