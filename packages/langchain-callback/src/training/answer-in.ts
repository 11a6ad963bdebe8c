import { AIMessage, BaseMessage } from '@langchain/core/messages'
import { GovernanceError, type JsonValue } from '@preceptor/client'
import { parseAnswer } from './parse-answer.ts'
import { read } from './read.ts'

/**
 * The answer in what a runnable gave.
 *
 * @throws GovernanceError `INPUT_INVALID` where there is none.
 */
export function answerIn(output: unknown): JsonValue {
  if (typeof output === 'string') return readText(output)
  if (BaseMessage.isInstance(output)) return readText(output.text)
  const messages = read(output, 'messages')
  // Whoever records it checks that it is JSON.
  if (!Array.isArray(messages)) return output as JsonValue
  const interrupts = read(output, '__interrupt__')
  if (Array.isArray(interrupts) && interrupts.length > 0) throw noAnswer('its run waits for a person')
  const structured = read(output, 'structuredResponse')
  if (structured !== undefined) return structured as JsonValue
  return readText(messages.findLast((message) => AIMessage.isInstance(message))?.text ?? '')
}

function readText(text: string): JsonValue {
  if (text.trim() === '') throw noAnswer('it said nothing')
  return parseAnswer(text)
}

function noAnswer(reason: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', { message: `The runnable gave no answer: ${reason}.` })
}
