import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ControlScope } from '@preceptor/client'
import { startChild } from '../child.ts'
import { check, type Moment, type Shown } from './check.ts'
import { type Line, openLine } from './line.ts'
import type { Attempt, DeviceOrder, DeviceReport, Entry } from './messages.ts'
import { openOutbox } from './outbox.ts'
import { openPlane, type Plane } from './plane.ts'
import { openWarehouse } from './warehouse.ts'

const FOLDER = join('.preceptor', 'offline-sync')
const FILE = join(FOLDER, 'outbox.jsonl')
const MOST_TRIES = 20
// In the middle of what is sent, and of what is answered.
const SENT_BYTES = 700
const ANSWERS = 3

const move = (agent: string, action: string, args: Attempt['args'], idempotencyKey: string): Attempt => ({
  agent,
  action,
  args,
  idempotencyKey,
})
const ATTEMPTS: readonly Attempt[] = [
  move('count-bot', 'stock.move', { article: 'valve', pieces: -4 }, 'valves-out'),
  move('new-bot', 'stock.move', { article: 'valve', pieces: -1 }, 'from-a-student'),
  move('loss-bot', 'stock.write_off', { article: 'hose', pieces: -2 }, 'hoses-lost'),
  move('count-bot', 'stock.erase', { article: 'hose' }, 'no-such-action'),
  move('count-bot', 'stock.move', { article: 'hose', pieces: 6 }, 'hoses-in'),
  move('count-bot', 'stock.move', { article: 'clamp', pieces: -99 }, 'more-than-there-are'),
  move('loss-bot', 'stock.write_off', { article: 'clamp', pieces: -5 }, 'clamps-lost'),
  move('count-bot', 'stock.move', { article: 'clamp', pieces: 1 }, 'clamps-in'),
]

const isJson = process.argv.includes('--json')
const say = (line: string): void => void (isJson ? process.stderr : process.stdout).write(`${line}\n`)

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER, { recursive: true })
const warehouse = openWarehouse({ valve: 10, hose: 10, clamp: 10 })
const plane = await openPlane(join(FOLDER, 'data'), warehouse)
const line = await openLine(plane.port)
try {
  const shown = await show(plane, line)
  const findings = check(shown)
  for (const { name, holds } of findings) say(`   ${holds ? 'yes' : 'NO '}  ${name}`)
  if (isJson) process.stdout.write(`${JSON.stringify({ ...shown, findings })}\n`)
  if (findings.some(({ holds }) => !holds)) process.exitCode = 1
} finally {
  await line.close()
  await plane.close()
}

async function show({ ana, system, deviceKey }: Plane, { url, cutNext }: Line): Promise<Shown> {
  const sync = { task: 'sync', file: FILE, url, key: deviceKey } as const
  say('1  The device has no connection. What is done at it is recorded in its file.')
  const recorded = await device({ task: 'record', file: FILE, attempts: ATTEMPTS })
  say('2  It has one, and sends its batch. The connection breaks while it does.')
  cutNext({ up: SENT_BYTES })
  const cutSending = await device(sync)
  say('3  It tries again. The connection breaks while the answers come.')
  cutNext({ answers: ANSWERS })
  const cutAnswering = await device(sync)
  say('4  It tries again, until there is an answer to each.')
  const answered = await untilAnswered(sync)
  for (const { idempotencyKey, answer } of answered.entries) say(`   ${idempotencyKey.padEnd(20)} ${told(answer)}`)
  say('5  It syncs once more, while nobody has decided.')
  const undecided = await device(sync)
  say('6  Ana approves the hoses, and rejects the clamps. The device syncs.')
  await decide(ana, answered.entries)
  const decided = await untilAnswered(sync)
  say('7  Once more: there is nothing left to send.')
  const last = await device(sync)
  for (const { idempotencyKey, answer } of last.entries) say(`   ${idempotencyKey.padEnd(20)} ${told(answer)}`)
  say('8  What must hold:')
  const { items: decisions } = await system.journal.list({ kind: 'decision.made', limit: 100 })
  const { items: blocked } = await system.blockedTriggers.list({ limit: 100 })
  const { ok } = await system.journal.verify()
  return {
    ...{ attempts: ATTEMPTS, recorded, cutSending, cutAnswering, answered, undecided, decided, last },
    ...{ decisions, blocked, journalHolds: ok },
  }
}

/** Lets the device do something, and looks at what is there afterwards. */
async function device(order: DeviceOrder): Promise<Moment> {
  const child = startChild<DeviceReport>(new URL('device.js', import.meta.url), order)
  const report = await child.said
  await child.end()
  const moment = { report, entries: openOutbox(FILE).entries(), moves: [...warehouse.moves] }
  const { sent, answered, isCut } = report
  if (sent > 0) say(`   ${sent} sent, ${answered} answered${isCut ? ', and the connection broke' : ''}.`)
  return moment
}

/** What the server still did when the connection broke may be in its way for a moment. */
async function untilAnswered(order: DeviceOrder): Promise<Moment> {
  for (let tries = 1; ; tries += 1) {
    const moment = await device(order)
    if (moment.entries.every(({ answer }) => answer !== null && answer.state !== 'later')) return moment
    if (tries === MOST_TRIES) throw new Error(`After ${tries} tries there is an attempt without an answer.`)
  }
}

async function decide({ proposals }: ControlScope, entries: readonly Entry[]): Promise<void> {
  const waiting = (key: string): string => {
    const answer = entries.find(({ idempotencyKey }) => idempotencyKey === key)?.answer
    if (answer?.state !== 'waiting') throw new Error(`${key} does not wait.`)
    return answer.proposal
  }
  const hoses = await proposals.get(waiting('hoses-lost'))
  await proposals.approve(hoses.id, { version: hoses.version, actionHash: hoses.actionHash })
  const { id, version, actionHash } = await proposals.get(waiting('clamps-lost'))
  const reason = 'They lie behind the door.'
  await proposals.reject(id, { version, actionHash, category: 'wrong_action', reason })
}

function told(answer: Entry['answer']): string {
  if (answer === null) return 'no answer yet'
  if (answer.state === 'done') return `done, ${answer.stock} left`
  if (answer.state === 'waiting') return `waits as ${answer.proposal}`
  return answer.state === 'later' ? `later: ${answer.code}` : `failed, ${answer.code}: ${answer.message}`
}
