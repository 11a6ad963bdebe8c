import type { GovernanceError } from '@preceptor/client'
import type { AgentEpoch } from '../routing/consequences.ts'
import { Abortable } from './abortable.ts'

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
  add(call: RunningCall): { readonly abortable: Abortable; remove(): void }
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
  const calls = new Map<Abortable, RunningCall>()
  let waiting: (() => void)[] = []
  let refusal: GovernanceError | undefined
  return {
    add(call) {
      const abortable = new Abortable()
      if (refusal !== undefined) abortable.abort(refusal)
      calls.set(abortable, call)
      return {
        abortable,
        remove() {
          calls.delete(abortable)
          if (calls.size > 0) return
          for (const resolve of waiting) resolve()
          waiting = []
        },
      }
    },
    list: () => [...calls.values()],
    abort(matches, reason) {
      for (const [abortable, call] of calls) if (matches(call)) abortable.abort(reason)
    },
    refuse(reason) {
      refusal = reason
    },
    idle: () => (calls.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
