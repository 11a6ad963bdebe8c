import { type JsonObject, type JsonValue, type ProposalRejection, REJECTION_CATEGORIES } from '@preceptor/client'
import type { AllowedDecision } from './interrupt-on.ts'

/** What a person answered in the interface of an agent. */
export type ReviewerAnswer =
  | { readonly type: 'approve' }
  | { readonly type: 'edit'; readonly tool: string; readonly args: JsonObject }
  | { readonly type: 'reject'; readonly category: ProposalRejection['category']; readonly reason: string }
  | { readonly type: 'respond'; readonly response: JsonValue }

const LONGEST_REASON = 1_000

/**
 * Reads an answer in the shape of `humanInTheLoopMiddleware`: `{ decisions: [decision] }` or the decision by itself.
 * Undefined for everything else: nothing that is not understood decides.
 */
export function reviewerAnswer(payload: unknown): ReviewerAnswer | undefined {
  const decision = isObject(payload) && 'decisions' in payload ? onlyOne(payload.decisions) : payload
  if (!isObject(decision)) return undefined
  const type = decision.type as AllowedDecision
  switch (type) {
    case 'approve':
      return { type }
    case 'edit':
      return edit(decision.editedAction)
    case 'reject':
      return { type, ...rejection(decision) }
    case 'respond':
      return 'response' in decision || 'message' in decision
        ? { type, response: (decision.response ?? decision.message ?? null) as JsonValue }
        : undefined
    default:
      // A word that is none of these may come from anywhere.
      void (type satisfies never)
      return undefined
  }
}

function edit(action: unknown): ReviewerAnswer | undefined {
  if (!isObject(action) || typeof action.name !== 'string' || !isObject(action.args)) return undefined
  // The gate refuses what is no JSON.
  return { type: 'edit', tool: action.name, args: action.args as JsonObject }
}

function rejection({
  message,
  reason = message,
  category,
}: Record<string, unknown>): Omit<ProposalRejection, 'version' | 'actionHash'> {
  const text = typeof reason === 'string' ? reason.trim().slice(0, LONGEST_REASON) : ''
  return {
    category: REJECTION_CATEGORIES.find((known) => known === category) ?? 'other',
    reason: text === '' ? 'No reason was given.' : text,
  }
}

/** One request, one decision: of several nobody knows which one is meant. */
function onlyOne(decisions: unknown): unknown {
  return Array.isArray(decisions) && decisions.length === 1 ? decisions[0] : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
