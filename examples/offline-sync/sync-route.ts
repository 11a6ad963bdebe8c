import { type Decision, ERROR_CODES, GovernanceError, type GuardResult, type Scope } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import { type GovernanceEnv, identify } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { z } from 'zod'
import type { Answer, Attempt } from './messages.ts'
import type { Warehouse } from './warehouse.ts'

const MOST_ATTEMPTS = 500
const text = z.string().min(1).max(200)
const BATCH = z.strictObject({
  attempts: z
    .array(z.strictObject({ agent: text, action: text, args: z.record(z.string(), z.json()), idempotencyKey: text }))
    .max(MOST_ATTEMPTS),
})

/** Takes the batches of devices: `POST /sync` answers one line for each attempt, as it is decided on and run. */
export function syncRoute(governor: EmbeddedGovernor, warehouse: Warehouse): Hono<GovernanceEnv> {
  const app = new Hono<GovernanceEnv>()
  app.use('/sync', identify(governor))
  app.post('/sync', async (c) => {
    const { identity } = c.var
    // What a device says of itself does not count: its key says that this is a synchronisation.
    if (identity.source !== 'data_sync')
      return c.json({ code: 'PERMISSION_DENIED', message: 'No key of a device.' }, 403)
    // A batch of which a part came is no batch: nothing of it is looked at.
    const batch = BATCH.safeParse(await c.req.json().catch(() => undefined))
    if (!batch.success) return c.json({ code: 'INPUT_INVALID', message: z.prettifyError(batch.error) }, 400)
    const scope = governor.as(identity)
    return stream(c, async (answers) => {
      // One after the other, as they were made. Whether the device still listens changes nothing of it.
      for (const attempt of batch.data.attempts) {
        const answer = await carryOut(scope, attempt, warehouse)
        await answers.write(`${JSON.stringify({ idempotencyKey: attempt.idempotencyKey, answer })}\n`)
      }
    })
  })
  return app
}

async function carryOut(scope: Scope, attempt: Attempt, warehouse: Warehouse): Promise<Answer> {
  try {
    const result = await scope.guard(attempt, ({ args, idempotencyKey: key }) =>
      warehouse.move({ article: String(args.article), pieces: Number(args.pieces), key }),
    )
    return answerOf(result)
  } catch (error) {
    if (GovernanceError.isInstance(error)) return refused(error.code, error.message)
    return failed(error instanceof Error ? error.message : String(error))
  }
}

function answerOf(result: GuardResult<number>): Answer {
  if (result.status === 'executed') return { state: 'done', stock: result.value }
  if (result.status === 'withheld') return withheld(result.decision)
  const { outcome } = result
  return outcome.status === 'succeeded' ? { state: 'done', stock: Number(outcome.value) } : failed(outcome.message)
}

function withheld(decision: Exclude<Decision, { readonly route: 'execution' }>): Answer {
  if (decision.route === 'proposal') return { state: 'waiting', proposal: decision.proposal.id }
  if (decision.route === 'training' || decision.route === 'denied') return refused(decision.code, decision.reason)
  // A queue, or somebody who has to watch: it is for later.
  return { state: 'later', code: decision.route }
}

/** A fault of the gate denies, and says nothing about the attempt: it is made again. */
function refused(code: GovernanceError['code'], message: string): Answer {
  return ERROR_CODES[code].retryable ? { state: 'later', code } : { state: 'failed', code, message }
}

/** It ran, and the warehouse refused: that is on record, and is not tried again. */
function failed(message: string): Answer {
  return { state: 'failed', code: 'RUN_FAILED', message }
}
