import type { GovernanceError } from '@preceptor/client'
import type { AgentEpoch } from '../routing/consequences.ts'

/** A guarded call that runs in this process. */
export interface RunningCall {
  readonly workspace: string
  /** The acting agent, and those that delegated to it. */
  readonly agents: readonly string[]
  /** What it was claimed by; empty where nothing was claimed. */
  readonly epochs: readonly AgentEpoch[]
  /** The supervision session that watches it, if one does. */
  readonly sessionId: string | null
}

/** The guarded calls that run in this process, so that a stop can abort them. */
export interface RunningCalls {
  add(call: RunningCall): { readonly controller: AbortController; remove(): void }
  /** The calls that run now. */
  list(): readonly RunningCall[]
  abort(matches: (call: RunningCall) => boolean, reason: GovernanceError): void
  /** Aborts each call that is added from now on, before it begins. */
  refuse(reason: GovernanceError): void
  /** Resolves when nothing runs. */
  idle(): Promise<void>
}

/** Makes an empty register. */
export function createRunningCalls(): RunningCalls {
  const calls = new Map<AbortController, RunningCall>()
  let waiting: (() => void)[] = []
  let refusal: GovernanceError | undefined
  return {
    add(call) {
      const controller = new AbortController()
      if (refusal !== undefined) controller.abort(refusal)
      calls.set(controller, call)
      return {
        controller,
        remove() {
          calls.delete(controller)
          if (calls.size > 0) return
          for (const resolve of waiting) resolve()
          waiting = []
        },
      }
    },
    list: () => [...calls.values()],
    abort(matches, reason) {
      for (const [controller, call] of calls) if (matches(call)) controller.abort(reason)
    },
    refuse(reason) {
      refusal = reason
    },
    idle: () => (calls.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
