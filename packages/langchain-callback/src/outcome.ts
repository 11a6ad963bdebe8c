import { type BaseMessageLike, coerceMessageLikeToMessage } from '@langchain/core/messages'
import { Command, isCommand } from '@langchain/langgraph'
import { GovernanceError, type JsonValue, type StoredOutcome } from '@preceptor/client'
import { faulted } from './answer.ts'

/** Makes JSON of what a tool gave; what it is is stated around it, so that data cannot pass itself off as a command. */
export function encodeOutput(output: unknown): JsonValue {
  const isMessage = typeof output === 'object' && output !== null && 'lc_direct_tool_output' in output
  const command = isCommand(output) && { command: { ...output.toJSON(), graph: output.graph } }
  // JSON.parse gives `any`; what it gives is JSON.
  return JSON.parse(JSON.stringify(command || (isMessage ? { message: output } : { value: output }))) as JsonValue
}

/**
 * Gives again what the earlier run of the same attempt gave.
 *
 * @throws Error with the message of its failure; GovernanceError `ALREADY_EXECUTED` when its result was not kept.
 */
export function replayOutput(tool: string, outcome: StoredOutcome): unknown {
  if (outcome.status === 'failed') throw new Error(outcome.message)
  // It was written by `encodeOutput`.
  const stored = outcome.value as { value?: unknown; message?: BaseMessageLike; command?: object } | null
  if (stored === null) throw faulted(tool, new GovernanceError('ALREADY_EXECUTED'))
  if (stored.command !== undefined) return new Command(stored.command)
  return stored.message === undefined ? stored.value : coerceMessageLikeToMessage(stored.message)
}
