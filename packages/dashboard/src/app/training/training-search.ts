/** What the address of a list of training says. */
export interface TrainingSearch {
  /** Default: what is open. */
  readonly state?: string
  readonly agent?: string
}

const AGENT = /^[A-Za-z0-9._-]{1,128}$/

/** Makes what reads the address of a list that can have these states; the first is the usual one, and left out. */
export function trainingSearch(states: readonly string[]) {
  return (search: Readonly<Record<string, unknown>>): TrainingSearch => {
    const state = states.find((known) => known === search.state)
    const agent = String(search.agent ?? '')
    return {
      ...(state === undefined || state === states[0] ? {} : { state }),
      ...(AGENT.test(agent) ? { agent } : {}),
    }
  }
}

/** States of proposals that a list can show. */
export const PROPOSAL_STATES = ['proposed', 'approved', 'rejected', 'all'] as const

/** States of sessions that a list can show. */
export const SESSION_STATES = ['active', 'completed', 'cancelled', 'failed', 'all'] as const

/** States of blocked triggers that a list can show. */
export const BLOCKED_STATES = ['active', 'offered', 'resolved', 'all'] as const

/** The address of a session: the scenario that is open, from 1. */
export function readSessionSearch(search: Readonly<Record<string, unknown>>): { readonly task?: number } {
  const task = Number(search.task)
  return Number.isInteger(task) && task >= 1 && task <= 1_000 ? { task } : {}
}
