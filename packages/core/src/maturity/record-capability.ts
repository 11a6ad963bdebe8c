import type { Policy } from '../policy/policy.ts'

/** The capability at which a fact is kept: `*`, the whole agent, unless trust is earned by capability. */
export function recordCapability(promotion: Policy['promotion'], capability: string): string {
  return 'trust' in promotion && promotion.trust === 'capability' ? capability : '*'
}
