// A process as an assistant starts it: the governance tools over stdio, on a governor of its own. SIGUSR2 breaks its store,
// and mends it again; SIGHUP lets a day pass.
import { type ControlPlane, connectGovernor, type Governor } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import { serveStdio } from '@preceptor/mcp-server'
import { createFaultyPool, throws } from '../dependencies/faulty-pool.ts'

const [database = '', identity = '{}', actions = '{}', kind = '', remote = 'null'] = process.argv.slice(2)
const { pool, meet } = createFaultyPool(database)
let passed = 0
const clock = { now: () => Date.now() + passed, monotonic: () => performance.now() + passed }
process.on('SIGHUP', () => {
  passed += 25 * 3_600_000
  process.stderr.write('clock: passed\n')
})
const governor: Governor =
  remote === 'null'
    ? await createGovernor({ database: pool, clock, report: ({ message }) => console.log(message) })
    : connectGovernor(JSON.parse(remote))

let broken = false
process.on('SIGUSR2', () => {
  broken = !broken
  meet(broken ? throws : undefined)
  process.stderr.write(broken ? 'store: broken\n' : 'store: mended\n')
})

// What a dependency might print where the protocol is.
if (kind === 'talkative') {
  setInterval(() => {
    console.log('a line for the console')
    process.stdout.write('a line for standard output\n')
  }, 5).unref()
}
const refuse = (): never => {
  throw new Error('The governor is broken.')
}
const served = kind === 'refusing' ? { ...governor, as: refuse } : governor

try {
  await serveStdio(served as ControlPlane, JSON.parse(identity), { actions: JSON.parse(actions) })
  process.stderr.write('served: closed\n')
} catch (error) {
  process.stderr.write(`served: ${error}\n`)
  process.exitCode = 1
} finally {
  await pool.end()
}
