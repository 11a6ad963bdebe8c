import { AsyncLocalStorage } from 'node:async_hooks'
import type { BaseCallbackHandler } from '@langchain/core/callbacks/base'
import { getContextVariable, registerConfigureHook, setContextVariable } from '@langchain/core/context'
import { AsyncLocalStorageProviderSingleton } from '@langchain/core/singletons'
import type { Trigger } from '@preceptor/client'
import type { Gate } from './gate.ts'

/** Where in the nesting of agents the code runs. */
export interface Lineage {
  readonly gate: Gate
  /** What each trigger states here: the agent, those above it, the outermost run, and that an approval may be used. */
  readonly stated: Pick<Trigger, 'agent' | 'delegation' | 'run' | 'fingerprint' | 'permit'>
  /** The call that a middleware lets through: its tool must start by itself through the gate. */
  readonly call?: { readonly id?: string; readonly name: string }
}

// Kept by the process, so that no model, message or config can forge it.
const lineages = new AsyncLocalStorage<Lineage>()
const starts = new AsyncLocalStorage<{ runId?: string } | undefined>()
const HANDLER = 'preceptor.handler'

/** The lineage of the running code; undefined outside of every gate. */
export const currentLineage = (): Lineage | undefined => lineages.getStore()

/** The lineage of an agent that acts here: below the agent that runs now, unless it is the same one. */
export function descend(gate: Gate, agent: string, ownRun?: string): Lineage {
  const { agent: caller = agent, delegation: above = [], run = ownRun } = currentLineage()?.stated ?? {}
  const { fingerprint } = gate.options
  const stated = { agent, delegation: caller === agent ? above : [...above, caller], permit: 'matching' }
  return { gate, stated: { ...stated, ...(run && { run }), ...(fingerprint && { fingerprint }) } }
}

/**
 * Runs a function so that every tool which starts inside it, however deep and with whatever config, meets the handler:
 * LangChain takes it from the async context.
 */
export function runInside<T>(lineage: Lineage, handler: BaseCallbackHandler, run: () => T): T {
  const storage = AsyncLocalStorageProviderSingleton.getInstance()
  // The variable is set inside a run of its own, so that it ends with the function.
  return storage.run(storage.getStore(), () => {
    if (getContextVariable(HANDLER) === undefined) registerConfigureHook({ contextVar: HANDLER, inheritable: true })
    setContextVariable(HANDLER, handler)
    return starts.run(undefined, () => lineages.run(lineage, run))
  })
}

/** Starts a tool that decides by itself, so that no handler that sees the start decides a second time. */
export const startGoverned = <T>(start: () => T): T => starts.run({}, start)

/** Tells whether the run that starts is that of a tool which decides by itself: the first one, and no other. */
export function isGovernedStart(runId: string): boolean {
  const start = starts.getStore()
  if (start !== undefined) start.runId ??= runId
  return start?.runId === runId
}
