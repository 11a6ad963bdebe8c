import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createGovernor } from '@preceptor/core'
import pg from 'pg'
import { startRedis } from '../../setup/services.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atMost } from '../table.mjs'

const PROCESSES = 3
const ROUNDS = 20
const LATEST_MS = 1_000
const WITHIN_MS = 15_000
const TABLE = 'create table bare_levels (id text primary key, level text not null)'

/** From a stop or a demotion to the last action that starts, in three processes that act as fast as they may. */
export async function stop() {
  const server = await openPostgres()
  const redis = await startRedis({ install: false })
  const governor = await createGovernor({
    database: server.url,
    redis: redis.url,
    migrate: true,
    report: () => undefined,
  })
  const admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
  const bare = new pg.Client({ connectionString: server.url })
  await bare.connect()
  await bare.query(TABLE)
  const workers = await startAll('ours', server.url, redis.url)
  const listeners = await startAll('peer', server.url)
  try {
    const heard = []
    const decided = []
    for (let round = 0; round < ROUNDS; round += 1) {
      decided.push(await changeLevel(admin, workers))
      heard.push(await notifyBare(bare, listeners))
    }
    const ended = await contain(admin, workers)
    await redis.kill()
    const endedWithout = await contain(admin, workers)
    return [
      atMost({
        ...{ name: 'D7 commit of a level change -> 3 processes decide by it, p99 / a bare NOTIFY', unit: 'ms' },
        ...{ ours: p99(decided), other: p99(heard), as: 'limit', gate: 2, moonshot: 1.2 },
      }),
      bounded('stop or demotion -> the last action that starts, 3 processes, p100', ended),
      bounded('the same with Redis down', endedWithout),
    ]
  } finally {
    await Promise.all([...workers, ...listeners].map((process) => process.close()))
    await bare.end()
    await governor.close()
    await redis.stop()
    await server.close()
  }
}

const p99 = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.99)]

function bounded(name, values) {
  const ours = Math.max(...values)
  const sides = { ours, peer: null, limit: LATEST_MS, ratio: ours / LATEST_MS }
  return { name, ...sides, goal: `< ${LATEST_MS} ms`, moonshot: '-', met: ours < LATEST_MS, unit: 'ms' }
}

const now = () => performance.timeOrigin + performance.now()

/** Milliseconds from the commit of a demotion to the last process that decides by it. */
async function changeLevel(admin, workers) {
  const agent = await newAgent(admin)
  const deciding = said(workers, 'deciding', agent)
  for (const worker of workers) worker.send({ decide: agent })
  await deciding
  const decided = said(workers, 'decided', agent)
  const committed = firstCommit()
  await admin.agents.demote(agent, 'intern', 'a measurement')
  const from = committed()
  return Math.max(...(await decided)) - from
}

/** Tells when this process sent the first commit of what it does next. */
function firstCommit() {
  const { query } = pg.Client.prototype
  let at
  pg.Client.prototype.query = function (...request) {
    if (request[0] === 'commit') at ??= now()
    return query.apply(this, request)
  }
  return () => {
    pg.Client.prototype.query = query
    return at
  }
}

async function notifyBare(bare, listeners) {
  const id = randomUUID()
  await bare.query(`insert into bare_levels values ($1, 'autonomous')`, [id])
  const heard = said(listeners, 'heard', id)
  await bare.query('begin')
  await bare.query(`update bare_levels set level = 'intern' where id = $1`, [id])
  await bare.query(`select pg_notify('bare_levels', $1)`, [id])
  const from = now()
  await bare.query('commit')
  return Math.max(...(await heard)) - from
}

/** Milliseconds from the acknowledgement of a stop, or of a demotion, to the last action that starts. */
async function contain(admin, workers) {
  const late = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const agent = await newAgent(admin)
    const isStop = round % 2 === 0
    const acting = said(workers, 'acting', agent)
    // A student may still read.
    const actions = isStop ? ['order.read', 'note.write'] : ['note.write']
    for (const worker of workers) worker.send({ act: agent, actions })
    await acting
    const ended = said(workers, 'ended', agent)
    if (isStop) await admin.stops.set({ target: 'agent', agent, reason: 'a measurement' })
    else await admin.agents.demote(agent, 'student', 'a measurement')
    const acknowledged = now()
    late.push(Math.max(0, Math.max(...(await ended)) - acknowledged))
  }
  return late
}

async function newAgent(admin) {
  const { id } = await admin.agents.register({ id: `bot-${randomUUID()}`, maturity: 'autonomous' })
  return id
}

/** What each of some processes says of an agent, as soon as the last of them has. */
function said(processes, what, about) {
  return Promise.all(
    processes.map(({ child }) => {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`A process did not say "${what}" in time.`)), WITHIN_MS)
        const listen = (message) => {
          if (message[what] !== about) return
          clearTimeout(timer)
          child.off('message', listen)
          resolve(message.at)
        }
        child.on('message', listen)
      })
    }),
  )
}

function startAll(kind, ...args) {
  return Promise.all(Array.from({ length: PROCESSES }, () => start([kind, ...args])))
}

async function start(args) {
  const child = fork(new URL('../stop-worker.mjs', import.meta.url), args, { stdio: 'inherit' })
  await new Promise((resolve) => child.once('message', resolve))
  return {
    child,
    send: (message) => child.send(message),
    close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      return ended
    },
  }
}
