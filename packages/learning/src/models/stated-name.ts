import type { ChatModel } from '@preceptor/core'

const LONGEST_NAME = 100

/** The name that a chat model states; undefined where it states none. */
export function statedName(model: ChatModel): string | undefined {
  const stated: unknown = Reflect.get(model, 'model')
  const name = [model.name, stated].find((one) => typeof one === 'string' && one.trim() !== '')
  return name === undefined ? undefined : String(name).slice(0, LONGEST_NAME)
}
