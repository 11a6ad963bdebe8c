import { randomUUID } from 'node:crypto'

const PART = 20_000
/** How many agents share the work of each kind, and how many people decide. */
const AGENTS = 40
const PEOPLE = 12
const ARGS = { order: 'o-1', cents: 1_250, reason: 'The parcel never came.' }

/** Shares of the decisions, in thousandths: what a workspace is made of whose agents mostly work by themselves. */
const SHARES = {
  ran: 650,
  approved: 140,
  rejected: 30,
  cancelled: 20,
  pending: 1,
  queued: 39,
  watched: 50,
  blocked: 50,
  denied: 20,
}

/** What a filled workspace has. */
const ACTIONS = { 'order.read': { risk: 'safe' }, 'note.write': { risk: 'medium' }, 'refund.create': { risk: 'high' } }

/** Options of a governor whose workspaces can be filled. */
export const LARGE_OPTIONS = { actions: ACTIONS, settings: { attachWithinMs: 600_000 }, report: () => undefined }

/**
 * Prepares a workspace that is filled with decisions and all that they led to: proposals with versions, reviews and
 * executions, queue entries, sessions, blocked triggers, and the rows of the journal. One of each kind is made by the governor
 * itself; the others are copies of its rows with ids, agents, people and times of their own, written in the states that
 * the guards of the tables let a row go through. The journal is sealed by the governor.
 *
 * @param {object} ports
 * @param {any} ports.governor a governor that was opened with `LARGE_OPTIONS`
 * @param {import('pg').Pool} ports.store the same database, as a superuser
 * @param {{ workspace: string, decisions: number, days?: number, until?: Date }} size how many decisions there will be, spread
 *   evenly over the days before `until`
 * @returns {Promise<{ write(from: number, to: number, progress?: (line: string) => void): Promise<void> }>} writes the
 *   decisions from one number up to another
 */
export async function prepareWorkspace({ governor, store }, { workspace, decisions, days = 60, until }) {
  const kinds = await makeOfEach(governor, workspace)
  /** @type {Record<string, any>} */
  const templates = {}
  for (const [kind, ids] of Object.entries(kinds)) templates[kind] = await readTemplate(store, workspace, ids)
  await addAgents(store, workspace, kinds)
  const end = (until ?? new Date()).toISOString()
  const spacing = (days * 86_400) / decisions
  return {
    async write(first, last, progress) {
      for (let from = first; from < last; from += PART) {
        const part = { from, to: Math.min(from + PART, last), end, spacing, decisions }
        for (const [kind, rows] of Object.entries(templates)) await inTransaction(store, copiesOf(kind, rows, part))
        progress?.(`${part.to} decisions of ${workspace}`)
      }
      await governor.jobs.run('seal-journal', { workspace })
    },
  }
}

/** Gathers what the planner goes by. */
export async function lookAfter(store) {
  await store.query('vacuum analyze')
}

async function inTransaction(store, statements) {
  const client = await store.connect()
  try {
    await client.query('begin')
    for (const statement of statements) await client.query(statement)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

/** Lets the governor make one of each kind; gives the ids of the decisions and what they led to. */
async function makeOfEach(governor, workspace) {
  const as = (kind, id, roles = []) => governor.as({ workspace, principal: { kind, id, roles } })
  const admin = as('user', 'ada', ['admin'])
  const person = as('user', 'rev-0', ['supervisor'])
  for (let index = 0; index < PEOPLE; index += 1) {
    await admin.members.put(`rev-${index}`, { displayName: `Reviewer ${index}`, roles: ['supervisor'] })
  }
  const levels = {
    ran: 'autonomous',
    queued: 'supervised',
    watched: 'supervised',
    blocked: 'student',
    denied: 'intern',
  }
  const decide = async (kind, action, use = (scope, trigger) => scope.decide(trigger)) => {
    const agent = `${kind}-bot-0`
    await admin.agents.register({ id: agent, maturity: levels[kind] ?? 'intern' })
    if (kind === 'denied') await admin.agents.pause(agent, 'For a while.')
    return use(as('agent', agent), { agent, action, args: ARGS, idempotencyKey: `key-${randomUUID()}` })
  }
  const guarded = (scope, trigger) => scope.guard(trigger, () => 'done').then(({ decision }) => decision)
  const ids = {}
  const keep = (kind, ...found) => {
    ids[kind] = found
  }
  keep('ran', (await decide('ran', 'order.read', guarded)).id)
  for (const kind of ['approved', 'rejected', 'cancelled', 'pending']) {
    const asked = { again: undefined }
    const first = await decide(kind, 'refund.create', (scope, trigger) => {
      asked.again = () => guarded(scope, trigger)
      return scope.decide(trigger)
    })
    const { id, version, actionHash } = await admin.proposals.get(first.proposal.id)
    const shown = { version, actionHash }
    if (kind === 'approved' || kind === 'rejected') await person.view(id, { kind: 'viewer.joined', place: 'desk' })
    if (kind === 'approved') await person.proposals.approve(id, shown)
    if (kind === 'rejected') await person.proposals.reject(id, { ...shown, category: 'other', reason: 'Not this one.' })
    if (kind === 'cancelled') await admin.proposals.cancel(id, 'Not needed.')
    keep(kind, first.id, id, ...(kind === 'approved' ? [(await asked.again()).id] : []))
  }
  const queued = await decide('queued', 'refund.create')
  keep('queued', queued.id, queued.queueEntry.id)
  await person.presence.heartbeat()
  const watched = await decide('watched', 'refund.create')
  keep('watched', watched.id, watched.session.id)
  keep('blocked', (await decide('blocked', 'refund.create')).id)
  keep('denied', (await decide('denied', 'refund.create')).id)
  await governor.jobs.run('seal-journal', { workspace })
  return ids
}

/** Tables of what a decision leads to, and where they name it; in the order in which their rows refer to each other. */
const TABLES = [
  'proposals',
  'proposal_versions',
  'proposal_reviews',
  'executions',
  'supervised_queue',
  'supervision_sessions',
  'blocked_triggers',
]

/** The rows that some ids stand in, as JSON, without the columns that the table makes by itself. */
async function readTemplate(store, workspace, ids) {
  const found = { journal: [] }
  for (const table of [...TABLES, 'journal']) {
    const { rows } = await store.query(
      `select to_jsonb(t)${table === 'journal' ? " - 'position' - 'xid' - 'actor'" : ''} as row from ${table} t
       where workspace_id = $1 and exists (select from unnest($2::text[]) as one (id) where strpos(t::text, one.id) > 0)`,
      [workspace, ids],
    )
    // A course is one for all that its agent attempts.
    const own = rows.map(({ row }) => row).filter(({ kind }) => kind !== 'training_proposal.created')
    if (own.length > 0) found[table] = own
  }
  return found
}

/** Colleagues of each agent that made one. */
async function addAgents(store, workspace, kinds) {
  for (const kind of Object.keys(kinds)) {
    const from = `where workspace_id = '${workspace}' and`
    const each = `cross join generate_series(1, ${AGENTS - 1}) as n`
    await store.query(
      `insert into agents select (jsonb_populate_record(a, jsonb_build_object('id', '${kind}-bot-' || n))).*
       from agents a ${each} ${from} id = '${kind}-bot-0';
       insert into maturity_records
       select (jsonb_populate_record(m, jsonb_build_object('agent_id', '${kind}-bot-' || n))).*
       from maturity_records m ${each} ${from} agent_id = '${kind}-bot-0' and capability = '*'`,
    )
  }
}

const ID = /\b[a-z]{3}_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g
const KEY = /\bkey-[0-9a-f-]{36}\b/g
const literal = (text) => `'${text.replaceAll("'", "''")}'`

/** The statements that write a part of the copies of one kind. */
function copiesOf(kind, template, { from, to, end, spacing, decisions }) {
  const kinds = Object.keys(SHARES)
  const low = kinds.slice(0, kinds.indexOf(kind)).reduce((sum, one) => sum + SHARES[one], 0)
  // What waits is recent.
  const isOwn = `(n::bigint * 7919) % 1000 >= ${low} and (n::bigint * 7919) % 1000 < ${low + SHARES[kind]}`
  const numbers = `(select n, ${literal(end)}::timestamptz - (${decisions} - n) * ${spacing} * interval '1 second' as at,
    (3 + (n * 31) % 900) * interval '1 second' as took from generate_series(${from}, ${to - 1}) as n where ${isOwn}) as c`
  const copy = (row) => {
    const text = JSON.stringify(row)
    const unique = [...new Set([...(text.match(ID) ?? []), ...(text.match(KEY) ?? [])])].filter(
      (id) => !id.startsWith('trp_'),
    )
    const renamed = unique.reduce(
      (inner, id) => `replace(${inner}, ${literal(id)}, ${literal(id.slice(0, -12))} || lpad(to_hex(c.n), 12, '0'))`,
      literal(text),
    )
    const byAgents = `replace(${renamed}, '${kind}-bot-0', '${kind}-bot-' || c.n % ${AGENTS})`
    return `replace(${byAgents}, 'user:rev-0', 'user:rev-' || c.n % ${PEOPLE})::jsonb`
  }
  const began = template.journal.map((row) => Date.parse(row.recorded_at)).sort((a, b) => a - b)[0]
  const when = (time) => `(c.at${time !== null && Date.parse(time) - began > 2 ? ' + c.took' : ''})`
  const insert = (table, row, begin = {}) => {
    const times = Object.entries({ ...row, ...begin })
      .filter(([name, value]) => value !== null && /_at$/.test(name) && !name.startsWith('lease'))
      .map(([name, value]) => `'${name}', ${name === 'expires_at' ? expiry(kind) : when(value)}`)
    const changed = Object.entries(begin).map(
      ([name, value]) => `'${name}', ${value === null ? 'null' : `${literal(JSON.stringify(value))}::jsonb`}`,
    )
    const columns = Object.keys(row)
    const made = `jsonb_populate_record(null::${table}, ${copy(row)} || jsonb_build_object(${[...times, ...changed].join(', ')}))`
    return `insert into ${table} (${columns.join(', ')}) select ${columns.map((name) => `(r).${name}`).join(', ')}
      from (select ${made} as r from ${numbers} offset 0) as made`
  }
  return statementsOf(kind, template, insert)
}

/** What waits has its time before it; of the others it is over. */
const expiry = (kind) =>
  kind === 'pending' ? "(greatest(c.at, now()) + interval '1 day')" : "(c.at + interval '1 day')"

/** The rows are written as they began, and led through their states. */
function statementsOf(kind, template, insert) {
  const { proposals: [proposal] = [], executions: [execution] = [] } = template
  const statements = []
  const add = (table, begin) => {
    for (const row of template[table] ?? []) statements.push(insert(table, row, begin))
  }
  const prefixOf = (row) => literal(`${row.id.slice(0, -12)}%`)
  if (proposal !== undefined) {
    const open = {
      state: 'pending',
      decided_by: [],
      decided_at: null,
      acknowledged_at: null,
      reason: null,
      category: null,
    }
    statements.push(insert('proposals', proposal, open))
    add('proposal_versions')
    add('proposal_reviews')
    if (kind !== 'pending') {
      const to = kind === 'approved' ? 'approved' : kind
      const decided = `, decided_by = array(select r.reviewer from proposal_reviews r where r.proposal_id = p.id),
        decided_at = p.created_at + ((3 + ('x' || right(p.id, 8))::bit(32)::int * 31 % 900) * interval '1 second')`
      statements.push(
        `update proposals p set state = '${to}', updated_at = p.created_at + ((3 + ('x' || right(p.id, 8))::bit(32)::int * 31 % 900)
           * interval '1 second')${decided} where id like ${prefixOf(proposal)} and state = 'pending' and id <> ${literal(proposal.id)}`,
      )
    }
    if (execution !== undefined) {
      statements.push(insert('executions', execution, { state: 'claimed', outcome: null, settled_at: null }))
      const own = (row) => `where id like ${prefixOf(row)} and id <> ${literal(row.id)}`
      statements.push(`update proposals set state = 'executing' ${own(proposal)} and state = 'approved'`)
      statements.push(
        `update executions set state = 'succeeded', outcome = ${literal(JSON.stringify(execution.outcome))},
           settled_at = claimed_at ${own(execution)} and state = 'claimed'`,
      )
      statements.push(`update proposals set state = 'succeeded' ${own(proposal)} and state = 'executing'`)
    }
  }
  for (const row of template.supervised_queue ?? []) {
    statements.push(insert('supervised_queue', row, { state: 'pending' }))
    const own = `where id like ${prefixOf(row)} and id <> ${literal(row.id)} and state = 'pending'`
    statements.push(
      `update supervised_queue set state = 'expired', updated_at = expires_at, settled_at = expires_at ${own}`,
    )
  }
  for (const row of template.supervision_sessions ?? []) {
    statements.push(insert('supervision_sessions', row, { state: 'running', ended_at: null, end_reason: null }))
    const own = `where id like ${prefixOf(row)} and id <> ${literal(row.id)} and state = 'running'`
    statements.push(
      `update supervision_sessions set state = 'completed', ended_at = created_at + interval '5 minutes',
         supervised_by = '{user:rev-1}' ${own}`,
    )
  }
  for (const row of template.blocked_triggers ?? []) {
    statements.push(insert('blocked_triggers', row, { resolved_at: null }))
    // Most are resolved in time.
    statements.push(
      `update blocked_triggers set resolved_at = created_at + interval '2 days', resolution = 'dismissed'
       where id like ${prefixOf(row)} and id <> ${literal(row.id)} and resolved_at is null and id not like '%0'`,
    )
  }
  add('journal')
  return statements
}
