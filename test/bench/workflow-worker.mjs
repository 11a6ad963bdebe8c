// A worker of the suite `workflows`: of the product, or of plain BullMQ flows on the same backend.
import { createGovernor } from '@preceptor/core'
import { createOrchestration } from '@preceptor/orchestration'
import { createWorker } from '@preceptor/worker'
import { openFlows } from './plain-flows.mjs'

const { kind, database, redis, queue, concurrency } = JSON.parse(process.argv[2])

async function openOurs() {
  const governor = await createGovernor({
    database,
    ...(redis === undefined ? {} : { redis }),
    queueName: queue,
    actions: { 'note.keep': { risk: 'medium', execute: () => 'kept' } },
    plugins: [createOrchestration()],
    report: () => undefined,
  })
  const worker = await createWorker(governor, { concurrency })
  return async () => {
    await worker.close()
    await governor.close()
  }
}

async function openPlain() {
  const flows = await openFlows({ database, redis })
  const worker = await flows.openWorker(queue, { concurrency, process: async () => 'kept' })
  worker.on('completed', ({ name }) => name === 'last' && process.send({ completed: true }))
  return () => flows.close()
}

const close = kind === 'ours' ? await openOurs() : await openPlain()
process.on('disconnect', () => process.exit())
process.on('message', async () => {
  await close()
  process.disconnect()
})
process.send({ ready: true })
