// The worker of the suite `queue`: it tells its parent when each queued run begins, and begins when it is told to.
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
let worker
process.on('message', async ({ close }) => {
  if (close !== true) {
    worker = await createWorker(governor, { concurrency: Number(concurrency) })
    process.send({ started: true })
    return
  }
  await worker?.close()
  await governor.close()
  process.disconnect()
})
process.send({ ready: true })
