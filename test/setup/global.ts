import { randomBytes } from 'node:crypto'
import { provideServices } from './services.mjs'

const progress = (line: string): void => void process.stderr.write(`test: ${line}\n`)

/** Gives a run of vitest its services, and takes them away at its end; `npm test` brings its own. */
export default async function setup(): Promise<() => Promise<void>> {
  process.env.PRECEPTOR_TEST_RUN ??= randomBytes(4).toString('hex')
  const services = await provideServices({ progress, browser: true })
  if (services.databaseUrl !== undefined) process.env.DATABASE_URL = services.databaseUrl
  if (services.redisUrl !== undefined) process.env.REDIS_URL = services.redisUrl
  if (services.chromium !== undefined) process.env.CHROMIUM = services.chromium
  for (const { service, reason } of services.missing) progress(`tests that need ${service} are skipped: ${reason}`)
  return async () => {
    const { dropDatabasesOfRun } = await import('./databases.ts')
    if (services.databaseUrl !== undefined) await dropDatabasesOfRun()
    await services.stop()
  }
}
