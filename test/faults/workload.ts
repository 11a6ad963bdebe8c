import type { ActionDefinitions, JsonObject } from '@preceptor/client'
import { defineActions } from '@preceptor/core'

/** The actions that are attempted. */
export const ACTIONS: ActionDefinitions = defineActions({
  'order.read': { risk: 'safe' },
  'note.write': { risk: 'medium' },
  'record.put': { risk: 'medium', idempotent: true },
  'refund.create': { risk: 'high' },
  'mail.sync': { risk: 'high', idempotent: true },
  'table.drop': { risk: 'critical' },
  'reply.send': { risk: 'high' },
  'wire.send': { risk: 'medium' },
})

export type ActionName =
  | 'order.read'
  | 'note.write'
  | 'record.put'
  | 'refund.create'
  | 'mail.sync'
  | 'table.drop'
  | 'reply.send'
  | 'wire.send'

/** How often a day an agent may do what is limited. */
export const LIMITED = { action: 'wire.send', most: 4 } as const
/** Who owns the agents, and so decides on nothing that they ask for. */
export const OWNER = 'olga'
/** How many people must approve what is more than high risk. */
export const QUORUM: Readonly<Record<string, number>> = { 'table.drop': 2 }

/** The policy of each workspace; what was asked for lasts so long, or as long as by default. */
export function policyFor(proposalTtlMs: number | null): JsonObject {
  const { action, most } = LIMITED
  const limits = [{ name: action, action, per: 'day', most } as const]
  return { limits, ...(proposalTtlMs !== null && { proposalTtlMs }) }
}

/** Actions that running twice does not harm, so that only their decisions are counted. */
export const REPEATABLE: ReadonlySet<string> = new Set(['order.read', 'record.put', 'mail.sync'])
export const SAFE: ReadonlySet<string> = new Set(['order.read'])

/** The agents of each workspace with what they start as. Steady ones are left alone; the others are what happens to them. */
export const AGENTS = {
  learner: 'student',
  novice: 'intern',
  'asker-1': 'intern',
  'asker-2': 'intern',
  'watched-1': 'supervised',
  'watched-2': 'supervised',
  'steady-1': 'autonomous',
  'steady-2': 'autonomous',
  'steady-3': 'autonomous',
  'halted-1': 'autonomous',
  'halted-2': 'autonomous',
  'fallen-1': 'autonomous',
  'fallen-2': 'autonomous',
  'fallen-3': 'autonomous',
} as const

export type AgentName = keyof typeof AGENTS

/** Agents that ask people for everything. */
export const ASKERS = ['asker-1', 'asker-2'] as const satisfies readonly AgentName[]

/** Users who supervise, one for each process. */
export const SUPERVISORS: readonly string[] = ['ana', 'ben', 'cleo']

/** What the receiver of each workspace subscribed to. */
export const SUBSCRIBED = ['proposal.created', 'proposal.approved', 'proposal.rejected'] as const

/** Numbers of a product in a hurry: what takes minutes in production takes a second here. */
export const SETTINGS = {
  proposalTtlMs: 3 * 3_600_000,
  claimLeaseMs: 1_500,
  reportWithinMs: 1_500,
  supervisorLeaseMs: 1_500,
  attachWithinMs: 1_200,
  sessionsPerSupervisor: 8,
  closeWithinMs: 3_000,
  objectionWindowMs: 250,
} as const

/** The same, with more time for somebody to come where that is what a round is about. */
export function settingsFor(focus: readonly string[]): Readonly<Record<keyof typeof SETTINGS, number>> {
  return focus.includes('supervise') ? { ...SETTINGS, attachWithinMs: 5_000 } : SETTINGS
}

/** What a tool does besides its effect. */
export interface ToolPlan {
  readonly beforeMs: number
  readonly afterMs: number
  /** Asks the gate before the effect whether it may go on. */
  readonly checks: boolean
  /** `control`: ends as an interrupt of a framework would, before any effect. */
  readonly fails: 'never' | 'before' | 'after' | 'control'
}

/** One thing that a process does. */
export type Operation =
  | {
      /** `decide`: asks and leaves the run to a worker. */
      readonly kind: 'guard' | 'claim' | 'decide'
      readonly workspace: string
      readonly agent: AgentName
      readonly action: ActionName
      readonly args: JsonObject
      readonly key: string | null
      readonly type: string | null
      /** The run that it is a step of. */
      readonly run: string | null
      /** A person attempts it instead of the agent. */
      readonly manual: boolean
      readonly tool: ToolPlan
    }
  | { readonly kind: 'demote' | 'incident' | 'pause' | 'stop'; readonly workspace: string; readonly agent: AgentName }
  | {
      readonly kind: 'set-stop'
      readonly workspace: string
      readonly target: 'agent' | 'workspace' | 'all'
      readonly agent: AgentName
    }
  | {
      readonly kind: 'review'
      readonly workspace: string
      readonly agent: AgentName
      readonly verdict: 'approve' | 'edit' | 'reject' | 'respond'
      /** Picks one of those that wait. */
      readonly draw: number
      /** How long the reviewer looks at it before deciding. */
      readonly looksMs: number
      /** The owner of the agent tries it. */
      readonly byOwner: boolean
    }
  | {
      readonly kind: 'intervene'
      readonly workspace: string
      readonly type: 'pause' | 'resume' | 'correct' | 'terminate'
      readonly draw: number
    }
  /** Pauses an agent and lets it go on at once. */
  | { readonly kind: 'blink'; readonly workspace: string; readonly agent: AgentName }
  | { readonly kind: 'run-approved' }
  /** Sends what is due to whoever subscribed. */
  | { readonly kind: 'deliver' }
  | { readonly kind: 'once'; readonly workspace: string; readonly key: string }
  | { readonly kind: 'refill'; readonly workspace: string; readonly agent: AgentName }
  | { readonly kind: 'wake'; readonly workspace: string }
