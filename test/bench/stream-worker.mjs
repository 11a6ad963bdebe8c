// The other process of the suite `stream`: it serves sockets, those of a governor or bare ones, and says what it holds.
import { setTimeout as delay } from 'node:timers/promises'
import { createGovernor } from '@preceptor/core'
import { serveBare, serveStreams } from './serve-streams.mjs'

const [database] = process.argv.slice(2)
const governor = database === undefined ? undefined : await createGovernor({ database, report: () => undefined })
const server = governor === undefined ? await serveBare() : await serveStreams(governor)

/** Bytes that are held once what was left has been collected. */
async function held() {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc()
    await delay(100)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

process.on('message', async ({ ask }) => {
  if (ask === 'held') return process.send({ held: await held() })
  await server.close()
  await governor?.close()
  process.disconnect()
})
process.send({ port: server.port })
