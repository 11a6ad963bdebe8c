// npm run model -- [--runs N] [--seed N] [--lanes N]: builds what is missing, starts Postgres, and lets random sequences
// of what people, agents, jobs and crashes do to proposals end as a small model says.
import { bootstrap } from './setup/bootstrap.mjs'
import { provideServices } from './setup/services.mjs'

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

await bootstrap({ projects: ['test'] })
const services = await provideServices({ progress: (line) => process.stderr.write(`model: ${line}\n`), install: true })
if (services.databaseUrl === undefined) {
  process.stderr.write(`model: no Postgres: ${services.missing.map(({ reason }) => reason).join('; ')}\n`)
  process.exit(1)
}
process.env.DATABASE_URL = services.databaseUrl
const { main } = await import('./dist/model/main.js')
try {
  process.exitCode = await main(process.argv.slice(2))
} finally {
  await services.stop()
}
