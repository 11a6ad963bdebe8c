import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { check } from './check/check.ts'
import type { Verdict } from './check/verdict.ts'
import { openLog } from './child/log.ts'
import type { Fleet, FleetRound, Slot } from './fleet.ts'
import type { History, TamperedVersion } from './history.ts'
import { befall, type IncidentPorts } from './incidents.ts'
import type { RoundPlan } from './plan.ts'
import { readDatabase, readFiles } from './read-history.ts'
import type { Receiver } from './receiver.ts'
import { openSteward, type Steward } from './steward.ts'

/** What a round stands on. */
export interface RoundPorts extends Omit<IncidentPorts, 'fleet'> {
  readonly fleet: Fleet
  readonly folder: string
  /** Address of the database past all proxies. */
  readonly directUrl: string
  readonly database: pg.Client
  readonly receiver: Receiver
}

/** A round that was run and checked. */
export interface RoundResult {
  readonly plan: RoundPlan
  readonly history: History
  readonly verdict: Verdict
  /** Incidents that did befall somebody. */
  readonly incidents: number
}

const HEAL_EVERY_MS = 250
// Every lease that was ever given, and the time of every proposal, also by a clock that jumped, is over by then.
const LATER_MS = 6 * 3_600_000
const SETTLE_TIMES = 3
// A busy machine takes its time to start three processes; what is not open by then opens while the others work.
const OPEN_WITHIN_MS = 30_000
const SETTLE_EVERY_MS = 100

/** Runs a round: work under faults, then what the dead left is settled, then the histories are joined. */
export async function runRound(ports: RoundPorts, plan: RoundPlan): Promise<RoundResult> {
  const folder = join(ports.folder, `round-${String(plan.index).padStart(3, '0')}`)
  mkdirSync(folder, { mode: 0o700 })
  const log = openLog(folder, 'steward.jsonl')
  const { workspaces } = plan
  const receiverUrl = ports.receiver.url
  log({ line: 'plan', ...plan })
  const steward = await openSteward({
    databaseUrl: ports.directUrl,
    workspaces,
    log,
    receiverUrl,
    proposalTtlMs: plan.proposalTtlMs,
  })
  await steward.setUp()
  const work = startStewardship(steward)
  await ports.fleet.open(fleetRound(ports, { plan, folder, onDeath: work.verify }))
  await ports.fleet.opened(OPEN_WITHIN_MS)
  const tampered: TamperedVersion[] = []
  const incidents = await liveThrough(ports, plan, (version) => tampered.push(version))
  const { ends, disturbances } = await ports.fleet.finish(plan.killedAtEnd)
  await work.stop()
  await steward.close()
  const last = await settle(ports.directUrl, { workspaces, log, receiverUrl })
  const history: History = {
    workspaces,
    jumps: plan.jumps,
    tampered,
    received: ports.receiver.received(),
    ...readFiles(folder),
    ...(await readDatabase(ports.database, workspaces)),
    verifications: [...steward.verifications, ...last],
    ends,
    disturbances,
  }
  log({ line: 'ends', ends, disturbances })
  return { plan, history, verdict: check(history), incidents }
}

function fleetRound(
  { directUrl, redis, receiver }: RoundPorts,
  {
    plan,
    folder,
    onDeath,
  }: { readonly plan: RoundPlan; readonly folder: string; readonly onDeath: (name: string) => void },
): FleetRound {
  const messageFor = (slot: Slot): ReturnType<FleetRound['messageFor']> => {
    const proxied = new URL(directUrl)
    proxied.port = String(slot.way.port)
    return {
      type: 'open',
      round: plan,
      slot: slot.index,
      folder,
      databaseUrl: proxied.href,
      directUrl,
      receiverUrl: receiver.url,
      redisUrl: plan.usesRedis ? (redis?.url ?? null) : null,
    }
  }
  return { messageFor, folder, onDeath }
}

async function liveThrough(
  ports: RoundPorts,
  { incidents, lastsMs, workspaces }: RoundPlan,
  onTampered: (version: TamperedVersion) => void,
): Promise<number> {
  const started = Date.now()
  let befallen = 0
  for (const incident of incidents) {
    await sleep(Math.max(0, started + incident.atMs - Date.now()))
    if (await befall(ports, incident, { workspaces, onTampered })) befallen += 1
  }
  await sleep(Math.max(0, started + lastsMs - Date.now()))
  return befallen
}

/** Heals and reaps all the time, and verifies after each death; whatever fails in it fails the round. */
function startStewardship(steward: Steward): { verify(name: string): void; stop(): Promise<void> } {
  let isRunning = true
  const deaths: string[] = []
  const loop = (async () => {
    while (isRunning) {
      await steward.heal()
      await steward.reap()
      const [death] = deaths
      deaths.length = 0
      if (death !== undefined) await steward.verify(`the death of ${death}`)
      await sleep(HEAL_EVERY_MS)
    }
  })()
  // It is awaited at the end; until then a failure must not end the run.
  loop.catch(() => undefined)
  return {
    verify: (name) => void deaths.push(name),
    async stop() {
      isRunning = false
      await loop
    },
  }
}

async function settle(
  databaseUrl: string,
  { workspaces, log, receiverUrl }: Pick<Parameters<typeof openSteward>[0], 'workspaces' | 'log' | 'receiverUrl'>,
): Promise<Steward['verifications']> {
  const steward = await openSteward({ databaseUrl, workspaces, log, receiverUrl, aheadMs: LATER_MS })
  // Transactions that a dead process left open may still hold a row: the server ends them after a while.
  for (let time = 0; time < SETTLE_TIMES; time += 1) {
    await steward.reap()
    await steward.expire()
    await steward.seal()
    while ((await steward.deliver()) > 0);
    await sleep(SETTLE_EVERY_MS)
  }
  await steward.verify('the end of the round')
  await steward.close()
  return steward.verifications
}
