// A worker of its own process, which works on one session and says when it has ended.
import { ChatOpenAI } from '@langchain/openai'
import { createGovernor } from '@preceptor/core'
import { createLearning } from '@preceptor/learning'

const { database, model, session } = JSON.parse(process.argv[2])
const improver = new ChatOpenAI({
  model: 'killed',
  apiKey: 'none',
  maxRetries: 0,
  configuration: { baseURL: model },
})
const governor = await createGovernor({ database, plugins: [createLearning({ improver, automatic: false })] })
await governor.jobs.run('learning-session', { workspace: 'default', id: session })
await governor.close()
