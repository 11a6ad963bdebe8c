import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createGovernor } from '@preceptor/core'
import pg from 'pg'
import { median } from '../measure.mjs'
import { assertRoute } from '../open-gate.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atLeast, reported } from '../table.mjs'

const EACH = 60
const MANY = 10
const CEILING_MS = 300
const MANY_CEILING_MS = 150
const DRAINED = 400
const CONCURRENCY = 10
const ROUNDS = 3
const LONG_MS = 600_000
const TABLE = `create table bare_queue (id text primary key, state text not null, outcome text, created_at timestamptz not null default now());
  create index on bare_queue (created_at) where state = 'pending'`
const ADMIN = { workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } }
const SAM = { workspace: 'default', principal: { kind: 'user', id: 'sam', roles: ['supervisor'] } }
const BOT = { workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } }

/** From a supervisor who comes online to the run in another process, and how quickly a queue is drained. */
export async function queue() {
  const server = await openPostgres()
  try {
    const started = await fromOnline(server.url)
    return rows(started, await drains(server.url))
  } finally {
    await server.close()
  }
}

/** A supervisor's client attaches to what a worker in another process offers. */
async function fromOnline(url) {
  const { governor, sam, close } = await openQueue(url, { sessionsPerSupervisor: MANY })
  const watching = new AbortController()
  let attaching
  let worker
  try {
    worker = await startWorker(url, MANY)
    await worker.start()
    attaching = attachToAll(sam, watching.signal)
    const started = { one: [], many: [], drained: [] }
    for (let index = 0; index < EACH; index += 1) started.one.push(await measure({ governor, worker, sam }, 1))
    for (let index = 0; index < EACH / 3; index += 1) started.many.push(await measure({ governor, worker, sam }, MANY))
    for (let round = 0; round < ROUNDS; round += 1) started.drained.push(await drain({ governor, worker, sam }))
    return started
  } finally {
    watching.abort()
    await attaching
    await worker?.close()
    await close()
  }
}

/** What is watched already is claimed, run and recorded, round by round beside a loop written by hand. */
async function drains(url) {
  const settings = { sessionsPerSupervisor: DRAINED, supervisorLeaseMs: LONG_MS, attachWithinMs: LONG_MS }
  const { governor, sam, close } = await openQueue(url, settings)
  const bare = new pg.Pool({ connectionString: url, max: CONCURRENCY })
  const drained = { ours: [], peer: [] }
  try {
    await bare.query(TABLE)
    for (let round = 0; round < ROUNDS; round += 1) {
      drained.ours.push(await drainWatched({ governor, sam, url }))
      drained.peer.push(await drainByHand(bare))
    }
    return drained
  } finally {
    await bare.end()
    await close()
  }
}

async function openQueue(url, settings) {
  const actions = { 'mail.post': { risk: 'high', execute: () => undefined } }
  const governor = await createGovernor({ database: url, migrate: true, actions, settings, report: () => undefined })
  const admin = governor.as(ADMIN)
  await admin.agents.register({ id: 'bot', maturity: 'supervised', ownerId: 'system' }).catch(() => undefined)
  await admin.members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
  const sam = governor.as(SAM)
  await sam.presence.heartbeat()
  return { governor, sam, close: () => governor.close() }
}

function rows({ one, many, drained }, { ours, peer }) {
  const row = (name, own, ceiling) => {
    const goal = `< ${ceiling} ms`
    return {
      name,
      ours: own,
      peer: null,
      limit: null,
      ratio: own / ceiling,
      goal,
      moonshot: '-',
      met: own < ceiling,
      unit: 'ms',
    }
  }
  const p99 = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)]
  return [
    row('supervisor online to attached and run started in another process, p99', p99(one), CEILING_MS),
    row('the same, p50', median(one), CEILING_MS),
    row(`supervisor online to all of ${MANY} runs started, p50`, median(many), MANY_CEILING_MS),
    atLeast({
      ...{ name: 'Q5 drain of watched entries: claimed, run, recorded / a loop by hand', unit: '/s', as: 'peer' },
      ...{ ours: median(ours), other: median(peer), gate: 0.5, moonshot: 0.8 },
    }),
    reported({
      ...{ name: `the same with ${MANY} at a time offered to one supervisor, who attaches to each`, unit: '/s' },
      ...{ ours: median(drained), other: median(peer) },
    }),
  ]
}

async function startWorker(url, sessionsPerSupervisor) {
  const args = [url, String(CONCURRENCY), String(sessionsPerSupervisor)]
  const child = fork(new URL('../queue-worker.mjs', import.meta.url), args, { stdio: 'inherit' })
  const waiting = new Map()
  child.on('message', ({ id, at }) => {
    waiting.get(id)?.(at)
    waiting.delete(id)
  })
  await once(child, 'message')
  return {
    ran: (id) => new Promise((resolve) => waiting.set(id, resolve)),
    async start() {
      const started = once(child, 'message')
      child.send({ start: true })
      await started
    },
    async close() {
      child.send({ close: true })
      await once(child, 'exit')
    },
  }
}

/** A supervisor's client: it attaches to whatever its user is asked to watch. */
async function attachToAll(sam, signal) {
  const attached = []
  for await (const { kind, subjectId, body } of await sam.events.subscribe({ signal })) {
    if (kind === 'supervision_session.started' && body.supervisors?.includes('sam')) {
      attached.push(sam.sessions.attach(subjectId).catch(() => undefined))
    }
  }
  await Promise.all(attached)
}

async function enqueue(governor) {
  const id = randomUUID()
  assertRoute(await governor.as(BOT).decide({ agent: 'bot', action: 'mail.post', args: { id } }), 'queue')
  return id
}

/** Milliseconds from the act that makes the supervisor online to the last of some runs. */
async function measure({ governor, worker, sam }, count) {
  await sam.presence.override('sam', { state: 'offline' })
  const ids = []
  for (let index = 0; index < count; index += 1) ids.push(await enqueue(governor))
  const ran = Promise.all(ids.map((id) => worker.ran(id)))
  await sam.presence.heartbeat()
  const from = performance.timeOrigin + performance.now()
  await sam.presence.clearOverride('sam')
  return Math.max(...(await ran)) - from
}

/** Entries a second that somebody has attached to already. */
async function drainWatched({ governor, sam, url }) {
  await sam.presence.override('sam', { state: 'offline' })
  const ids = await enqueueMany(governor)
  await sam.presence.heartbeat()
  await sam.presence.clearOverride('sam')
  while ((await governor.as(ADMIN).queue.process()).offered > 0);
  const { items } = await governor.as(ADMIN).sessions.list({ state: 'starting', limit: 100 })
  for (let left = items; left.length > 0; ) {
    for (const { id } of left) await sam.sessions.attach(id)
    left = (await governor.as(ADMIN).sessions.list({ state: 'starting', limit: 100 })).items
  }
  const worker = await startWorker(url, DRAINED)
  try {
    const ran = Promise.all(ids.map((id) => worker.ran(id)))
    const from = performance.now()
    void worker.start()
    await ran
    return (DRAINED * 1_000) / (performance.now() - from)
  } finally {
    await worker.close()
  }
}

async function enqueueMany(governor) {
  const ids = []
  while (ids.length < DRAINED) {
    ids.push(...(await Promise.all(Array.from({ length: CONCURRENCY }, () => enqueue(governor)))))
  }
  return ids
}

/** Entries a second. */
async function drain({ governor, worker, sam }) {
  await sam.presence.override('sam', { state: 'offline' })
  const ids = await enqueueMany(governor)
  const ran = Promise.all(ids.map((id) => worker.ran(id)))
  await sam.presence.heartbeat()
  const from = performance.now()
  await sam.presence.clearOverride('sam')
  await ran
  return (DRAINED * 1_000) / (performance.now() - from)
}

async function drainByHand(bare) {
  await bare.query(
    `insert into bare_queue (id, state) select gen_random_uuid(), 'pending' from generate_series(1, ${DRAINED})`,
  )
  const from = performance.now()
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (;;) {
        const { rows: taken } = await bare.query({
          name: 'claim',
          text: `update bare_queue set state = 'executing' where id = (select id from bare_queue where state = 'pending'
            order by created_at limit 1 for update skip locked) returning id`,
        })
        if (taken.length === 0) return
        await Promise.resolve()
        const values = [taken[0].id]
        await bare.query({
          name: 'record',
          text: "update bare_queue set state = 'completed', outcome = 'ok' where id = $1",
          values,
        })
      }
    }),
  )
  return (DRAINED * 1_000) / (performance.now() - from)
}
