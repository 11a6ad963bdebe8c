// A process that can ask the agent `pupil`, and tells its parent of each question before it answers it.
import { createGovernor } from '@preceptor/core'

const [database, hangsAt, patience] = process.argv.slice(2)
const governor = await createGovernor({
  database,
  settings: { trainingAnswerMs: Number(patience), claimLeaseMs: Number(patience) },
  runners: {
    async pupil({ scenario }) {
      await new Promise((resolve) => process.send({ asked: scenario }, resolve))
      if (scenario.startsWith(hangsAt)) await new Promise(() => undefined)
      return { scenario }
    },
  },
  report: () => undefined,
})
let closing = false
process.on('message', () => {
  closing = true
})
process.on('disconnect', () => process.exit(1))
process.send({ ready: true })
while (!closing) {
  await governor.jobs.runTraining(4)
  await new Promise((resolve) => setTimeout(resolve, 5))
}
await governor.close()
process.disconnect()
