import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ControlScope, ERROR_CODES, isErrorCode } from '@preceptor/client'
import { createGovernor, verifyStoredJournal } from '@preceptor/core'
import { afterAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import type { DemoDecision, DemoDocument, DemoEffect } from './demo-document.ts'
import { makePlace, type Place, type Program, startDemo } from './demo-process.ts'

// More of them with PRECEPTOR_KILLS=20.
const KILLS = Number(process.env.PRECEPTOR_KILLS ?? 8)
const CHECK_EVERY = 4
// It takes one to two minutes; more on a machine that does much else.
const TIMEOUT_MS = 480_000
// Rows of safe runs of autonomous agents are gathered for 10 ms; then their commit takes its time, and it takes the
// longer the more this machine has to do besides.
const GATHERED_MS = 10
const COMMIT_MS = 290
const windowNow = (): number => GATHERED_MS + COMMIT_MS * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())

interface Received extends DemoDecision {
  readonly receivedAt: number
}

/** A kill, and how long before it a gathered row may have been received and be lost. */
interface Kill {
  readonly at: number
  readonly windowMs: number
}

/** When to kill: after so many decisions were received, or so long after the start, and then some milliseconds. */
interface Moment {
  readonly received: number
  readonly milliseconds: number
}

const filesOf = ({ folder }: Place): { readonly received: string; readonly effects: string } => ({
  received: join(folder, 'received.jsonl'),
  effects: join(folder, 'effects.jsonl'),
})

/** Reads the whole lines of a file; the last one may have been cut off. */
function readLines<Line>(file: string): readonly Line[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function start(place: Place): Program {
  const { received, effects } = filesOf(place)
  return startDemo(place, ['--once', '--json', '--port', '0', '--received', received, '--effects', effects])
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A quarter of the moments is in the start, the rest in the work. */
function momentOf(random: () => number): Moment {
  if (random() < 0.25) return { received: 0, milliseconds: Math.floor(random() * 1_500) }
  return { received: 1 + Math.floor(random() * 40), milliseconds: Math.floor(random() * 40) }
}

/** Starts the demo and kills it at the moment; undefined when it came to its end before that. */
async function killAt(place: Place, { received, milliseconds }: Moment): Promise<Kill | undefined> {
  const before = readLines(filesOf(place).received).length
  const program = start(place)
  let running = true
  void program.ended.finally(() => {
    running = false
  })
  while (running && readLines(filesOf(place).received).length < before + received) await sleep(5)
  await sleep(milliseconds)
  const kill = { at: Date.now(), windowMs: windowNow() }
  program.child.kill('SIGKILL')
  return (await program.ended) === 'SIGKILL' ? kill : undefined
}

/** Nothing was decided when the gate could not decide: such a denial stands whether or not it could be recorded. */
function isFault({ code }: Received): boolean {
  return isErrorCode(code) && ERROR_CODES[code].status >= 500
}

/** The ids that were received and are not there; of the gathered ones only those that had their time. */
async function missingIds(scope: ControlScope, received: readonly Received[], kills: readonly Kill[]) {
  const missing: Received[] = []
  for (const row of received) {
    const record = await scope.decisions.get(row.id).catch(() => undefined)
    const isGathered = row.risk === 'safe' && row.maturity === 'autonomous' && row.route === 'execution'
    // The signal takes a moment to arrive, in which more may be received.
    const wasCutOff = kills.some(({ at, windowMs }) => row.receivedAt > at - windowMs && row.receivedAt < at + 100)
    if (record === undefined && !(isGathered && wasCutOff) && !isFault(row)) missing.push(row)
    if (record !== undefined) expect(record.decision.id).toBe(row.id)
  }
  return missing
}

async function check(place: Place, checked: Set<string>, kills: readonly Kill[]): Promise<void> {
  const { received, effects } = filesOf(place)
  const dataFolder = join(place.folder, '.preceptor')
  const keys = readLines<DemoEffect>(effects).flatMap(({ once, key }) => (once ? [key] : []))
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
  const governor = await createGovernor({ dataFolder, report: () => undefined })
  try {
    const scope = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'test', roles: [] } })
    const fresh = readLines<Received>(received).filter(({ id }) => !checked.has(id))
    expect(await missingIds(scope, fresh, kills)).toEqual([])
    for (const { id } of fresh) checked.add(id)
    expect(await scope.journal.verify()).toMatchObject({ ok: true, problem: null })
  } finally {
    await governor.close()
  }
}

async function killAndCheck(place: Place, random: () => number): Promise<void> {
  const kills: Kill[] = []
  const checked = new Set<string>()
  for (let starts = 0; kills.length < KILLS; starts += 1) {
    expect(starts, 'the demo ends before it can be killed').toBeLessThan(2 * KILLS)
    const kill = await killAt(place, momentOf(random))
    if (kill === undefined) continue
    kills.push(kill)
    if (kills.length % CHECK_EVERY === 0) await check(place, checked, kills)
  }
  const last = start(place)
  expect(await last.ended, last.stderr()).toBe(0)
  const { summary, decisions }: DemoDocument = JSON.parse(last.stdout())
  expect(summary).toMatchObject({ decisions: decisions.length, explained: decisions.length, journal: { ok: true } })
  await check(place, checked, kills)
  expect(await verifyStoredJournal({ dataFolder: join(place.folder, '.preceptor') })).toMatchObject({ ok: true })
  expect(checked.size).toBeGreaterThan(KILLS)
}

describe('the demo', () => {
  const place = makePlace()
  const seed = Number(process.env.PRECEPTOR_TEST_SEED ?? randomInt(2 ** 31))
  afterAll(() => place.remove())

  it(
    verifies(['CMD-4', 'I-4', 'I-30'], `keeps what it said and repeats nothing when it is killed ${KILLS} times`),
    async () => {
      try {
        await killAndCheck(place, randomOf(seed))
      } catch (cause) {
        const what = cause instanceof Error ? cause.message : String(cause)
        throw new Error(`PRECEPTOR_TEST_SEED=${seed}: ${what}`, { cause })
      }
    },
    TIMEOUT_MS,
  )
})
