// A process that notes and counts facts about one agent as fast as it may.
import { openDatabase } from '../../packages/core/dist/database/open-database.js'
import { inWorkspace } from '../../packages/core/dist/database/transaction.js'
import { createJournal } from '../../packages/core/dist/journal/journal.js'
import { systemClock } from '../../packages/core/dist/kernel/clock.js'
import { createIds } from '../../packages/core/dist/kernel/ids.js'
import { countEvidence } from '../../packages/core/dist/maturity/count-evidence.js'
import { earn, noteEvidence } from '../../packages/core/dist/maturity/earn.js'

const WRITERS = 3
const workspace = 'default'
const database = await openDatabase({ url: process.argv[2] })
const clock = systemClock
const failpoint = async () => undefined
const report = ({ message }) => process.send({ reported: message })
const ports = { database, clock, ids: createIds({ clock }), failpoint, report }
const context = { ...ports, journal: createJournal(ports) }

const said = { agent: 'busy', capability: '*', actor: 'system:test', reason: 'a test' }
const write = ({ manner, sourceId, evidence }) =>
  inWorkspace(database, { workspace, retry: true }, (tx) =>
    (manner === 'earn' ? earn : noteEvidence)(context, tx, { ...said, sourceId, evidence }),
  )

process.on('disconnect', () => process.exit(1))
process.once('message', async ({ works }) => {
  const left = [...works]
  const writer = async () => {
    for (let work = left.pop(); work !== undefined; work = left.pop()) await write(work)
  }
  const counter = async () => {
    while (left.length > 0) {
      await countEvidence(context, workspace)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  await Promise.all([counter(), ...Array.from({ length: WRITERS }, writer)])
  await countEvidence(context, workspace)
  await context.journal.close()
  await database.close()
  process.exit(0)
})
process.send({ ready: true })
