import type { ControlScope, GuardCall, GuardResult, JsonObject } from '@preceptor/client'
import { expect } from 'vitest'
import type { Stage } from './stage.ts'

/** What a supervised run does in a step. */
export type Work = (call: GuardCall) => unknown

/** A run of an agent of its own. */
export interface SupervisedRun {
  readonly agent: string
  /** Id of its session. */
  readonly id: string
  /** The step by which it began. */
  readonly first: Promise<GuardResult<unknown>>
  /** Attempts another step. */
  step(work: Work, args?: JsonObject): Promise<GuardResult<unknown>>
  finish(): Promise<unknown>
}

/** A promise that is kept by hand. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}

/** Args that the action of the stage takes. */
export const REFUND: JsonObject = { amountCents: 1240, to: 'cus_91', reason: 'duplicate charge', notify: true }

let runs = 0

/** Lets a supervised agent attempt its first step, which waits until somebody watches; ana is online. */
export async function beginRun(stage: Stage, work: Work, args: JsonObject = REFUND): Promise<SupervisedRun> {
  runs += 1
  const agent = `run-bot-${runs}`
  await stage.test.register(agent, 'supervised')
  const ana: ControlScope = stage.test.user('ana', 'supervisor')
  await ana.presence.heartbeat()
  const step = (worked: Work, given: JsonObject = REFUND): Promise<GuardResult<unknown>> => {
    const trigger = { agent, action: 'refund.create', args: given, run: 'run-1' }
    const result = stage.test.agent(agent).guard(trigger, worked)
    result.catch(() => undefined)
    return result
  }
  const first = step(work, args)
  const sessions = async () => (await ana.sessions.list({ state: 'active', agent })).items
  await expect.poll(async () => (await sessions()).length).toBe(1)
  const id = (await sessions())[0]?.id ?? ''
  return {
    agent,
    id,
    first,
    step,
    finish: () => stage.test.agent(agent).finish('run-1', { agent, status: 'completed' }),
  }
}
