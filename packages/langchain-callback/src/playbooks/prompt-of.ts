import { AIMessage, type BaseMessage, HumanMessage, type SystemMessage } from '@langchain/core/messages'
import { type EffectivePlaybook, playbookText } from '@preceptor/client'

/** What a model is asked, as far as a playbook adds to it. */
export interface Prompt {
  readonly systemMessage: SystemMessage
  readonly messages: BaseMessage[]
}

/**
 * The prompt with a playbook: its instructions after those that the agent has, and its examples in the system message or
 * as turns before the conversation.
 */
export function withPlaybook<Asked extends Prompt>(
  asked: Asked,
  { instructions, examples }: Pick<EffectivePlaybook, 'instructions' | 'examples'>,
  place: 'system' | 'turns',
): Asked {
  const text = playbookText({ instructions, examples: place === 'system' ? examples : [] })
  const systemMessage = asked.systemMessage.concat(asked.systemMessage.text === '' ? text : `\n\n${text}`)
  if (place === 'system') return { ...asked, systemMessage }
  const turns = examples.flatMap(({ input, output }) => [new HumanMessage(input), new AIMessage(output)])
  return { ...asked, systemMessage, messages: [...turns, ...asked.messages] }
}
