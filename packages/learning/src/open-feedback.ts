import { type Actor, createAuthorizer, type PluginHost, type PluginJob, type Tx } from '@preceptor/core/plugin'
import { captureJob } from './capture/capture-corrections.ts'
import type { Example, TrainingOpportunity } from './client/feedback.ts'
import type { LearningOperations } from './client/learning-operations.ts'
import { addExample } from './examples/add-example.ts'
import { exportExamples } from './examples/export-examples.ts'
import { importExamples } from './examples/import-examples.ts'
import type { ExampleDraft } from './examples/new-example.ts'
import { readExample, readExamplePage } from './examples/read-examples.ts'
import { type FeedbackOptions, parseFeedbackOptions } from './feedback/feedback-options.ts'
import { giveFeedback } from './feedback/give-feedback.ts'
import { pruneFeedbackJob } from './feedback/prune-feedback.ts'
import { readFeedback, readFeedbackPage } from './feedback/read-feedback.ts'
import { opportunitiesIn, readInsights, readMetrics } from './insights/read-insights.ts'
import { feedbackPermissions } from './permissions/feedback-permissions.ts'
import type { FeedbackPorts } from './ports/feedback-ports.ts'

/** Feedback and examples on a governor. */
export interface OpenFeedback {
  /** Binds the operations to an actor. */
  scope(actor: Actor): Pick<LearningOperations, 'feedback' | 'examples'>
  readonly jobs: { readonly capture: PluginJob; readonly 'prune-feedback': PluginJob }
  /** Adds an example in a transaction, or counts the one that teaches the same once more; gives what is there. */
  addExample(tx: Tx, draft: ExampleDraft): Promise<Example>
  /** Finds what is corrected again and again, of an agent type or in the whole workspace. */
  findOpportunities(tx: Tx, query?: { readonly agentType?: string }): Promise<readonly TrainingOpportunity[]>
}

/**
 * Opens feedback and examples on a governor.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function openFeedback(host: PluginHost, options: FeedbackOptions = {}): OpenFeedback {
  const { heldOutShare, keepDays, recordExists } = parseFeedbackOptions(options)
  const authorizer = createAuthorizer(feedbackPermissions)
  const ports: FeedbackPorts = { context: host.context, authorizer, heldOutShare, recordExists }
  return {
    scope: (actor) => ({
      feedback: {
        give: (request) => giveFeedback(ports, actor, request),
        get: (id) => readFeedback(ports, actor, id),
        list: (query) => readFeedbackPage(ports, actor, query),
        metrics: (agent, query) => readMetrics(ports, actor, agent, query),
        insights: (agent, query) => readInsights(ports, actor, agent, query),
      },
      examples: {
        get: (id) => readExample(ports, actor, id),
        list: (query) => readExamplePage(ports, actor, query),
        import: (lines) => importExamples(ports, actor, lines),
        export: (query) => exportExamples(ports, actor, query),
      },
    }),
    jobs: { capture: captureJob(ports), 'prune-feedback': pruneFeedbackJob(ports, keepDays) },
    addExample: (tx, draft) => addExample(ports, tx, draft),
    findOpportunities: (tx, query = {}) => opportunitiesIn(ports, tx, query),
  }
}
