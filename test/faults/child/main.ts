// One process of the fault run: a governor with fail points, the tools, and clients that attempt everything.
import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceError } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { createWorker } from '@preceptor/worker'
import type { Flow } from '../failpoints.ts'
import type { FromProcess, OpenMessage, ProcessOptions, ToProcess } from '../messages.ts'
import { createOperations, type OperationStream } from '../operations.ts'
import { createRandom, type Random } from '../random.ts'
import { type Operation, SUPERVISORS, settingsFor } from '../workload.ts'
import { type ApprovedRuns, createApprovedRuns } from './approved-runs.ts'
import { attemptAction } from './attempts.ts'
import { blink, requestOnce, takeControl } from './controls.ts'
import { createInjector } from './injector.ts'
import { intervene } from './interventions.ts'
import { type Append, openLog } from './log.ts'
import { realTime, setMachineClock } from './machine-clock.ts'
import { reviewAny } from './reviews.ts'
import { createTool, type Tool } from './tool.ts'
import { superviseWhile } from './watcher.ts'

const LANES = 6
// Lanes that prefer what passes an armed fail point; the others go on with everything.
const AIMING_LANES = 2
// With a focus fewer clients get more of it done, also on a busy machine.
const FOCUSED_LANES = 4
const REFILL_AFTER_MS = 270
const OPEN_ATTEMPTS = 40

const options = JSON.parse(process.argv[2] ?? '{}') as ProcessOptions
let append: Append = () => undefined
const log: Append = (line) => append(line)
const send = (message: FromProcess): void => void process.send?.(message)
const injector = createInjector(process, log, send)

let open: { stop(): Promise<void> } | undefined

interface Bench {
  readonly governor: EmbeddedGovernor
  readonly tool: Tool
  readonly works: Append
  readonly isOpen: () => boolean
  readonly random: Random
  readonly operations: OperationStream
  /** What lanes that aim do more of. */
  readonly focus: readonly Flow[]
  /** Who decides at this process, and supervises. */
  readonly supervisor: string
  readonly jobs: EmbeddedGovernor['jobs']
}

/** Opens the governor; when its way to the database fails just then it is tried again, as whoever runs it would. */
async function openGovernor(
  { round, databaseUrl, redisUrl, receiverUrl }: OpenMessage,
  { actions }: ApprovedRuns,
): Promise<EmbeddedGovernor> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await createGovernor({
        database: databaseUrl,
        migrate: false,
        workspaces: round.workspaces,
        actions,
        settings: settingsFor(round.focus),
        outbound: { allow: [receiverUrl] },
        ...(redisUrl === null ? {} : { redis: redisUrl }),
        report: (report) => log({ line: 'report', at: realTime(), ...report }),
        testing: { failpoint: injector.failpoint },
      })
    } catch (error) {
      if (!GovernanceError.isInstance(error) || attempt === OPEN_ATTEMPTS) throw error
      log({ line: 'not-opened', at: realTime(), code: error.code })
      await sleep(200)
    }
  }
}

async function openBench(message: OpenMessage): Promise<{ stop(): Promise<void> }> {
  const { round, slot, folder, directUrl, redisUrl } = message
  append = openLog(folder, `process-${options.name}.jsonl`)
  const toOracle = openLog(folder, 'oracle.jsonl')
  const oracle: Append = (effect) => {
    toOracle(effect)
    injector.acted()
  }
  const works = openLog(folder, 'works.jsonl')
  const approved = createApprovedRuns()
  const governor = await openGovernor(message, approved)
  let isOpen = true
  const failpoint = injector.failpoint
  const tool = createTool({ process: options.name, directUrl, oracle, failpoint })
  approved.use(tool)
  const jobs = approved.watch(governor.jobs)
  const random = createRandom(options.seed, 'process', round.index, options.name)
  const operations = createOperations(random, round, options.name)
  const supervisor = SUPERVISORS[slot] ?? 'ana'
  const { focus } = round
  const bench = { governor, tool, works, isOpen: () => isOpen, random, operations, focus, supervisor, jobs }
  const [inAll, aiming] = focus.length > 0 ? [FOCUSED_LANES, FOCUSED_LANES] : [LANES, AIMING_LANES]
  const lanes = Array.from({ length: inAll }, (_, lane) => runLane(bench, lane < aiming))
  const watching = superviseWhile(bench.isOpen, governor, { workspaces: round.workspaces, supervisor, log })
  const worker = redisUrl === null ? undefined : createWorker({ jobs }).catch(() => undefined)
  return {
    async stop() {
      isOpen = false
      injector.disarm()
      await Promise.all([...lanes, watching])
      await (await worker)?.close()
      await governor.close()
      await tool.close()
    },
  }
}

async function runLane(bench: Bench, aims: boolean): Promise<void> {
  const { operations, random, isOpen, focus } = bench
  while (isOpen()) {
    const wanted = aims ? [...injector.wanted(), ...focus] : []
    const flow = wanted.length === 0 ? undefined : wanted[random.between(0, wanted.length - 1)]
    await perform(bench, flow === undefined ? operations.next() : operations.of(flow))
    await sleep(random.between(4, 30))
  }
}

async function perform({ governor, tool, works, supervisor, jobs }: Bench, operation: Operation): Promise<void> {
  const ports = { process: options.name, governor, tool, log, works }
  switch (operation.kind) {
    case 'guard':
    case 'claim':
    case 'decide':
      return attemptAction(ports, operation)
    case 'intervene':
      return intervene(ports, operation)
    case 'blink':
      return blink(ports, operation)
    case 'review':
      return reviewAny({ ...ports, reviewer: supervisor }, operation)
    case 'deliver':
      return unlessAway(async () => void (await jobs.notify(10)))
    case 'run-approved':
      return unlessAway(async () => void (await jobs.runApproved(4)))
    case 'once':
      return requestOnce(ports, operation)
    case 'refill':
      return refill(governor, operation)
    case 'wake':
      return void (await governor.jobs.enqueue('settle-lost-executions', { workspace: operation.workspace }))
    default:
      return takeControl(ports, operation)
  }
}

/** While the store is away nothing is done: whoever looks next finds what is left. */
async function unlessAway(work: () => Promise<void>): Promise<void> {
  await work().catch(() => undefined)
}

/** Makes the snapshot of an agent stale, waits until this process knows, and reads it again. */
async function refill(
  governor: EmbeddedGovernor,
  { workspace, agent }: Extract<Operation, { readonly kind: 'refill' }>,
): Promise<void> {
  const admin = governor.as({ workspace, principal: { kind: 'user', id: 'root', roles: ['admin'] } })
  try {
    await admin.agents.change(agent, { displayName: `${agent} ${realTime()}` })
    await sleep(REFILL_AFTER_MS)
    await governor
      .as({ workspace, principal: { kind: 'agent', id: agent, roles: [] } })
      .decide({ agent, action: 'order.read', args: { n: 0, by: 'refill' } })
  } catch {
    // The store is away, or the fail point threw: what is checked is in the histories.
  }
}

async function obey(message: ToProcess): Promise<void> {
  switch (message.type) {
    case 'open':
      open = await openBench(message)
      return send({ type: 'opened' })
    case 'arm':
      return injector.arm(message.order, message.flow)
    case 'go':
      return injector.go(message.token)
    case 'clock':
      setMachineClock(message.offsetMs)
      return log({ line: 'clock', at: realTime(), offsetMs: message.offsetMs })
    case 'finish':
      await open?.stop()
      open = undefined
      setMachineClock(0)
      log({ line: 'closed', at: realTime() })
      return send({ type: 'finished' })
    default:
      return message satisfies never
  }
}

function die(error: unknown): void {
  log({ line: 'died', at: realTime(), error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  process.exit(70)
}

process.on('uncaughtException', die)
process.on('unhandledRejection', die)
process.on('message', (message: ToProcess) => void obey(message).catch(die))
send({ type: 'ready' })
// Whoever started this process is gone: nothing is left to do.
process.on('disconnect', () => process.exit(0))
