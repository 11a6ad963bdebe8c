import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** A database of one's own on the Postgres of the test run. */
export interface TestDatabase {
  /** Address of the database, as a superuser. */
  readonly url: string
  /** Drops the database and ends the connections to it. */
  drop(): Promise<void>
}

/** A database that others are copied from, made once per run. */
export interface DatabaseTemplate {
  /** Short name, the same for every test that shares the template. */
  readonly name: string
  /** Fills the template, for instance by the migrations; it must close its connections. */
  prepare(url: string): Promise<void>
}

const RUN = process.env.PRECEPTOR_TEST_RUN ?? 'local'
const TEMPLATE_LOCK = 7_203_615

function serverUrl(): string {
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('This test needs Postgres: wrap it in describeWithPostgres(), or set DATABASE_URL.')
  return url
}

function urlOf(database: string): string {
  const url = new URL(serverUrl())
  url.pathname = `/${database}`
  return url.href
}

async function onServer<Result>(use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: serverUrl() })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** Makes the template unless another test of this run already did; a half-made one is made again. */
async function ensureTemplate(client: pg.Client, template: DatabaseTemplate): Promise<string> {
  const name = `preceptor_${RUN}_template_${template.name}`
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
  try {
    const known = await client.query('select datistemplate as ready from pg_database where datname = $1', [name])
    if (known.rows[0]?.ready === true) return name
    await client.query(`drop database if exists ${name} with (force)`)
    await client.query(`create database ${name}`)
    await template.prepare(urlOf(name))
    await client.query(`alter database ${name} is_template true`)
    return name
  } finally {
    await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK])
  }
}

/** Creates a fresh database on the Postgres of the test run, as a copy of the template when one is given. */
export async function createTestDatabase(template?: DatabaseTemplate): Promise<TestDatabase> {
  const name = `preceptor_${RUN}_${randomBytes(6).toString('hex')}`
  await onServer(async (client) => {
    const source = template === undefined ? 'template1' : await ensureTemplate(client, template)
    await client.query(`create database ${name} template ${source}`)
  })
  return {
    url: urlOf(name),
    drop: () => onServer(async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  }
}

/** Drops what a run left behind on a server that outlives it. */
export async function dropDatabasesOfRun(): Promise<void> {
  await onServer(async (client) => {
    const left = await client.query('select datname as name from pg_database where starts_with(datname, $1)', [
      `preceptor_${RUN}_`,
    ])
    for (const { name } of left.rows) {
      await client.query(`alter database ${name} is_template false`)
      await client.query(`drop database if exists ${name} with (force)`)
    }
  })
}
