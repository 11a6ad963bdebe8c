// A process as an assistant starts it: the governance tools over stdio, on a governor of its own. SIGUSR2 breaks its store,
// and mends it again.
import { createGovernor } from '@preceptor/core'
import { serveStdio } from '@preceptor/mcp-server'
import { createFaultyPool, throws } from '../dependencies/faulty-pool.ts'

const [database = '', identity = '{}', actions = '{}', kind = ''] = process.argv.slice(2)
const { pool, meet } = createFaultyPool(database)
const governor = await createGovernor({ database: pool, report: ({ message }) => console.log(message) })

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
  await serveStdio(served, JSON.parse(identity), { actions: JSON.parse(actions) })
  process.stderr.write('served: closed\n')
} catch (error) {
  process.stderr.write(`served: ${error}\n`)
  process.exitCode = 1
} finally {
  await pool.end()
}
