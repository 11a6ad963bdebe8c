import type { JsonObject, JsonValue } from '@preceptor/client'
import { type Access, REDACTED } from '@preceptor/core/plugin'
import type {
  Collaboration,
  CollaborationContext,
  CollaborationMessage,
  CollaborationTurn,
} from '../client/collaboration.ts'
import type { Consensus, Vote } from '../client/consensus.ts'
import type { Delegation } from '../client/delegations.ts'

// A viewer sees who works with whom and how far it is, and not what they say to each other.

export function visibleCollaboration<Shown extends Collaboration>(access: Access, shown: Shown): Shown {
  if (access !== 'redacted') return shown
  const { task: _, input, output, failure } = shown
  return { ...shown, task: REDACTED, input: keysOf(input), output: hidden(output), failure: visibleFailure(failure) }
}

export function visibleTurn(access: Access, turn: CollaborationTurn): CollaborationTurn {
  if (access !== 'redacted') return turn
  return { ...turn, output: hidden(turn.output), failure: visibleFailure(turn.failure) }
}

export function visibleMessage(access: Access, message: CollaborationMessage): CollaborationMessage {
  return access === 'redacted' ? { ...message, text: REDACTED } : message
}

export function visibleContext(access: Access, context: CollaborationContext): CollaborationContext {
  return access === 'redacted' ? { ...context, value: keysOf(context.value) } : context
}

export function visibleDelegation(access: Access, delegation: Delegation): Delegation {
  if (access !== 'redacted') return delegation
  const { output, failure } = delegation
  return { ...delegation, task: REDACTED, output: hidden(output), failure: visibleFailure(failure) }
}

export function visibleConsensus<Shown extends Consensus & { readonly votes?: readonly Vote[] }>(
  access: Access,
  shown: Shown,
): Shown {
  if (access !== 'redacted') return shown
  const votes = shown.votes?.map((vote) => ({ ...vote, reason: vote.reason === null ? null : REDACTED }))
  return { ...shown, topic: REDACTED, data: keysOf(shown.data), ...(votes === undefined ? {} : { votes }) }
}

function hidden(value: JsonValue): JsonValue {
  return value === null ? null : REDACTED
}

function visibleFailure<Failure extends { readonly message: string }>(failure: Failure | null): Failure | null {
  return failure === null ? null : { ...failure, message: REDACTED }
}

function keysOf<Value extends JsonObject | null>(value: Value): Value | JsonObject {
  return value === null ? value : Object.fromEntries(Object.keys(value).map((key) => [key, REDACTED]))
}
