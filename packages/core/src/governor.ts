import type { ChannelDesk, HostPlane, Identity, Surface, Trainee } from '@preceptor/client'
import { inTraceOf } from '@preceptor/client/tracing'
import { once } from './access/idempotency/once.ts'
import { authenticate } from './access/identify.ts'
import { createJwtVerifier } from './access/jwt.ts'
import { openRateLimiting, type RateLimiting } from './access/rate-limits/rate-limiting.ts'
import { redeemStreamTicket } from './access/stream-tickets.ts'
import { ensureWorkspace } from './access/workspaces.ts'
import { createActionRegistry } from './actions/action-registry.ts'
import { registerActions } from './actions/register-actions.ts'
import type { HostAction } from './actions/registered-action.ts'
import { channelOperations } from './channels/channel-operations.ts'
import { consequencesOf } from './consequences.ts'
import { controlScope } from './control-scope.ts'
import { applyMigrations } from './database/migrator.ts'
import { type Database, openDatabase } from './database/open-database.ts'
import { checkIsolation } from './database/self-check.ts'
import { migrationSets } from './database-place.ts'
import { abortOnChange } from './executions/abort-on-change.ts'
import { createCheckpoint } from './executions/checkpoint.ts'
import { drainCalls } from './executions/drain-calls.ts'
import { createRunner, type RunnerDependencies } from './executions/runner.ts'
import { createRunningCalls, type RunningCalls } from './executions/running-calls.ts'
import { type AssembledContext, createContext } from './governor-context.ts'
import { health } from './health.ts'
import type { JobHost, OpenJobHost } from './jobs/job-host.ts'
import { openMetaAgent } from './meta-agent/open-meta-agent.ts'
import { createNotifier, type Notifier } from './notifications/notifier.ts'
import { openJobs } from './open-jobs.ts'
import { type GovernorOptions, type ParsedOptions, parseOptions } from './options.ts'
import { type OpenPlugins, openPlugins } from './plugins/open-plugins.ts'
import { createPluginGate } from './plugins/plugin-gate.ts'
import { createPolicyCache } from './policy/policy-cache.ts'
import { createHeartbeats } from './presence/heartbeats.ts'
import { keepViewers } from './proposals/keep-viewers.ts'
import { openReviewers } from './review/open-reviewers.ts'
import type { ReviewerBinding } from './review/reviewer-binding.ts'
import { createWatches, type Watches } from './review/watches.ts'
import type { Gate } from './routing/gate.ts'
import { type Lease, startLease } from './routing/lease.ts'
import { createSnapshotCache } from './routing/snapshot.ts'
import { settleActor } from './settle-actor.ts'
import { emitOfCall, finishSession, passSession } from './supervision/watch.ts'
import { countedChannel, countedOutbound } from './telemetry/count-notifications.ts'
import { createMetrics } from './telemetry/read-metrics.ts'
import { openTraining } from './training/open-training.ts'

const SOURCES = ['manual', 'data_sync', 'workflow_engine', 'ai_coordinator']
const TYPES = ['agent_message', 'workflow_trigger', 'form_submit', 'canvas_update', 'approval_request']

/** The embedded governor: the control plane, and what a worker needs of it. */
export interface EmbeddedGovernor extends HostPlane {
  /** What a worker builds on. */
  readonly jobs: JobHost
  /**
   * Sets who answers the scenarios of training for an agent in this process; the function that is given takes it away
   * again. The default workspace is `default`.
   */
  registerTrainee(agent: { readonly workspace?: string; readonly agent: string }, trainee: Trainee): () => void
  /**
   * Binds an agent that reviews autonomously to what answers for it in this process; the function that is given takes it
   * away again. The default workspace is `default`.
   *
   * @throws GovernanceError `OPTION_INVALID` for what is no binding, `INPUT_INVALID` for an address that is never called.
   * @example
   * ```ts
   * import { createGovernor } from '@preceptor/core'
   *
   * const governor = await createGovernor({ memory: true })
   * const unbind = governor.registerReviewer({ agent: 'finance-lead' }, 'rules')
   * unbind()
   * await governor.close()
   * ```
   */
  registerReviewer(agent: { readonly workspace?: string; readonly agent: string }, binding: ReviewerBinding): () => void
}

/**
 * Opens the gate: the database, its schema, the journal and the lease; embedded and durable by default.
 *
 * @throws GovernanceError `OPTION_INVALID`, `EMBEDDED_IN_PRODUCTION`, `DATA_FOLDER_LOCKED`, `DATA_FOLDER_UNUSABLE`,
 * `DATABASE_MISSING`, `DATABASE_OLDER`, `DATABASE_NEWER`, `DATABASE_CHANGED`, `DATABASE_ROLE_UNSAFE`.
 * @example
 * ```ts
 * import { createGovernor, defineActions } from '@preceptor/core'
 *
 * const governor = await createGovernor({ actions: defineActions({ 'order.read': { risk: 'safe' } }) })
 * await governor.close()
 * ```
 */
export async function createGovernor(options: GovernorOptions = {}): Promise<EmbeddedGovernor> {
  const parsed = parseOptions(options)
  const database = await openDatabase(target(parsed))
  try {
    await applyMigrations(database, migrationSets(parsed.plugins), {
      migrate: parsed.migrate ?? database.kind === 'pglite',
      ...(parsed.testing?.failpoint && { failpoint: parsed.testing.failpoint }),
    })
    await checkIsolation(database)
  } catch (error) {
    await database.close()
    throw error
  }
  const { governor, start } = await assembled(parsed, database)
  try {
    await start()
    return governor
  } catch (error) {
    await governor.close()
    throw error
  }
}

function target({ database, dataFolder, memory }: ParsedOptions): Parameters<typeof openDatabase>[0] {
  if (typeof database === 'string') return { url: database }
  if (database !== undefined) return { pool: database }
  if (memory === true) return { memory: true }
  return dataFolder === undefined ? {} : { dataFolder }
}

function openLease(context: AssembledContext): Lease {
  const { database, clock, settings } = context
  let lastFault = ''
  const onFault = (error: unknown): void => {
    const message = `The lease could not be renewed: ${error instanceof Error ? error.message : String(error)}`
    // A database that is away for an hour is one line in the log, not 14,400.
    if (message !== lastFault) context.report({ level: 'warn', code: 'STORE_UNAVAILABLE', message })
    lastFault = message
  }
  const lease = startLease({ database, clock, settings, onFault, onTime: context.follow })
  context.onChange(lease.hurry)
  return lease
}

/** A plugin that cannot be opened leaves nothing open. */
async function assembled(options: ParsedOptions, database: Database): Promise<Assembly> {
  try {
    return assemble(options, database)
  } catch (error) {
    await database.close()
    throw error
  }
}

interface Assembly {
  readonly governor: EmbeddedGovernor
  /** Takes the lease and opens the workspaces. */
  readonly start: () => Promise<void>
}

function assemble(options: ParsedOptions, database: Database): Assembly {
  const context = createContext(options, database)
  const { clock, settings, failpoint } = context
  const lease = openLease(context)
  const running = createRunningCalls()
  const policies = createPolicyCache()
  let closed = false
  const gate: Gate = {
    context,
    policies,
    registry: createActionRegistry(),
    snapshots: createSnapshotCache({ database, clock, settings, policies, lease, failpoint }),
    consequences: consequencesOf(context, {
      isHere: (workspace) => watches.isHere(workspace),
      attend: (session) => watches.attend(session),
    }),
    sources: new Set([...SOURCES, ...(options.sources ?? [])]),
    types: new Set([...TYPES, ...(options.types ?? [])]),
    isClosed: () => closed,
  }
  const watch = abortOnChange({ context, lease, running })
  const runner = createRunner({ context, running, watch, ...watchedRuns(context) })
  const metaAgent = openMetaAgent(options, openTraining(options, { gate, runner }))
  const heartbeats = createHeartbeats(context)
  const review = openReviewers(options, { gate, context })
  const watches = createWatches(review)
  const notifier = openNotifier(options, context, (workspace) => governor.channels.desk(workspace))
  const pluginGate = createPluginGate(gate, runner)
  const plugins = openPlugins(options, { context, gate: pluginGate, enqueue: (job, work) => jobs.wake(job, work) })
  const jobs = openJobs(options, { metaAgent, review, watches, notifier, plugins, onWork: context.onWork })
  const rates = openRates(options, context)
  const metrics = createMetrics(context, { isReady: () => !closed && lease.live() && context.journal.healthy })
  const close = (): Promise<void> => {
    closed = true
    notifier.close()
    return closeAll({ context, jobs, plugins, running, watches, lease, rates })
  }
  const scopes = { gate, runner, context, metaAgent, heartbeats, review, plugins, metrics }
  let closing: Promise<void> | undefined
  const governor: EmbeddedGovernor = {
    as: (identity: Identity, surface?: Surface) => controlScope(scopes, settleActor(identity, surface)),
    ...entryOf(options, { context, rates, gate }),
    once: (request, work) => once(context, request, work),
    keepViewers: (place) => keepViewers(context, place),
    health: () => health(context, { isClosed: () => closed, isLive: () => lease.live() }),
    metrics: metrics.readAll,
    jobs,
    registerTrainee: metaAgent.training.trainees.register,
    registerReviewer: review.reviewers.register,
    close() {
      closing ??= close()
      return closing
    },
  }
  const start = async (): Promise<void> => {
    await lease.renew() // First, because it brings the time.
    await openWorkspaces({ ...options, actions: { ...plugins.actions, ...options.actions } }, { gate, notifier })
  }
  return { governor, start }
}

/** Lets what runs end, then closes what it stands on, the database last. */
async function closeAll({
  context,
  jobs,
  plugins,
  running,
  watches,
  lease,
  rates,
}: {
  readonly context: AssembledContext
  readonly jobs: OpenJobHost
  readonly plugins: OpenPlugins
  readonly running: RunningCalls
  readonly watches: Watches
  readonly lease: Lease
  readonly rates: RateLimiting
}): Promise<void> {
  try {
    await jobs.close()
    await plugins.close()
    await drainCalls(running, context.settings.closeWithinMs)
    await watches.close()
    await lease.close()
    await rates.close()
    await context.closeStreams()
    await context.closeJournal()
  } finally {
    await context.database.close()
  }
}

/** How somebody comes in. */
function entryOf(
  { jwt, publicUrl }: ParsedOptions,
  { context, rates, gate }: { readonly context: AssembledContext; readonly rates: RateLimiting; readonly gate: Gate },
): Pick<EmbeddedGovernor, 'authenticate' | 'redeem' | 'admit' | 'channels' | 'inTraceOf'> {
  const verifier = jwt === undefined ? undefined : createJwtVerifier(jwt, context.clock)
  return {
    authenticate: (credential, from) =>
      rates.look({ credential, from }, () => authenticate(context, credential, verifier)),
    redeem: (ticket, path, from) =>
      rates.look({ credential: ticket, from }, () => redeemStreamTicket(context, ticket, path)),
    admit: rates.admit,
    inTraceOf,
    channels: channelOperations({ gate, context, publicUrl }),
  }
}

/** Attempts to notify somebody are counted. */
function openNotifier(
  { channels = [], publicUrl }: ParsedOptions,
  context: AssembledContext,
  deskOf: (workspace: string) => ChannelDesk,
): Notifier {
  const { meter } = context
  return createNotifier({
    context: { ...context, outbound: countedOutbound(meter, context.outbound) },
    channels: channels.map((channel) => countedChannel(meter, channel)),
    publicUrl,
    deskOf,
  })
}

function openRates({ rateLimits, redis, queueName }: ParsedOptions, context: AssembledContext): RateLimiting {
  return openRateLimiting({ context, limits: rateLimits, redisUrl: redis, prefix: queueName ?? 'preceptor' })
}

/** What the session of a supervised run is asked and told while it runs. */
function watchedRuns(context: AssembledContext): Pick<RunnerDependencies, 'checkpoint' | 'emit' | 'endSession'> {
  return {
    checkpoint: createCheckpoint({ context, pass: passSession(context) }),
    emit: emitOfCall(context),
    endSession: finishSession(context),
  }
}

async function openWorkspaces(
  {
    workspaces,
    actions,
  }: Pick<ParsedOptions, 'workspaces'> & { readonly actions: Readonly<Record<string, HostAction>> },
  { gate, notifier }: { readonly gate: Gate; readonly notifier: Notifier },
): Promise<void> {
  for (const workspace of workspaces) {
    await ensureWorkspace(gate.context, { workspace })
    await notifier.follow(workspace)
    if (Object.keys(actions).length === 0) continue
    const actor = settleActor({ workspace, principal: { kind: 'system', id: 'governor', roles: [] } })
    await registerActions(gate.context, gate.registry, { actor, actions })
  }
}
