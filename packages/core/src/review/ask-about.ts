import type { ReviewFacts } from '../meta-agent/review-facts.ts'
import type { ChatMessage } from '../models/chat-model.ts'
import { askReviewer, type Said, verdictByRules } from './ask-reviewer.ts'
import type { BoundReviewer } from './reviewer-binding.ts'

/** What is put to a reviewer. */
export interface AskedAbout {
  readonly bound: BoundReviewer
  readonly facts: ReviewFacts
  /** Undefined where it is too much to be looked at as a whole. */
  readonly messages: readonly ChatMessage[] | undefined
  readonly timeoutMs: number
}

/** Checks first what needs no model, then asks once; never throws. */
export async function askAbout({ bound, facts, messages, timeoutMs }: AskedAbout): Promise<Said> {
  const { action, field, proposal } = facts
  const left = (reason: string): Said => ({ verdict: 'escalate', reasons: [reason], isFault: false })
  if (action === null) return left('The definition that it was ruled by is not in the catalogue any more.')
  if (field === 'off') return left('It is no usual task of this agent.')
  if (messages === undefined) return left('It is too large to be reviewed as a whole.')
  if (bound.model === null) return verdictByRules(facts)
  return askReviewer(bound.model, { messages, actionHash: proposal.actionHash, timeoutMs })
}
