import { type BaseMessage, type MessageContent, ToolMessage } from '@langchain/core/messages'
import { Command, isCommand } from '@langchain/langgraph'
import type { GuardCall } from '@preceptor/client'

/** The call that a tool answers. */
export interface AnsweredCall {
  readonly tool: { readonly name: string; readonly responseFormat?: string }
  readonly toolCall: { readonly id?: string } | undefined
}

/**
 * Tells the model what people said to it, and that one of them changed its call: it reads its own call and the result of
 * another one. Code that calls a tool gets the output as it is.
 */
export function tellModel(
  { decision, guidance }: Pick<GuardCall, 'decision' | 'guidance'>,
  output: unknown,
  { tool, toolCall }: AnsweredCall,
): unknown {
  const notice = [...noticesOf(decision), ...guidance.map((said) => `[A supervisor says: ${said}]`)].join('\n')
  const id = toolCall?.id
  if (notice === '' || id === undefined) return output
  if (isCommand(output)) return tellInCommand(output, notice, id)
  if (ToolMessage.isInstance(output)) return withNotice(output, notice)
  if (tool.responseFormat === 'content_and_artifact' && Array.isArray(output)) {
    return [added(output[0], notice), ...output.slice(1)]
  }
  return new ToolMessage({ content: added(output, notice), name: tool.name, tool_call_id: id, status: 'success' })
}

function noticesOf(decision: GuardCall['decision']): readonly string[] {
  if (decision.route === 'supervision') {
    return decision.edited === undefined ? [] : [changed('A supervisor changed this call', decision.edited)]
  }
  const { approval } = decision
  if (approval?.edited === undefined) return []
  return [changed(`${approval.decidedBy.join(', ')} changed this call before approving it`, approval.edited)]
}

function changed(who: string, edited: object): string {
  return `[${who}: it ran with ${JSON.stringify(edited)} in place of what was asked for. Do not repeat the call as it was.]`
}

function tellInCommand(command: Command, notice: string, toolCallId: string): Command {
  const { update } = command
  if (typeof update !== 'object' || update === null || !('messages' in update) || !Array.isArray(update.messages)) {
    return command
  }
  const messages = update.messages.map((message: BaseMessage) =>
    ToolMessage.isInstance(message) && message.tool_call_id === toolCallId ? withNotice(message, notice) : message,
  )
  const { graph, resume, goto } = command
  return new Command({
    update: { ...update, messages },
    ...(graph !== undefined && { graph }),
    ...(resume !== undefined && { resume }),
    ...(goto !== undefined && { goto }),
  })
}

function withNotice(message: ToolMessage, notice: string): ToolMessage {
  const { name, id, tool_call_id, status = 'success', artifact, additional_kwargs, response_metadata } = message
  const fields = { tool_call_id, status, artifact, additional_kwargs, response_metadata }
  return new ToolMessage({
    ...fields,
    ...(name && { name }),
    ...(id && { id }),
    content: added(message.content, notice),
  })
}

function added(content: unknown, notice: string): MessageContent {
  if (
    Array.isArray(content) &&
    content.every((block) => typeof block === 'object' && block !== null && 'type' in block)
  ) {
    return [...content, { type: 'text', text: notice }]
  }
  const text = typeof content === 'string' ? content : (JSON.stringify(content) ?? String(content))
  return text === '' ? notice : `${text}\n\n${notice}`
}
