import type { ChangesSince } from '../routing/guard.ts'
import type { Change } from '../routing/lease.ts'
import type { RunningCall } from './running-calls.ts'

const MOST_HEARD = 100

/** Listens to what changes from now on, until it is ended. */
export function startListening(listeners: Set<(change: Change) => void>): ChangesSince {
  let heard: Change[] = []
  const listener = (change: Change): void => {
    // A wait of many changes looks once more than it had to, and holds no more of them.
    heard = heard.length < MOST_HEARD ? [...heard, change] : ['everything']
  }
  listeners.add(listener)
  return {
    heard: (call) => heard.some((change) => concerns(change, call)),
    end: () => void listeners.delete(listener),
  }
}

/** Whether a change may mean that a call must end. */
export function concerns(change: Change, { workspace, agents, sessionId }: Omit<RunningCall, 'epochs'>): boolean {
  if (change === 'everything') return true
  if (change.kind === 'session') return change.workspace === workspace && change.subject === sessionId
  if (change.kind === 'stop') return change.workspace === '*' || change.workspace === workspace
  return change.kind === 'agent' && change.workspace === workspace && agents.includes(change.subject)
}
