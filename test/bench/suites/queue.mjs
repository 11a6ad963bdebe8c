import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createGovernor } from '@preceptor/core'
import pg from 'pg'
import { median } from '../measure.mjs'
import { assertRoute } from '../open-gate.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atLeast } from '../table.mjs'

const EACH = 60
const MANY = 10
const CEILING_MS = 300
const MANY_CEILING_MS = 150
const DRAINED = 400
const CONCURRENCY = 10
const ROUNDS = 3
const TABLE = `create table bare_queue (id text primary key, state text not null, outcome text, created_at timestamptz not null default now());
  create index on bare_queue (created_at) where state = 'pending'`
const ADMIN = { workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } }
const SAM = { workspace: 'default', principal: { kind: 'user', id: 'sam', roles: ['supervisor'] } }
const BOT = { workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } }

/** From a supervisor who comes online to the run in another process, and how quickly a queue is drained. */
export async function queue() {
  const server = await openPostgres()
  const settings = { sessionsPerSupervisor: MANY }
  const actions = { 'mail.post': { risk: 'high', execute: () => undefined } }
  const governor = await createGovernor({
    database: server.url,
    migrate: true,
    actions,
    settings,
    report: () => undefined,
  })
  const bare = new pg.Pool({ connectionString: server.url, max: CONCURRENCY })
  const sam = governor.as(SAM)
  const watching = new AbortController()
  let attaching
  let worker
  try {
    await bare.query(TABLE)
    await governor.as(ADMIN).agents.register({ id: 'bot', maturity: 'supervised', ownerId: 'system' })
    await governor.as(ADMIN).members.put('sam', { displayName: 'Sam', roles: ['supervisor'] })
    await sam.presence.heartbeat()
    worker = await startWorker(server.url)
    attaching = attachToAll(sam, watching.signal)
    const started = { one: [], many: [] }
    for (let index = 0; index < EACH; index += 1) started.one.push(await measure({ governor, worker, sam }, 1))
    for (let index = 0; index < EACH / 3; index += 1) started.many.push(await measure({ governor, worker, sam }, MANY))
    const drained = { ours: [], peer: [] }
    for (let round = 0; round < ROUNDS; round += 1) {
      drained.ours.push(await drain({ governor, worker, sam }))
      drained.peer.push(await drainByHand(bare))
    }
    return rows(started, drained)
  } finally {
    watching.abort()
    await attaching
    await worker?.close()
    await bare.end()
    await governor.close()
    await server.close()
  }
}

function rows({ one, many }, { ours, peer }) {
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
      ...{
        name: `Q5 drain: offered, attached, claimed, run, recorded / claim, run, record by hand`,
        unit: '/s',
        as: 'peer',
      },
      ...{ ours: median(ours), other: median(peer), gate: 0.5, moonshot: 0.8 },
    }),
  ]
}

async function startWorker(url) {
  const args = [url, String(CONCURRENCY), String(MANY)]
  const child = fork(new URL('../queue-worker.mjs', import.meta.url), args, { stdio: 'inherit' })
  const waiting = new Map()
  child.on('message', ({ id, at }) => {
    waiting.get(id)?.(at)
    waiting.delete(id)
  })
  await once(child, 'message')
  return {
    ran: (id) => new Promise((resolve) => waiting.set(id, resolve)),
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

/** Entries a second. */
async function drain({ governor, worker, sam }) {
  await sam.presence.override('sam', { state: 'offline' })
  const ids = []
  while (ids.length < DRAINED) {
    ids.push(...(await Promise.all(Array.from({ length: CONCURRENCY }, () => enqueue(governor)))))
  }
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
