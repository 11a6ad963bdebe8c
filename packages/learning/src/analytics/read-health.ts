import { type Actor, inWorkspace } from '@preceptor/core/plugin'
import type { LearningHealth } from '../client/trainer.ts'
import type { SessionPorts } from '../ports/session-ports.ts'
import { countFailures } from './statistics-store.ts'

type Check = LearningHealth['checks'][string]

const LOOKED_AT = 20
const MOST_FAILED = 0.5
const DATABASE_WITHIN_MS = 5_000
const PERCENT = 100

/** Tries what learning stands on: the database, the models, the queue, and how the last sessions ended. */
export async function readHealth(ports: SessionPorts, actor: Actor): Promise<LearningHealth> {
  ports.authorizer.authorize(actor, 'learning.analytics.health')
  const [stored, queue] = await Promise.all([checkStore(ports, actor), checkQueue(ports, actor)])
  const checks = { ...stored, ...checkModels(ports), queue }
  return { ready: Object.values(checks).every(({ ok }) => ok), checks }
}

async function checkStore({ context }: SessionPorts, { workspace }: Actor): Promise<Record<string, Check>> {
  const scope = { workspace, deadlineMs: DATABASE_WITHIN_MS }
  try {
    const { ended, failed } = await inWorkspace(context.database, scope, (tx) => countFailures(tx, LOOKED_AT))
    const isWell = failed <= ended * MOST_FAILED
    const share = ended === 0 ? 0 : Math.round((PERCENT * failed) / ended)
    const message = `${failed} of the last ${ended} sessions failed, ${share} %.`
    return { database: { ok: true }, sessions: isWell ? { ok: true } : { ok: false, message } }
  } catch {
    const message = 'The database does not answer.'
    return { database: { ok: false, message }, sessions: { ok: false, message } }
  }
}

function checkModels({ parts }: SessionPorts): Record<string, Check> {
  const improver = 'There is no chat model that improves answers.'
  const evaluator = 'There is nothing that rates answers: sessions have no score.'
  return {
    improver: parts.settings.improver === null ? { ok: false, message: improver } : { ok: true },
    evaluator: parts.evaluatorNames.length === 0 ? { ok: false, message: evaluator } : { ok: true },
  }
}

/** A real job, which is due for nothing: its worker finds no id and does nothing. */
async function checkQueue({ enqueue }: SessionPorts, { workspace }: Actor): Promise<Check> {
  const isTaken = await enqueue('session', { workspace })
  return isTaken ? { ok: true } : { ok: false, message: 'The queue took no job within two seconds.' }
}
