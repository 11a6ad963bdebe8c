import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { FAILPOINTS, type FailpointName, type Order } from './failpoints.ts'
import { type FaultyWay, openFaultyWay } from './faulty-way.ts'
import type { Disturbance, ProcessEnd } from './history.ts'
import type { FromProcess, OpenMessage } from './messages.ts'
import { SLOTS } from './plan.ts'
import { causeOfDeath, type RunningProcess, startProcess } from './processes.ts'

/** What the fleet stands on. */
export interface FleetOptions {
  readonly seed: number
  readonly databasePort: number
  /** Faults at fail points, in the order in which they are given out. */
  readonly orders: Iterator<Order, unknown, undefined>
  /** Folder of the programs that its processes run; those of this build unless given. */
  readonly programs?: string
}

/** A place in which one process after another works. */
export interface Slot {
  readonly index: number
  /** Its way to the database. */
  readonly way: FaultyWay
  process: RunningProcess
  /** Whether the governor of the process is open. */
  isOpen: boolean
  readonly armed: Map<FailpointName, Order>
}

/** How often a fail point was hit, by what happened there. */
export type Hits = Record<Order['action'], number>

/** What a fleet is told about a round. */
export interface FleetRound {
  readonly messageFor: (slot: Slot) => OpenMessage
  readonly folder: string
  readonly onDeath: (name: string) => void
}

const ARMED_AT_ONCE = 2
// With few fail points all that come next may be armed already.
const MOST_WAITING = 100
const FINISH_WITHIN_MS = 10_000
// After its connections were cut a process may need this long to write again.
const AFTERMATH_MS = 2_500

/** The processes of a run: starts them, gives out the faults, replaces what dies. */
export class Fleet {
  readonly hits: ReadonlyMap<FailpointName, Hits>
  readonly #options: FleetOptions
  readonly #slots: Slot[] = []
  readonly #pending: Order[] = []
  #spare: RunningProcess
  #started = 0
  #round: FleetRound | undefined
  #isFinishing = false
  #ends: ProcessEnd[] = []
  #disturbances: Disturbance[] = []

  constructor(options: FleetOptions) {
    this.#options = options
    this.hits = new Map(
      Object.keys(FAILPOINTS).map((name) => [name as FailpointName, { kill: 0, throw: 0, park: 0, drop: 0 }]),
    )
    this.#spare = this.#start()
  }

  get slots(): readonly Slot[] {
    return this.#slots
  }

  /** Starts the processes, once. */
  async start(): Promise<void> {
    for (let index = 0; index < SLOTS; index += 1) {
      const way = await openFaultyWay(this.#options.databasePort)
      const slot: Slot = { index, way, process: this.#takeSpare(), isOpen: false, armed: new Map() }
      this.#slots.push(slot)
      this.#attend(slot)
    }
  }

  /** Opens every process in the workspaces of a round. */
  async open(round: FleetRound): Promise<void> {
    this.#round = round
    this.#isFinishing = false
    this.#ends = []
    this.#disturbances = []
    for (const slot of this.#slots) this.#open(slot)
  }

  /** Waits until every process is open, but no longer than so. */
  async opened(withinMs: number): Promise<void> {
    const until = performance.now() + withinMs
    while (performance.now() < until && this.#slots.some(({ isOpen }) => !isOpen)) await sleep(20)
  }

  /** Says that a process, or its way to the database, is not itself for a while. */
  disturb(slot: Slot, kind: string, forMs: number): void {
    const from = Date.now()
    this.#disturbances.push({ process: slot.process.name, kind, from, to: from + forMs })
  }

  kill(slot: Slot): void {
    slot.process.killed = { why: 'an incident', at: Date.now() }
    slot.process.child.kill('SIGKILL')
  }

  /** Stops a process as it stands, and lets it go on after a while. */
  freeze(slot: Slot, forMs: number): void {
    const { child } = slot.process
    child.kill('SIGSTOP')
    this.disturb(slot, 'freeze', forMs + 200)
    setTimeout(() => child.kill('SIGCONT'), forMs)
  }

  /** Ends a round: closes its processes, or kills them. */
  async finish(
    killed: readonly number[],
  ): Promise<{ ends: readonly ProcessEnd[]; disturbances: readonly Disturbance[] }> {
    this.#isFinishing = true
    await Promise.all(this.#slots.map((slot) => this.#finish(slot, killed.includes(slot.index))))
    for (const slot of this.#slots) this.#requeue(slot)
    return { ends: this.#ends, disturbances: this.#disturbances }
  }

  /** Ends everything. */
  async close(): Promise<void> {
    for (const { child } of [this.#spare, ...this.#slots.map(({ process }) => process)]) {
      child.removeAllListeners('exit')
      child.kill('SIGKILL')
    }
    await Promise.all(this.#slots.map(({ way }) => way.close()))
  }

  #start(): RunningProcess {
    this.#started += 1
    return startProcess({ name: `p${this.#started}`, seed: this.#options.seed }, this.#options.programs)
  }

  /** A process that is ready takes over at once, and another one gets ready. */
  #takeSpare(): RunningProcess {
    const taken = this.#spare
    this.#spare = this.#start()
    return taken
  }

  #attend(slot: Slot): void {
    const running = slot.process
    running.child.on('message', (message: FromProcess) => this.#hear(slot, message))
    running.child.once('exit', (code, signal) => this.#bury(slot, running, `${signal ?? `code ${code}`}`))
  }

  #open(slot: Slot): void {
    if (this.#round === undefined || this.#isFinishing) return
    slot.process.child.send(this.#round.messageFor(slot))
  }

  #hear(slot: Slot, message: FromProcess): void {
    if (message.type === 'opened') {
      slot.isOpen = true
      this.#arm(slot)
    } else if (message.type === 'hit') {
      this.#strike(slot, message)
    }
  }

  #strike(slot: Slot, hit: Extract<FromProcess, { type: 'hit' }>): void {
    const { child } = slot.process
    const go = (): void => void (child.connected && child.send({ type: 'go', token: hit.token }))
    this.#count(hit.failpoint, hit.action)
    slot.armed.delete(hit.failpoint)
    if (hit.action === 'park') {
      this.disturb(slot, 'park', hit.parkMs + 200)
      setTimeout(go, hit.parkMs)
    } else if (hit.action === 'drop') {
      this.disturb(slot, 'drop', AFTERMATH_MS)
      slot.way.drop()
      go()
    }
    this.#arm(slot)
  }

  #count(failpoint: FailpointName, action: Order['action']): void {
    const hits = this.hits.get(failpoint)
    if (hits !== undefined) hits[action] += 1
  }

  #arm(slot: Slot): void {
    while (!this.#isFinishing && slot.isOpen && slot.armed.size < ARMED_AT_ONCE) {
      const order = this.#nextOrder(slot)
      if (order === undefined) return
      slot.armed.set(order.failpoint, order)
      slot.process.child.send({ type: 'arm', order, flow: FAILPOINTS[order.failpoint] })
    }
  }

  #nextOrder(slot: Slot): Order | undefined {
    for (let index = 0; index < MOST_WAITING; index += 1) {
      const waiting = this.#pending[index]
      const order = waiting ?? (this.#options.orders.next().value as Order | undefined)
      if (order === undefined) break
      if (waiting === undefined) this.#pending.push(order)
      if (slot.armed.has(order.failpoint)) continue
      this.#pending.splice(index, 1)
      return order
    }
    return undefined
  }

  #requeue(slot: Slot): void {
    this.#pending.unshift(...slot.armed.values())
    slot.armed.clear()
  }

  #bury(slot: Slot, running: RunningProcess, how: string): void {
    const round = this.#round
    slot.isOpen = false
    const cause = round === undefined ? undefined : causeOfDeath(round.folder, running.name)
    if (cause?.failpoint !== undefined) {
      this.#count(cause.failpoint, 'kill')
      slot.armed.delete(cause.failpoint)
    }
    const expected = running.killed !== null || cause?.failpoint !== undefined
    const detail = cause?.failpoint ?? running.killed?.why ?? cause?.error ?? how
    // A busy controller may hear of it late.
    const at = cause?.at ?? running.killed?.at ?? Date.now()
    this.#ends.push({ process: running.name, at, how: expected ? 'killed' : 'died', detail })
    this.#requeue(slot)
    slot.process = this.#takeSpare()
    this.#attend(slot)
    this.#open(slot)
    round?.onDeath(running.name)
  }

  async #finish(slot: Slot, killed: boolean): Promise<void> {
    const running = slot.process
    const { child } = running
    child.kill('SIGCONT')
    if (!killed && slot.isOpen && (await asksToFinish(child))) {
      slot.isOpen = false
      this.#ends.push({ process: running.name, at: Date.now(), how: 'closed', detail: '' })
      return
    }
    // It may have died of a fault just then.
    if (child.exitCode !== null || child.signalCode !== null) return
    running.killed = { why: killed ? 'end of the round' : 'it did not close in time', at: Date.now() }
    const buried = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await buried
  }
}

/** Asks a process to close its governor; false when it has not after a while, or has died. */
function asksToFinish(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(false), FINISH_WITHIN_MS)
    const onMessage = (message: FromProcess): void => {
      if (message.type === 'finished') end(true)
    }
    const onExit = (): void => end(false)
    const end = (finished: boolean): void => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onExit)
      resolve(finished)
    }
    child.on('message', onMessage)
    child.once('exit', onExit)
    child.send({ type: 'finish' })
  })
}
