/** One message to a chat model. A type, because those of LangChain take any further field, which no interface has. */
export type ChatMessage = {
  readonly role: 'system' | 'user'
  readonly content: string
}

/**
 * A chat model as core sees it: the shape of those of LangChain, of which nothing is imported. It gives text, or a
 * message whose `content` is text or a list of parts.
 */
export interface ChatModel {
  /** Name under which what it says stands in records; default: the `model` that it states. */
  readonly name?: string
  invoke(messages: ChatMessage[], options?: { readonly signal?: AbortSignal }): Promise<unknown>
}

const LONGEST_NAME = 100

/** The name of a chat model in records, such as `model:gpt-5`. */
export function chatModelName(model: ChatModel): string {
  const stated: unknown = Reflect.get(model, 'model')
  const name = [model.name, stated].find((one) => typeof one === 'string' && one.trim() !== '')
  return `model:${String(name ?? 'chat').slice(0, LONGEST_NAME)}`
}
