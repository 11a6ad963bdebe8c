// A worker process that does learning sessions. It asks the model under its own name, so that whoever counts the calls
// knows which process did which session.
import { ChatOpenAI } from '@langchain/openai'
import { createGovernor } from '@preceptor/core'
import { createLearning } from '@preceptor/learning'
import { createWorker } from '@preceptor/worker'

const [database, baseURL, name, concurrency] = process.argv.slice(2)
const improver = new ChatOpenAI({ model: name, apiKey: 'none', maxRetries: 0, configuration: { baseURL } })
const governor = await createGovernor({
  database,
  plugins: [createLearning({ improver, automatic: false, cache: false })],
  report: () => undefined,
})
let worker
process.on('message', async ({ close }) => {
  if (close !== true) {
    worker = await createWorker(governor, { concurrency: Number(concurrency) })
    return
  }
  await worker?.close()
  await governor.close()
  process.disconnect()
})
process.on('disconnect', () => process.exit())
process.send({ ready: true })
