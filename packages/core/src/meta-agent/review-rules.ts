import type { AdviceVerdict, JsonObject, JsonValue } from '@preceptor/client'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { own } from '../kernel/own-property.ts'
import { isHigh } from '../policy/is-high.ts'
import type { Review } from './review.ts'
import type { ReviewFacts } from './review-facts.ts'

/** One line of the table: the first that applies gives the verdict. */
export interface ReviewRule {
  readonly name: string
  readonly verdict: AdviceVerdict
  readonly applies: (facts: ReviewFacts) => boolean
  readonly reason: (facts: ReviewFacts) => string
  /** With `modify`: the args as they should be. */
  readonly suggests?: (facts: ReviewFacts) => JsonObject | null
}

const ENOUGH = 3

/** What the meta-agent advises without a model, from the strictest to the mildest. */
export const REVIEW_RULES: readonly ReviewRule[] = [
  {
    name: 'definition is gone',
    verdict: 'escalate',
    applies: ({ action }) => action === null,
    reason: () => 'The definition that it was ruled by is not in the catalogue any more.',
  },
  {
    name: 'high risk off the field',
    verdict: 'reject',
    applies: ({ proposal, field }) => isHigh(proposal.risk) && field === 'off',
    reason: (facts) => `It is of ${facts.proposal.risk} risk, and ${offField(facts)}.`,
  },
  {
    name: 'same args rejected before',
    verdict: 'reject',
    applies: ({ same }) => same[0]?.state === 'rejected',
    reason: ({ same }) => `The same arguments were rejected before, as ${same[0]?.proposalId}.`,
  },
  {
    name: 'high risk',
    verdict: 'escalate',
    applies: ({ proposal }) => isHigh(proposal.risk),
    reason: ({ proposal }) => `It is of ${proposal.risk} risk: that is for people to judge.`,
  },
  {
    name: 'off the field',
    verdict: 'escalate',
    applies: ({ field }) => field === 'off',
    reason: (facts) => `It is no usual task of this agent: ${offField(facts)}.`,
  },
  {
    name: 'same args edited before',
    verdict: 'modify',
    applies: ({ same }) => lastEdit(same) !== undefined,
    reason: ({ same }) =>
      `The same arguments were approved before as somebody changed them, in ${lastEdit(same)?.proposalId}.`,
    suggests: ({ same }) => lastEdit(same)?.last.args ?? null,
  },
  {
    name: 'no history',
    verdict: 'escalate',
    applies: ({ history }) => history.decided === 0,
    reason: () => 'Nobody has decided on this action of this agent before.',
  },
  {
    name: 'alike and always approved',
    verdict: 'approve',
    applies: (facts) => isAlwaysApproved(facts) && isAlike(facts),
    reason: () => 'The arguments are within what was approved and ran before.',
  },
  {
    name: 'always approved, but not like this',
    verdict: 'escalate',
    applies: isAlwaysApproved,
    reason: () => 'The arguments are not like those that were approved and ran before.',
  },
  {
    name: 'mixed history',
    verdict: 'escalate',
    applies: () => true,
    reason: () => 'What was decided before does not speak clearly for it.',
  },
]

/** Reviews a version by the table. */
export function reviewByRules(facts: ReviewFacts): Review {
  const rule = REVIEW_RULES.find(({ applies }) => applies(facts))
  return {
    verdict: rule?.verdict ?? 'escalate',
    reasons: [...(rule === undefined ? [] : [rule.reason(facts)]), historyOf(facts)],
    suggested: rule?.suggests?.(facts) ?? null,
    by: 'rules',
    isOutage: false,
  }
}

/** Says that an action is not of the field of its agent, and of which it is. */
export function offField({ agent, action }: ReviewFacts): string {
  const field = agent.category === null ? 'the agent has other capabilities' : `the agent is of ${agent.category}`
  return `${field} and lacks the capability ${JSON.stringify(action?.capability ?? '')}`
}

function historyOf({ history }: ReviewFacts): string {
  const { decided, approvedUnchanged, edited, rejected } = history
  return `Of its last ${decided} decided proposals for this action ${approvedUnchanged} were approved unchanged, ${edited} edited, ${rejected} rejected.`
}

/** The newest decision on the same args, where that was an edit. */
function lastEdit([newest]: ReviewFacts['same']): ReviewFacts['same'][number] | undefined {
  return newest?.isEdited === true && newest.state !== 'rejected' ? newest : undefined
}

function isAlwaysApproved({ history }: ReviewFacts): boolean {
  return history.decided >= ENOUGH && history.approvedUnchanged === history.decided
}

/** Whether the args are among those that ran: the same names, numbers within their range, all else as it was. */
function isAlike({ proposal, precedents }: ReviewFacts): boolean {
  const names = Object.keys(proposal.args)
  const alike = precedents.filter(({ args }) => hasNames(args, names))
  if (alike.length < ENOUGH) return false
  return names.every((name) => {
    const before = alike.map(({ args }) => own(args, name) ?? null)
    return isWithin(own(proposal.args, name) ?? null, before)
  })
}

function hasNames(args: JsonObject, names: readonly string[]): boolean {
  return Object.keys(args).length === names.length && names.every((name) => Object.hasOwn(args, name))
}

function isWithin(value: JsonValue, before: readonly JsonValue[]): boolean {
  if (typeof value !== 'number') return before.some((one) => hashCanonical(one) === hashCanonical(value))
  const numbers = before.filter((one) => typeof one === 'number')
  return numbers.length === before.length && value >= Math.min(...numbers) && value <= Math.max(...numbers)
}
