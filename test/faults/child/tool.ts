import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonObject } from '@preceptor/client'
import pg from 'pg'
import type { AnyFailpoint } from '../failpoints.ts'
import type { Effect } from '../history.ts'
import type { ToolPlan } from '../workload.ts'
import type { Append } from './log.ts'
import { realTime } from './machine-clock.ts'

/** What an effect is told of the call that makes it. */
export interface EffectCall {
  readonly workspace: string
  readonly agent: string
  readonly action: string
  readonly key: string
  readonly keyed: boolean
  readonly args: JsonObject
  readonly decision: string
  readonly attempt: number
  readonly invokedAt: number
  readonly session: string | null
  readonly checkpoint: (() => Promise<void>) | null
  /** Whether the decision must be on record by now. */
  readonly looks: boolean
}

/** The system that the agents act on. */
export interface Tool {
  /** Has the effect and gives its nonce. */
  act(call: EffectCall, plan: ToolPlan): Promise<{ readonly nonce: string }>
  close(): Promise<void>
}

/** Ends an attempt that has had no effect, as an interrupt of a framework does. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** What a tool stands on. */
export interface ToolOptions {
  readonly process: string
  readonly directUrl: string
  readonly oracle: Append
  readonly failpoint: (name: AnyFailpoint) => Promise<void>
}

/** Makes the tool: each effect is a line of the Oracle, written before the tool answers. */
export function createTool({ process, directUrl, oracle, failpoint }: ToolOptions): Tool {
  const witness = new pg.Pool({ connectionString: directUrl, application_name: 'oracle', max: 3 })
  witness.on('error', () => undefined)

  async function isCommitted({ workspace, decision }: EffectCall): Promise<boolean> {
    const { rowCount } = await witness.query(
      `select from journal where workspace_id = $1 and subject_id = $2 and kind = 'decision.made'`,
      [workspace, decision],
    )
    return rowCount !== 0
  }

  return {
    async act(call, plan) {
      const ranAt = realTime()
      if (plan.fails === 'control') throw new Interrupted('Wait for somebody.')
      if (plan.beforeMs > 0) await sleep(plan.beforeMs)
      let checkedAt: number | null = null
      if (plan.checks && call.checkpoint !== null) {
        checkedAt = realTime()
        await call.checkpoint()
      }
      if (plan.fails === 'before') throw new Error('The tool refused.')
      const committed = call.looks ? await isCommitted(call) : null
      const nonce = randomUUID()
      const { workspace, agent, action, key, keyed, args, decision, attempt, invokedAt, session } = call
      const facts = {
        workspace,
        agent,
        action,
        key,
        keyed,
        argsHash: hashArgs(args),
        decision,
        attempt,
        session,
        nonce,
      }
      const effect: Effect = { ...facts, process, at: realTime(), invokedAt, ranAt, checkedAt, committed }
      oracle(effect)
      await failpoint('tool.after_send')
      if (plan.afterMs > 0) await sleep(plan.afterMs)
      if (plan.fails === 'after') throw new Error('The tool broke after it had acted.')
      return { nonce }
    },
    close: () => witness.end(),
  }
}

/** SHA-256 over the canonical text of flat args; written anew here, because the test must not trust the product's own. */
export function hashArgs(args: JsonObject): string {
  const text = JSON.stringify(Object.fromEntries(Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1))))
  return createHash('sha256').update(text).digest('hex')
}
