const AGENTS = 40
const PART = 250_000
/** Every how many rows of the journal an agent got somewhere, which is what its timeline shows. */
const MATERIAL_EVERY = 3

/**
 * Makes lists long: copies a pending proposal with its version, and a row of the journal with its seal, many times, under
 * agents of their own, a second apart. The triggers of the tables are left out, so what they add up stays as it was, and
 * the seals have no hashes that could be verified: what is filled so is for reading lists.
 *
 * @param {import('pg').Pool} store a superuser's, of a database whose governor is closed
 * @param {{ workspace: string, proposal: string, proposals: number, journal: number }} size `proposal` is the id of one that is
 *   pending
 * @param {(line: string) => void} [progress]
 */
export async function makeListsLong(store, { workspace, proposal, proposals, journal }, progress) {
  const client = await store.connect()
  try {
    await client.query('set session_replication_role to replica')
    for (let from = 1; from <= proposals; from += PART) {
      const to = Math.min(from + PART - 1, proposals)
      await client.query(copiesOf('proposals', 'id'), [proposal, from, to, proposals])
      await client.query(copiesOf('proposal_versions', 'proposal_id'), [proposal, from, to, proposals])
      progress?.(`${to} proposals`)
    }
    for (let from = 1; from <= journal; from += PART) {
      const to = Math.min(from + PART - 1, journal)
      await client.query(JOURNAL, [workspace, proposal, from, to, journal])
      progress?.(`${to} rows of the journal`)
    }
    await client.query(SEALS, [workspace])
    await client.query(HEAD, [workspace])
    progress?.('seals')
    await client.query('reset session_replication_role')
    await client.query('vacuum analyze')
  } finally {
    client.release(true)
  }
}

const nameOf = (number) => `'prp_filled-' || lpad(${number}::text, 12, '0')`
const agentOf = (number) => `'bot-' || ${number} % ${AGENTS}`

/** `$1` the id that is copied, `$2` to `$3` the numbers of the copies, `$4` how many there will be. */
function copiesOf(table, key) {
  const time = "now() - ($4::int - n) * interval '1 second'"
  const changed = [`'${key}', ${nameOf('n')}`, `'created_at', ${time}`]
  if (table === 'proposals')
    changed.push(`'agent_id', ${agentOf('n')}`, `'idempotency_key', 'filled-' || n`, `'updated_at', ${time}`)
  return `insert into ${table}
    select made.* from ${table} t cross join generate_series($2::int, $3::int) as n
    cross join lateral jsonb_populate_record(t, jsonb_build_object(${changed.join(', ')})) as made
    where t.${key} = $1`
}

/** Copies of what was recorded when the proposal was made; now and then of what a timeline shows. */
const JOURNAL = `with one as (select kind, body from journal where workspace_id = $1 and subject_id = $2 order by position limit 1)
  insert into journal (id, workspace_id, kind, subject_id, agent_id, body, recorded_at)
  select 'jrn_filled-' || lpad(n::text, 12, '0'), $1, case when n % ${MATERIAL_EVERY} = 0 then 'agent.paused' else one.kind end,
    ${nameOf('n')}, ${agentOf('n')}, one.body, now() - ($5::int - n) * interval '1 second'
  from one cross join generate_series($3::int, $4::int) as n order by n`

const SEALS = `insert into journal_seals (workspace_id, sequence, journal_id, hash, sealed_at)
  select $1, head.sequence + row_number() over (order by j.position), j.id, md5(j.id), now()
  from journal j cross join journal_heads head
  where j.workspace_id = $1 and head.workspace_id = $1 and j.id like 'jrn\\_filled-%'`

const HEAD = `update journal_heads set sequence = (select max(sequence) from journal_seals where workspace_id = $1),
  snapshot = pg_current_snapshot(), sealed_at = now() where workspace_id = $1`
