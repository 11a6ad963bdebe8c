import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { GovernanceError } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { createTestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { BUILT } from './processes.ts'

/** What a process that brings the schema up to date is started with. */
export interface MigrateOptions {
  readonly databaseUrl: string
  /** It dies at the fail point that it passes as this one, counted from 1. */
  readonly passes: number
}

/** What the kills came to. */
export interface MigrationResult {
  readonly kills: number
  readonly violations: readonly string[]
}

/** Kills a process in one migration after the other, at most so often, and finds what a half of one left behind. */
export async function killMigrations(most: number): Promise<MigrationResult> {
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const violations: string[] = []
  let kills = 0
  try {
    // The first migration passes, the second one is cut off, and so on: each process gets one further.
    while (kills < most && (await dies({ databaseUrl: database.url, passes: 2 }))) {
      kills += 1
      const { rows } = await client.query<{ readonly count: number }>('select count(*)::int from preceptor_migrations')
      if (rows[0]?.count !== kills) violations.push(`After ${kills} kills ${rows[0]?.count} migrations are applied.`)
      if (!(await isRefused(database.url))) violations.push('A process works with a schema that is not whole.')
    }
    await (await createGovernor({ database: database.url, migrate: true })).close()
    return { kills, violations }
  } finally {
    await client.end()
    await database.drop()
  }
}

async function dies(options: MigrateOptions): Promise<boolean> {
  const child = fork(join(BUILT, 'child', 'migrate.js'), [JSON.stringify(options)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [code, signal] = await once(child, 'exit')
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`A process that migrates ended with ${code}.`)
  return signal === 'SIGKILL'
}

async function isRefused(databaseUrl: string): Promise<boolean> {
  try {
    await (await createGovernor({ database: databaseUrl, migrate: false })).close()
    return false
  } catch (error) {
    return GovernanceError.isInstance(error) && error.code === 'DATABASE_OLDER'
  }
}
