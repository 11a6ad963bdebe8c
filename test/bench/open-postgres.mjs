import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { provideServices } from '../setup/services.mjs'

const progress = (line) => process.stderr.write(`bench: ${line}\n`)

/**
 * Opens a fresh database on a real Postgres, for a suite that needs one.
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function openPostgres() {
  const services = await provideServices({ progress, install: true })
  if (services.databaseUrl === undefined) {
    throw new Error(`There is no Postgres: ${services.missing.map(({ reason }) => reason).join('; ')}`)
  }
  const name = `bench_${randomBytes(6).toString('hex')}`
  const url = new URL(services.databaseUrl)
  url.pathname = `/${name}`
  await onServer(services.databaseUrl, `create database ${name}`)
  return {
    url: url.href,
    async close() {
      await onServer(services.databaseUrl, `drop database if exists ${name} with (force)`)
      await services.stop()
    },
  }
}

async function onServer(databaseUrl, statement) {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(statement)
  await client.end()
}
