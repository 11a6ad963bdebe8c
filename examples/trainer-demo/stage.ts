import { type ControlPlane, type ControlScope, connectGovernor } from '@preceptor/client'
import { type LearningOperations, learning } from '@preceptor/learning'
import { startChild } from '../child.ts'
import type { PlaneOrder, PlaneReady } from '../learning/messages.ts'
import { type RuleServer, startRuleServer } from '../rule-server.ts'
import { trainerRules } from './trainer-rules.ts'

/** What the parts of the demo work with. */
export interface Stage {
  readonly model: RuleServer
  /** Ada, over HTTP. */
  readonly scope: ControlScope
  readonly operations: LearningOperations
  /** Reads what the agent reads, with its key. */
  readonly reading: ControlPlane
  close(): Promise<void>
}

/** One thing that was shown: what it is, what came out, and whether it is as it must be. */
export interface Row {
  readonly part: string
  readonly what: string
  readonly result: string
  readonly holds: boolean
}

const WORKSPACE = 'default'
const PATIENCE_MS = 120_000

/** Starts the model, and a control plane with its worker in a process of its own. */
export async function openStage(dataFolder: string): Promise<Stage> {
  const model = await startRuleServer({ rules: trainerRules() })
  const order = { dataFolder, model: model.url, workspaces: [WORKSPACE] } satisfies PlaneOrder
  const plane = startChild<PlaneReady>(new URL('../learning/plane.js', import.meta.url), order)
  const connected: ControlPlane[] = []
  const close = async (): Promise<void> => {
    for (const one of connected) await one.close()
    await plane.end()
    await model.close()
  }
  try {
    const { port, keys } = await plane.said
    const connect = (token: string): ControlPlane => {
      // A busy machine is no fault here.
      const one = connectGovernor({ url: `http://127.0.0.1:${port}/api`, token, deadlineMs: 20_000 })
      connected.push(one)
      return one
    }
    const own = keys[WORKSPACE]
    if (own === undefined) throw new Error('The control plane made no keys.')
    const administrator = connect(own.administrator)
    const scope = administrator.as(await administrator.authenticate(own.administrator))
    return { model, scope, operations: scope.plugin(learning), reading: connect(own.agent), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Listens to a topic from now on; gives what waits until so many events of a kind came. */
export async function follow(
  scope: ControlScope,
  topic: string,
): Promise<(kind: string, count: number) => Promise<readonly string[]>> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const subscription = await scope.events.subscribe({ topic, signal })
  return async (kind, count) => {
    const subjects: string[] = []
    for await (const event of subscription) {
      if (event.kind === kind) subjects.push(event.subjectId)
      if (subjects.length === count) return subjects
    }
    throw new Error(`${count} of ${kind} did not come within ${PATIENCE_MS / 1_000} s.`)
  }
}
