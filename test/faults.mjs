// npm run faults -- [--seed N] [--minutes M]: builds what is missing, starts Postgres and Redis, breaks everything that can
// break, and checks that no promise did.
import { bootstrap } from './setup/bootstrap.mjs'
import { provideServices } from './setup/services.mjs'

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

await bootstrap({ projects: ['test'] })
const services = await provideServices({ progress: (line) => process.stderr.write(`faults: ${line}\n`), install: true })
if (services.databaseUrl === undefined) {
  process.stderr.write(`faults: no Postgres: ${services.missing.map(({ reason }) => reason).join('; ')}\n`)
  process.exit(1)
}
process.env.DATABASE_URL = services.databaseUrl
const { main } = await import('./dist/faults/main.js')
try {
  process.exitCode = await main(process.argv.slice(2))
} finally {
  await services.stop()
}
