import { AsyncLocalStorage } from 'node:async_hooks'
import type { Trigger } from '@preceptor/client'
import type { Gate } from './gate.ts'

/** Where in the nesting of agents the code runs. */
export interface Lineage {
  readonly gate: Gate
  readonly agent: string
  /** Agents above this one, origin first. */
  readonly delegation: readonly string[]
  /** Id of the outermost run. */
  readonly run: string | undefined
  /** The call that a middleware lets through: its tool must start by itself through the gate. */
  readonly call?: { readonly id: string | undefined }
}

// Kept by the process, so that no model, message or config can forge it.
const lineages = new AsyncLocalStorage<Lineage>()
const starts = new AsyncLocalStorage<{ runId?: string } | undefined>()

/** The lineage of the running code; undefined outside of every gate. */
export function currentLineage(): Lineage | undefined {
  return lineages.getStore()
}

/** Runs a function at a place in the lineage. */
export function withLineage<T>(lineage: Lineage, run: () => T): T {
  return starts.run(undefined, () => lineages.run(lineage, run))
}

/** The lineage of an agent that acts here: below the agent that runs now, unless it is the same one. */
export function descend(gate: Gate, agent: string, run: string | undefined): Lineage {
  const above = currentLineage()
  if (above === undefined) return { gate, agent, delegation: [], run }
  const delegation = above.agent === agent ? above.delegation : [...above.delegation, above.agent]
  return { gate, agent, delegation, run: above.run ?? run }
}

/** The trigger of an attempt at this place in the lineage. */
export function triggerOf({ gate, agent, delegation, run }: Lineage, attempt: Omit<Trigger, 'agent'>): Trigger {
  const { fingerprint } = gate.options
  return { ...attempt, agent, delegation, ...(run && { run }), ...(fingerprint && { fingerprint }) }
}

/** Starts a tool that decides by itself, so that no handler that sees the start decides a second time. */
export function startGoverned<T>(start: () => T): T {
  return starts.run({}, start)
}

/** Tells whether the run that starts is that of a tool which decides by itself: the first one, and no other. */
export function isGovernedStart(runId: string): boolean {
  const start = starts.getStore()
  if (start === undefined) return false
  start.runId ??= runId
  return start.runId === runId
}
