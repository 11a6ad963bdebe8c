// npm run load -- [--seconds N] [--rate R] [--embedded]: builds what is missing, starts Postgres, and sends good requests with
// and without abuse beside them.
import { bootstrap } from './setup/bootstrap.mjs'
import { provideServices } from './setup/services.mjs'

await bootstrap({ projects: ['test'] })
const services = await provideServices({ progress: (line) => process.stderr.write(`load: ${line}\n`), install: true })
if (services.databaseUrl !== undefined) process.env.DATABASE_URL = services.databaseUrl
const { main } = await import('./dist/load/main.js')
try {
  process.exitCode = await main(process.argv.slice(2))
} finally {
  await services.stop()
}
