// A process that brings the schema up to date, and dies where it is told to.
import { createGovernor } from '@preceptor/core'
import type { MigrateOptions } from '../migrations.ts'

const { databaseUrl, passes } = JSON.parse(process.argv[2] ?? '{}') as MigrateOptions
let left = passes

const governor = await createGovernor({
  database: databaseUrl,
  migrate: true,
  report: () => undefined,
  testing: {
    async failpoint(name) {
      if (name !== 'migration.before_commit') return
      left -= 1
      if (left > 0) return
      process.kill(process.pid, 'SIGKILL')
      return new Promise(() => undefined)
    },
  },
})
await governor.close()
