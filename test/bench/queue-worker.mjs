// The worker of the suite `queue`: it tells its parent when each queued run begins.
import { createGovernor } from '@preceptor/core'
import { createWorker } from '@preceptor/worker'

const [database, concurrency, sessionsPerSupervisor] = process.argv.slice(2)
const execute = ({ args }) => process.send({ id: args.id, at: performance.timeOrigin + performance.now() })
const governor = await createGovernor({
  database,
  actions: { 'mail.post': { risk: 'high', execute } },
  settings: { sessionsPerSupervisor: Number(sessionsPerSupervisor) },
  report: () => undefined,
})
const worker = await createWorker(governor, { concurrency: Number(concurrency) })
process.on('message', async () => {
  await worker.close()
  await governor.close()
  process.disconnect()
})
process.send({ ready: true })
