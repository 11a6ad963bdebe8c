import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, type Random } from '../faults/random.ts'
import { createGoodRequests, type GoodRequest } from './good-requests.ts'
import { type MalformedRequest, malformedRequests } from './malformed-requests.ts'
import { prepare } from './prepare.ts'
import { openSender, type Sender } from './send.ts'
import { openSlowReader } from './slow-reader.ts'
import type { LoadedServer } from './start-server.ts'

/** What a run is asked to do. */
export interface LoadOptions {
  readonly server: LoadedServer
  /** Seconds of each condition: the quiet one and the abused one take turns. */
  readonly seconds: number
  readonly connections: number
  /** Good requests a second. */
  readonly rate: number
  /** Malformed requests for each good one. */
  readonly malformedShare: number
  readonly seed: number
}

/** What a run came to; times in milliseconds, memory in megabytes. */
export interface LoadResult {
  readonly quiet: Latencies
  readonly abused: Latencies
  /** Of p99. */
  readonly ratio: number
  /** Good requests that were not answered well, by kind. */
  readonly errors: Readonly<Record<string, number>>
  /** Malformed requests and their answers, by kind. */
  readonly malformed: Readonly<Record<string, number>>
  /** Malformed requests that were not answered as intended, by kind. */
  readonly unintended: Readonly<Record<string, number>>
  readonly memory: { readonly before: number; readonly after: number; readonly peak: number }
}

/** Of the good requests under one condition. */
export interface Latencies {
  readonly requests: number
  readonly p50: number
  readonly p99: number
  readonly longest: number
}

const TURNS = 6
const LOOK_MS = 200

interface Run extends LoadOptions {
  readonly sender: Sender
  readonly next: () => GoodRequest
  readonly attacks: readonly MalformedRequest[]
  readonly random: Random
  readonly key: string
  readonly errors: Record<string, number>
  readonly malformed: Record<string, number>
  readonly unintended: Record<string, number>
  /** How many attacks were made: they take turns. */
  attacked: number
}

/** Runs good load alone and under abuse, in turns, and compares. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { server, seconds, connections, seed } = options
  const callers = await prepare(server)
  const random = createRandom(seed, 'load')
  const [sender, aside] = [openSender(server.address, connections), openSender(server.address, connections)]
  const run: Run = {
    ...options,
    sender,
    next: createGoodRequests(callers, random),
    attacks: malformedRequests({ address: server.address, callers, sender: aside }),
    random,
    key: callers.admin,
    errors: {},
    malformed: {},
    unintended: {},
    attacked: 0,
  }
  const samples = { quiet: [] as number[], abused: [] as number[] }
  await turn(run, { ms: Math.min(3_000, seconds * 1_000), isAbused: false, samples: [] })
  const memory = watchMemory(server)
  try {
    const ms = (seconds * 1_000) / TURNS
    for (let index = 0; index < TURNS; index += 1) {
      await turn(run, { ms, isAbused: false, samples: samples.quiet })
      await turn(run, { ms, isAbused: true, samples: samples.abused })
    }
  } finally {
    memory.end()
    sender.close()
    aside.close()
  }
  const [quiet, abused] = [describe(samples.quiet), describe(samples.abused)]
  const { errors, malformed, unintended } = run
  return { quiet, abused, ratio: abused.p99 / quiet.p99, errors, malformed, unintended, memory: memory.seen }
}

interface Turn {
  readonly ms: number
  readonly isAbused: boolean
  readonly samples: number[]
}

async function turn(run: Run, { ms, isAbused, samples }: Turn): Promise<void> {
  const until = performance.now() + ms
  const endReader = isAbused ? await openSlowReader(run.server.address, run.key) : () => undefined
  const attacks: Promise<void>[] = []
  const pauseMs = (1_000 * run.connections) / run.rate
  const work = async (): Promise<void> => {
    await sleep(run.random.next() * pauseMs)
    while (performance.now() < until) {
      if (isAbused && run.random.chance(run.malformedShare)) attacks.push(attack(run))
      const began = performance.now()
      await sendGood(run)
      const took = performance.now() - began
      samples.push(took)
      await sleep(Math.max(0, pauseMs * (0.5 + run.random.next()) - took))
    }
  }
  await Promise.all(Array.from({ length: run.connections }, work))
  await Promise.all(attacks)
  endReader()
}

async function sendGood(run: Run): Promise<void> {
  const good = run.next()
  const sent = await run.sender.send(good)
  if (sent.status === 200 || sent.status === 201) return good.onAnswer?.(sent)
  count(run.errors, `${good.name}: ${sent.error || `${sent.status} ${codeOf(sent.text)}`}`)
}

async function attack(run: Run): Promise<void> {
  const chosen = run.attacks[run.attacked % run.attacks.length]
  run.attacked += 1
  if (chosen === undefined) return
  const { status, error, text } = await chosen.attack()
  const answer = `${chosen.name}: ${status === 0 ? error : `${status} ${codeOf(text)}`.trim()}`
  count(run.malformed, answer)
  if (!chosen.intended.includes(status)) count(run.unintended, answer)
}

function codeOf(text: string): string {
  return /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? ''
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}

function watchMemory(server: LoadedServer): {
  readonly end: () => void
  readonly seen: { before: number; after: number; peak: number }
} {
  const before = server.memory()
  const seen = { before, after: before, peak: before }
  const look = (): void => {
    seen.after = server.memory()
    seen.peak = Math.max(seen.peak, seen.after)
  }
  const timer = setInterval(look, LOOK_MS)
  return {
    seen,
    end: () => {
      clearInterval(timer)
      look()
    },
  }
}

function describe(samples: readonly number[]): Latencies {
  const sorted = [...samples].sort((first, second) => first - second)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { requests: sorted.length, p50: at(0.5), p99: at(0.99), longest: at(1) }
}
