// A process that has a reviewer, which watches what no person watches.
import { ChatOpenAI } from '@langchain/openai'
import { createGovernor } from '@preceptor/core'
import { createWorker } from '@preceptor/worker'

const [database, baseURL, leaseMs] = process.argv.slice(2)
const model = new ChatOpenAI({ model: 'judge', apiKey: 'none', maxRetries: 0, configuration: { baseURL } })
const governor = await createGovernor({
  database,
  reviewers: { judge: { model } },
  settings: { supervisorLeaseMs: Number(leaseMs), deadlineMs: 10_000 },
  report: () => undefined,
})
const worker = await createWorker(governor)
process.on('disconnect', () => process.exit(1))
process.on('message', async (message) => {
  if (message.close !== true) return
  await worker.close()
  await governor.close()
  process.disconnect()
})
process.send({ ready: true })
