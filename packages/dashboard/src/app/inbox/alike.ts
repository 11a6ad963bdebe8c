import { type Proposal, RISKS } from '@preceptor/client'

/** The most that are decided together. */
const MOST_TOGETHER = 50

const LEAST_ALIKE = 3
const HIGHEST = RISKS.indexOf('medium')

/** Whether a proposal can be decided together with others at all. */
export function isBatchable({ state, risk }: Pick<Proposal, 'state' | 'risk'>): boolean {
  return state === 'pending' && RISKS.indexOf(risk) <= HIGHEST
}

/** What proposals that are decided together have in common. */
function kindOf({ agent, action, policyVersion }: Proposal): string {
  return JSON.stringify([agent, action, policyVersion])
}

/** Whether proposals can be decided together: one agent, one action, one policy, medium risk at most, 50 at most. */
export function areAlike(proposals: readonly Proposal[]): boolean {
  const kinds = new Set(proposals.map(kindOf))
  return kinds.size === 1 && proposals.length <= MOST_TOGETHER && proposals.every(isBatchable)
}

/** Groups of at least three that are alike, the largest first. */
export function alikeGroups(proposals: readonly Proposal[]): readonly (readonly Proposal[])[] {
  const groups = new Map<string, Proposal[]>()
  for (const proposal of proposals.filter(isBatchable)) {
    const kind = kindOf(proposal)
    groups.set(kind, [...(groups.get(kind) ?? []), proposal])
  }
  return [...groups.values()]
    .filter((group) => group.length >= LEAST_ALIKE)
    .map((group) => group.slice(0, MOST_TOGETHER))
    .sort((a, b) => b.length - a.length)
}
