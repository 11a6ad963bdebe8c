import { createGovernor } from '@preceptor/core'
import pg from 'pg'
import { median } from '../measure.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atLeast, atMost, faster, reported } from '../table.mjs'

const ROUNDS = 5
const SLICE_MS = 400
const CONNECTIONS = 8
const USERS = 60_000
const PEOPLE = 8_192
// Longer than heartbeats are put together, shorter than it takes to be away.
const STEP_MS = 30_000
const BATCH = 500
const DUE = 1_000
const TABLES = `
  create table bare_presences (user_id text primary key, last_activity_at timestamptz not null, state text not null);
  create table bare_history (id bigint generated always as identity primary key, user_id text not null, state text not null,
    at timestamptz not null);`

/** Heartbeats and changes of state, against what one would write by hand. */
export async function presence() {
  const server = await openPostgres()
  // Its time of day goes on by itself, and by a step whenever all have been heard: each heartbeat is one to write.
  const clock = { ahead: 0, now: () => Date.now() + clock.ahead, monotonic: () => performance.now() }
  const governor = await createGovernor({ database: server.url, migrate: true, clock, report: () => undefined })
  const bare = new pg.Pool({ connectionString: server.url, max: CONNECTIONS })
  try {
    await bare.query(TABLES)
    await addMembers(bare, 0, 1_000)
    await bare.query('vacuum analyze')
    const quietFew = await quiet(governor)
    await addMembers(bare, 1_000, USERS)
    return [
      ...(await heartbeats({ governor, bare, clock })),
      ...(await transitions({ governor, bare, clock }, quietFew)),
    ]
  } finally {
    await bare.end()
    await governor.close()
    await server.close()
  }
}

const addMembers = (bare, from, to) =>
  bare.query(
    `with new as (select 'user-' || number as id from generate_series($1::int, $2::int - 1) as number),
       made as (insert into memberships (workspace_id, user_id, display_name, roles, created_at)
         select 'default', id, id, '{supervisor}', now() from new returning user_id),
       present as (insert into presences (workspace_id, user_id, last_activity_at, announced_state, due_at)
         select 'default', user_id, now(), 'online', now() + interval '1 hour' from made)
     insert into bare_presences select user_id, now(), 'online' from made`,
    [from, to],
  )

async function heartbeats({ governor, bare, clock }) {
  let next = 0
  const user = () => {
    next = (next + 1) % PEOPLE
    if (next === 0) clock.ahead += STEP_MS
    return next
  }
  const scopes = Array.from({ length: PEOPLE }, (_, index) => {
    const principal = { kind: 'user', id: `user-${index}`, roles: ['supervisor'] }
    return governor.as({ workspace: 'default', principal }).presence
  })
  const beat = (index) => scopes[index].heartbeat()
  const upsert = (id) =>
    bare.query({
      name: 'upsert',
      text: `insert into bare_presences values ($1, now(), 'online')
        on conflict (user_id) do update set last_activity_at = excluded.last_activity_at`,
      values: [`user-${id}`],
    })
  const batch = () =>
    bare.query({
      name: 'batch',
      text: `insert into bare_presences select id, now(), 'online' from unnest($1::text[]) as id
        on conflict (user_id) do update set last_activity_at = excluded.last_activity_at`,
      values: [Array.from({ length: BATCH }, () => `user-${user()}`)],
    })
  const contestants = {
    ours64: () => rateOf(64, () => beat(user())),
    few: () => rateOf(64, (caller) => beat(caller)),
    upsert64: () => rateOf(64, () => upsert(user())),
    ours4096: () => rateOf(4_096, () => beat(user())),
    batch: async () => (await rateOf(1, batch)) * BATCH,
  }
  const rates = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]))
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(contestants)) {
      const rate = await run()
      if (round > 0) rates[name].push(rate)
    }
  }
  const middle = Object.fromEntries(Object.entries(rates).map(([name, values]) => [name, median(values)]))
  const unit = '/s'
  return [
    atLeast({
      ...{ name: 'HB1 heartbeats, 64 callers, each written / a prepared upsert each', unit, as: 'peer' },
      ...{ ours: middle.ours64, other: middle.upsert64, gate: 4, moonshot: 8 },
    }),
    reported({
      ...{ name: 'the same from 64 people who stay, where most need no write', unit },
      ...{ ours: middle.few, other: middle.upsert64 },
    }),
    atLeast({
      ...{ name: 'HB2 heartbeats, 4,096 callers, each written / bare batches of 500', unit, as: 'limit' },
      ...{ ours: middle.ours4096, other: middle.batch, gate: 0.6, moonshot: 0.8 },
    }),
  ]
}

/** Operations a second of several callers. */
async function rateOf(callers, run) {
  const from = performance.now()
  let done = 0
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (performance.now() - from < SLICE_MS) {
        await run(caller)
        done += 1
      }
    }),
  )
  return (done * 1_000) / (performance.now() - from)
}

const look = (governor) => governor.jobs.run('update-presence', { workspace: 'default' })

/** Milliseconds of a look at which nothing is due. */
async function quiet(governor) {
  const times = []
  for (let index = 0; index < 40; index += 1) {
    const started = performance.now()
    await look(governor)
    times.push(performance.now() - started)
  }
  return median(times)
}

async function transitions({ governor, bare, clock }, quietFew) {
  const now = `now() + interval '${clock.ahead} ms'`
  const settle = `update presences set last_activity_at = ${now}, announced_state = 'online', due_at = ${now} + interval '1 hour'`
  const due = `update presences set last_activity_at = ${now} - interval '1 hour', due_at = ${now} - interval '1 minute'
    where user_id in (select user_id from presences order by user_id limit ${DUE})`
  const times = { ours: [], peer: [] }
  for (let round = 0; round <= ROUNDS; round += 1) {
    await bare.query(settle)
    await bare.query(due)
    const ours = await timed(() => look(governor))
    await bare.query(`update bare_presences set state = 'online', last_activity_at = now() - interval '1 hour'
      where user_id in (select user_id from bare_presences order by user_id limit ${DUE})`)
    const peer = await timed(() => loopByHand(bare))
    if (round === 0) continue
    times.ours.push(ours)
    times.peer.push(peer)
  }
  await bare.query(settle)
  await bare.query('vacuum analyze presences')
  const quietMany = await quiet(governor)
  return [
    faster({
      ...{ name: `T1 ${DUE.toLocaleString('en-US')} changes with their history / a transaction each`, unit: 'ms' },
      ...{ ours: median(times.ours), other: median(times.peer), gate: 20, moonshot: 40 },
    }),
    atMost({
      ...{ name: `T2 nothing due, ${USERS.toLocaleString('en-US')} members / 1,000`, unit: 'ms', as: 'limit' },
      ...{ ours: quietMany, other: quietFew, gate: 2, moonshot: 1.2 },
    }),
  ]
}

async function timed(work) {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function loopByHand(bare) {
  const client = await bare.connect()
  const { rows } = await client.query(
    `select user_id from bare_presences where state <> 'offline' and last_activity_at < now() - interval '15 minutes'`,
  )
  for (const { user_id: id } of rows) {
    await client.query('begin')
    await client.query({
      name: 'hold',
      text: 'select state from bare_presences where user_id = $1 for update',
      values: [id],
    })
    await client.query({
      name: 'move',
      text: "update bare_presences set state = 'offline' where user_id = $1",
      values: [id],
    })
    await client.query({
      name: 'note',
      text: "insert into bare_history (user_id, state, at) values ($1, 'offline', now())",
      values: [id],
    })
    await client.query('commit')
  }
  client.release()
}
