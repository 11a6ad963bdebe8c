import { GovernanceError } from '@preceptor/client'
import { type Actor, createAuthorizer, type PluginHost, type PluginJob } from '@preceptor/core/plugin'
import { adaptType, findTypesToAdapt } from './analytics/adapt-type.ts'
import { exportLearning } from './analytics/export-learning.ts'
import { makePrediction } from './analytics/make-prediction.ts'
import { findDuePredictions } from './analytics/prediction-store.ts'
import { readAdaptations, readDashboard } from './analytics/read-dashboard.ts'
import { readHealth } from './analytics/read-health.ts'
import { readStatistics } from './analytics/read-statistics.ts'
import { settleOne } from './analytics/settle-predictions.ts'
import type { LearningOperations } from './client/learning-operations.ts'
import type { TrainerParts } from './options/open-trainer-parts.ts'
import { sessionPermissions } from './permissions/session-permissions.ts'
import type { RecordExists } from './ports/feedback-ports.ts'
import type { ProcessNumbers, SessionPorts } from './ports/session-ports.ts'
import { pruneSessionsJob } from './sessions/prune-sessions.ts'
import { readSession, readSessions } from './sessions/read-sessions.ts'
import { runSession } from './sessions/run-session.ts'
import { findOpenSessions, isSessionThere } from './sessions/session-store.ts'
import { startSession } from './sessions/start-session.ts'

/** Options of learning sessions. */
export interface SessionOptions {
  readonly parts: TrainerParts
  /** Days for which sessions that ended and predictions that were judged are kept, 1 to 36,500; default 365. */
  readonly keepDays?: number
  /** What this process takes of its machine; default: what Node says. */
  readonly processNumbers?: () => ProcessNumbers
}

/** Learning sessions and what they show, on a governor. */
export interface OpenSessions {
  /** Binds the operations to an actor. */
  scope(actor: Actor): Pick<LearningOperations, 'sessions' | 'analytics'>
  readonly jobs: Readonly<Record<'session' | 'adapt' | 'settle-predictions' | 'prune-sessions', PluginJob>>
  /** Whether a learning session that feedback is about is there; false for every other kind of record. */
  readonly sessionExists: RecordExists
}

const KEPT_DAYS = 365
const LONGEST_DAYS = 36_500
const MICROSECONDS = 1_000

/**
 * Opens learning sessions and analytics on a governor.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function openSessions(host: PluginHost, options: SessionOptions): OpenSessions {
  const { parts, keepDays = KEPT_DAYS, processNumbers = numbersOfNode } = options
  if (!(Number.isInteger(keepDays) && keepDays >= 1 && keepDays <= LONGEST_DAYS)) {
    throw new GovernanceError('OPTION_INVALID', {
      message: `learning: sessions are kept for ${keepDays} days: a whole number from 1 to ${LONGEST_DAYS} is needed.`,
    })
  }
  const authorizer = createAuthorizer(sessionPermissions)
  const ports: SessionPorts = { context: host.context, enqueue: host.enqueue, authorizer, parts, processNumbers }
  return {
    scope: (actor) => ({
      sessions: {
        start: (request) => startSession(ports, actor, request),
        get: (id) => readSession(ports, actor, id),
        list: (query) => readSessions(ports, actor, query),
      },
      analytics: {
        statistics: () => readStatistics(ports, actor),
        adaptations: (query = {}) => readAdaptations(ports, actor, query),
        predict: (agentType) => makePrediction(ports, actor, agentType),
        dashboard: (agentType) => readDashboard(ports, actor, agentType),
        health: () => readHealth(ports, actor),
        export: (query) => exportLearning(ports, actor, query),
      },
    }),
    jobs: {
      session: { isReconciled: true, find: findOpenSessions, run: (work) => runSession(ports, work) },
      adapt: { isReconciled: true, find: findTypesToAdapt, run: (work) => adaptType(ports, work) },
      'settle-predictions': { isReconciled: true, find: findDuePredictions, run: (work) => settleOne(ports, work) },
      'prune-sessions': pruneSessionsJob(ports, keepDays),
    },
    sessionExists: async (tx, record) => record.kind === 'learning_session' && isSessionThere(tx, record),
  }
}

function numbersOfNode(): ProcessNumbers {
  const { user, system } = process.cpuUsage()
  return { cpuMs: (user + system) / MICROSECONDS, memoryBytes: process.memoryUsage.rss() }
}
