import type { Policy } from '../policy/policy.ts'

/** The record of the agent as a whole. */
export const WHOLE_AGENT = '*'

/** At which capability an agent is judged: its own under the policy of trust `capability`, else that of the whole agent. */
export function recordCapability({ trust }: Policy['promotion'], capability: string): string {
  return trust === 'capability' ? capability : WHOLE_AGENT
}
