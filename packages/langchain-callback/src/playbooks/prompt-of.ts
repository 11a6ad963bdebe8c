import { AIMessage, type BaseMessage, HumanMessage, type SystemMessage } from '@langchain/core/messages'
import type { EffectivePlaybook } from '@preceptor/client'

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
  const isInSystem = place === 'system' && examples.length > 0
  const text = isInSystem ? `${instructions}\n\n${sectionOf(examples)}` : instructions
  const systemMessage = asked.systemMessage.concat(asked.systemMessage.text === '' ? text : `\n\n${text}`)
  if (place === 'system') return { ...asked, systemMessage }
  const turns = examples.flatMap(({ input, output }) => [new HumanMessage(input), new AIMessage(output)])
  return { ...asked, systemMessage, messages: [...turns, ...asked.messages] }
}

/** One example a line, as JSON: no text in one can look like the end of it. */
function sectionOf(examples: EffectivePlaybook['examples']): string {
  const lines = examples.map(({ input, output, note }) => JSON.stringify({ input, output, note }))
  return ['Examples of what was asked and how it is answered well:', ...lines].join('\n')
}
