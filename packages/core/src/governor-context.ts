import { activeTraceId } from '@preceptor/client/tracing'
import type { AccessContext } from './access/access-context.ts'
import { createIdentityCache } from './access/identity-cache.ts'
import { isForServices, isOperation, PERMISSIONS } from './access/permissions.ts'
import { countFailure } from './breaker/count-failure.ts'
import type { Database } from './database/open-database.ts'
import { giveBack } from './grants/give-back.ts'
import { Bus } from './journal/bus.ts'
import { openCheckpoints } from './journal/checkpoints/checkpoint-options.ts'
import { createJournal } from './journal/journal.ts'
import { logLine } from './journal/log-line.ts'
import { createSharedReads } from './journal/shared-reads.ts'
import { type Hints, hintsOf, tellAtOnce } from './journal/tell-at-once.ts'
import { systemClock } from './kernel/clock.ts'
import { createDatabaseClock, type TimeReading } from './kernel/database-clock.ts'
import { createIds } from './kernel/ids.ts'
import { systemRandomBytes } from './kernel/randomness.ts'
import type { ParsedOptions } from './options.ts'
import { createOutboundClient } from './outbound/outbound-client.ts'
import { permissionsOf } from './plugins/open-plugins.ts'
import { followExecution } from './proposals/follow-execution.ts'
import { followQueued } from './queue/follow-queued.ts'
import { followStep, holdForEnd } from './supervision/follow-step.ts'
import { openSessionBells } from './supervision/session-bells.ts'
import { countEvent } from './telemetry/count-event.ts'
import { createMeter } from './telemetry/meter.ts'

/** The context of a governor, and how what it opened is closed. */
export interface AssembledContext extends AccessContext, Hints {
  /** Takes in the time of the database. */
  readonly follow: (reading: TimeReading) => void
  closeStreams(): Promise<void>
  closeJournal(): Promise<void>
}

/** Makes what every use case of a governor stands on. */
export function createContext(options: ParsedOptions, database: Database): AssembledContext {
  const followed = createDatabaseClock(systemClock)
  // A clock that a test brought stays as it is.
  const clock = options.clock ?? followed
  const ids = createIds({ clock })
  const report = reportTo(options.report)
  const failpoint = options.testing?.failpoint ?? (() => Promise.resolve())
  const bus = new Bus({ database, ids })
  const meter = createMeter()
  const journal = createJournal(
    { database, clock, ids, failpoint, report },
    {
      bus,
      onCommitted: (workspace, draft, recordedAt) => {
        countEvent(meter.of(workspace), { ...draft, recordedAt })
        tellAtOnce(bus, workspace, draft.kind)
      },
    },
  )
  const identities = createIdentityCache(clock)
  const sessionBells = openSessionBells(database, bus)
  const context: AssembledContext = {
    database,
    clock,
    ids,
    report,
    failpoint,
    journal,
    settled: async (tx, settled) => {
      await followExecution({ clock, ids, journal }, tx, settled)
      await followQueued(context, tx, settled)
      await giveBack(tx, settled)
    },
    failed: (failure) => countFailure(context, failure),
    sessionSteps: {
      hold: holdForEnd,
      ended: (tx, end) => followStep({ clock, journal, sessionBells }, tx, end),
    },
    sessionBells,
    sharedReads: createSharedReads(),
    meter,
    checkpoints: options.checkpoints && openCheckpoints(options.checkpoints),
    identities,
    outbound: createOutboundClient(options.outbound),
    isServiceScope: serviceScopes(options.plugins),
    settings: options.settings,
    randomBytes: systemRandomBytes,
    follow: followed.follow,
    ...hintsOf(database, bus),
    closeStreams: () => sessionBells.close(),
    closeJournal: () => journal.close(),
  }
  return context
}

function serviceScopes(plugins: ParsedOptions['plugins']): AccessContext['isServiceScope'] {
  const ofPlugins = permissionsOf(plugins)
  return (operation) =>
    isForServices(
      isOperation(operation)
        ? PERMISSIONS[operation]
        : Object.hasOwn(ofPlugins, operation)
          ? ofPlugins[operation]
          : undefined,
    )
}

/** A log of the host that fails decides nothing, and ends nothing. */
function reportTo(log: ParsedOptions['report']): AccessContext['report'] {
  const warn: AccessContext['report'] = ({ code, message }) =>
    process.emitWarning(logLine(message), { code, type: 'PreceptorWarning' })
  if (log === undefined) return warn
  return (report) => {
    try {
      const traceId = activeTraceId()
      log({ ...report, message: logLine(report.message), ...(traceId === undefined ? {} : { traceId }) })
    } catch (error) {
      warn(report)
      warn({ level: 'warn', code: 'NOTICE', message: `The option "report" threw: ${String(error)}` })
    }
  }
}
