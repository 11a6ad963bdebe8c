import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'

/** Starts the other process of the suites `approve` and `enqueue`, which tells when it runs what. */
export async function startWorker(kind, ...args) {
  const child = fork(new URL('approve-worker.mjs', import.meta.url), [kind, ...args], { stdio: 'inherit' })
  const waiting = new Map()
  child.on('message', ({ id, at }) => {
    waiting.get(id)?.(at)
    waiting.delete(id)
  })
  await once(child, 'message')
  return {
    ran: (id) => new Promise((resolve) => waiting.set(id, resolve)),
    async close() {
      child.send({ close: true })
      await once(child, 'exit')
    },
  }
}

/** Milliseconds from an act to the run that follows from it in the other process. */
export async function measureRun(worker, prepare) {
  const id = randomUUID()
  const act = await prepare(id)
  const ran = worker.ran(id)
  const from = performance.timeOrigin + performance.now()
  await act()
  return (await ran) - from
}
