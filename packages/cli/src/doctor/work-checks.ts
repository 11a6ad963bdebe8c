import { redactText } from '@preceptor/client'
import type { StuckKind, WorkState } from '@preceptor/core'
import type { CliHost } from '../command.ts'
import { loadPlugins } from '../plugins.ts'
import { type Check, type Finding, ok } from './check.ts'

const MOST_LATE_MS = 60_000
const MOST_SKEW_MS = 5_000
const NO_URL: Finding = { state: 'skipped', message: 'DATABASE_URL is not set' }

/** What each kind is, and whether nobody but an operator can help. */
const KINDS: Readonly<Record<StuckKind, { readonly text: string; readonly isFault: boolean }>> = {
  run_not_settled: { text: 'runs whose claim lapsed and that nobody settled', isFault: true },
  approval_not_run: { text: 'approved proposals that no worker runs', isFault: true },
  proposal_not_expired: { text: 'proposals past their time that nobody expired', isFault: true },
  entry_not_expired: { text: 'queued runs past their time that nobody expired', isFault: true },
  journal_unsealed: { text: 'rows of the journal that wait for their seal', isFault: true },
  outcome_unknown: { text: 'proposals of which nobody knows whether they ran', isFault: false },
  delivery_late: { text: 'notifications that nobody sends', isFault: true },
  delivery_failing: { text: 'notifications that failed three times or more', isFault: false },
  delivery_failed: { text: 'notifications that were given up within a day', isFault: false },
}

/** The checks of whether the work on a database goes on, by its records: they need no server, and no worker. */
export function workChecks(env: CliHost['env']): readonly Check[] {
  const { DATABASE_URL: database, REDIS_URL: redis } = env
  let reading: Promise<WorkState> | undefined
  const read = async (): Promise<WorkState> => {
    const { readWork } = await import('@preceptor/core')
    return readWork({ database: database ?? '', plugins: await loadPlugins(), ...(redis ? { redis } : {}) })
  }
  const of = (judge: (work: WorkState) => Finding) => async (): Promise<Finding> => {
    if (!database) return NO_URL
    reading ??= read()
    return judge(await reading)
  }
  return [
    { name: 'worker', run: of(checkWorker) },
    { name: 'jobs', run: of(checkJobs) },
    { name: 'stuck', run: of(checkStuck) },
    { name: 'database-clock', run: of((work) => checkClock(work, Date.now())) },
  ]
}

/** What every worker keeps going is late by as long as there is none. */
function checkWorker({ workersLateMs }: WorkState): Finding {
  const advice = 'Start "preceptor worker" or "preceptor serve" on this database, and look at its log.'
  if (workersLateMs === null) {
    return { state: 'warning', message: 'No worker ever came to this database.', advice }
  }
  if (workersLateMs <= MOST_LATE_MS) return ok('a worker is alive')
  const message = `No worker has been at work for ${lasting(workersLateMs)}.`
  return { state: 'failed', message, advice }
}

function checkJobs({ failing }: WorkState): Finding {
  if (failing.length === 0) return ok('no job fails again and again')
  const list = failing.map(({ job, failures, lastAt, reason }) => {
    const said = redactText(reason).split('\n')[0]?.slice(0, 120) ?? ''
    return `${job} (${failures} times within the hour, the last at ${lastAt}: ${said})`
  })
  const advice = 'See the log of the workers at that time; a job is tried again by itself once its cause is gone.'
  return { state: 'failed', message: `Jobs fail again and again: ${list.join('; ')}.`, advice }
}

function checkStuck({ stuck }: WorkState): Finding {
  if (stuck.length === 0) return ok('nothing is stuck')
  const list = stuck.map(
    ({ kind, workspace, count, since }) => `${count} ${KINDS[kind].text} (${workspace}, since ${since})`,
  )
  const isFault = stuck.some(({ kind }) => KINDS[kind].isFault)
  const advice = isFault
    ? 'See that a worker runs that reaches the receivers and has the actions registered; docs/operations.md says what each is.'
    : 'Look at each: "proposals list --state outcome_unknown", "alerts list --state open".'
  return { state: isFault ? 'failed' : 'warning', message: `Stuck: ${list.join('; ')}.`, advice }
}

/** Leases and expiry go by the clock of the database. */
function checkClock({ at }: Pick<WorkState, 'at'>, now: number): Finding {
  const skewMs = Math.abs(now - Date.parse(at))
  // The reading itself takes a moment.
  if (skewMs <= MOST_SKEW_MS) return ok('this clock and that of the database agree')
  const message = `This clock and that of the database are ${Math.round(skewMs / 1_000)} s apart.`
  return { state: 'warning', message, advice: 'Let both follow a time server (NTP).' }
}

function lasting(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
