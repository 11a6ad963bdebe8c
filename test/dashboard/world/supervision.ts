import type { GuardCall, JsonObject } from '@preceptor/client'
import { gate, type Work } from '../supervised-run.ts'
import { comes, type Maker, refundArgs } from './maker.ts'

/** Ids of supervised sessions. */
export interface SupervisionIds {
  /** Under way, with a log, steps and an output. */
  readonly running: string
  /** Paused, with a call that waits. */
  readonly paused: string
  /** Waits for somebody who watches. */
  readonly starting: string
  readonly completed: string
  readonly terminated: string
}

/** Sessions, and how to let those go on that are held. */
export interface Supervision extends SupervisionIds {
  release(): void
}

const AGENT = 'invoice-bot'
const LEVELS = ['info', 'warn', 'info', 'debug'] as const

/** Begins a run whose first step somebody watches. */
async function begin({ stage, texts, ana }: Maker, run: string, work: Work, watched = true): Promise<string> {
  await ana.presence.heartbeat()
  const known = new Set((await ana.sessions.list({ agent: AGENT, limit: 100 })).items.map(({ id }) => id))
  void attempt({ stage, texts }, run, work)
  const id = await comes(async () => {
    const { items } = await ana.sessions.list({ agent: AGENT, limit: 100 })
    return items.find((session) => !known.has(session.id))?.id
  })
  if (watched) await ana.sessions.attach(id)
  return id
}

function attempt(
  { stage, texts }: Pick<Maker, 'stage' | 'texts'>,
  run: string,
  work: Work,
  index = 0,
): Promise<unknown> {
  const trigger = { agent: AGENT, action: 'refund.create', args: refundArgs(texts, index), run }
  const result = stage.test.agent(AGENT).guard(trigger, work)
  return result.catch(() => undefined)
}

/** What a run says of itself. */
function tell({ texts }: Maker, { emit }: GuardCall, share: number): void {
  LEVELS.forEach((level, index) => void emit({ kind: 'log', level, message: texts('run.log', index) }))
  emit({ kind: 'progress', value: share, message: texts('run.progress') })
  const rows: JsonObject[] = [210, 48.5, 99, 12].map((amount, index) => {
    return { [texts('run.output.key')]: texts('run.output', index), amount, match: index !== 1 }
  })
  emit({ kind: 'output', text: JSON.stringify(rows) })
}

/** A run that somebody watched to its end and rated, as there were some each week. */
export async function watchOne(maker: Maker, week: number): Promise<string> {
  const { stage, texts, ana } = maker
  const run = `week-${week}`
  const id = await begin(maker, run, async (call) => {
    tell(maker, call, 1)
    await call.checkpoint()
  })
  await stepEnded(maker, id)
  await stage.test.agent(AGENT).finish(run, { agent: AGENT, status: 'completed' })
  await ana.sessions.complete(id, { rating: week % 3 === 0 ? 4 : 5, feedback: texts('run.rated') })
  return id
}

/** Puts sessions in, in each state. */
export async function makeSupervision(maker: Maker): Promise<Supervision> {
  const { texts, ana, ben } = maker
  const held = [gate(), gate(), gate()] as const
  const completed = await watchOne(maker, 100)
  const terminated = await begin(maker, 'ended-early', async (call) => {
    tell(maker, call, 0.2)
    await call.checkpoint()
    await held[2].passed
  })
  await saidAll(maker, terminated)
  await ana.sessions.intervene(terminated, { type: 'terminate', reason: texts('run.terminated') })
  const paused = await begin(maker, 'paused', async (call) => {
    tell(maker, call, 0.4)
    await held[1].passed
    await call.checkpoint()
  })
  await saidAll(maker, paused)
  await ana.sessions.intervene(paused, { type: 'pause', reason: texts('run.terminated') })
  held[1].open()
  await comes(async () => ((await ana.sessions.get(paused)).state === 'paused' ? true : undefined))
  void attempt(maker, 'paused', () => texts('effect.output'), 2)
  const running = await begin(maker, 'november', async (call) => {
    call.emit({ kind: 'log', level: 'info', message: texts('run.log', 2) })
    await call.checkpoint()
  })
  await stepEnded(maker, running)
  void attempt(
    maker,
    'november',
    async (call) => {
      tell(maker, call, 0.6)
      await call.checkpoint()
      await held[0].passed
      return texts('effect.output')
    },
    1,
  )
  await saidAll(maker, running)
  await ana.sessions.intervene(running, { type: 'correct', guidance: texts('run.guidance') })
  const starting = await begin(maker, 'waiting', () => texts('effect.output'), false)
  await enqueue(maker)
  await ben.presence.heartbeat()
  return {
    running,
    paused,
    starting,
    completed,
    terminated,
    release: () => held.forEach(({ open }) => void open()),
  }
}

/** Waits until the first step of a run is over. */
async function stepEnded({ ana }: Maker, id: string): Promise<void> {
  await comes(async () => {
    const [step] = (await ana.sessions.get(id)).steps
    return step !== undefined && step.endedAt !== null ? true : undefined
  })
}

/** Waits until what a run said is stored. */
async function saidAll({ ana }: Maker, id: string): Promise<void> {
  await comes(async () => {
    const { items } = await ana.sessions.events(id, { limit: 200 })
    return items.some(({ kind }) => kind === 'output') ? true : undefined
  })
}

/** Runs that wait in the queue, since nobody who may watch them is there; one is cancelled. */
async function enqueue({ stage, texts, ana }: Maker): Promise<void> {
  const people = ['ana', 'ben', 'ada']
  for (const user of people) await stage.test.admin.presence.override(user, { state: 'offline' })
  for (let index = 0; index < 3; index += 1) {
    const key = `queue-${index}`
    const trigger = { agent: 'queue-bot', action: 'refund.create', args: refundArgs(texts, index), idempotencyKey: key }
    const decision = await stage.test.agent('queue-bot').decide(trigger)
    if (decision.route !== 'queue') throw new Error(`${decision.route}: ${decision.reason}`)
    if (index === 2) await ana.queue.cancel(decision.queueEntry.id, texts('queue.cancelled'))
  }
  for (const user of people) await stage.test.admin.presence.clearOverride(user)
}
