import type { ChatModel } from '@preceptor/core'

/** Where a model answers that speaks the chat completions of OpenAI. */
export interface OpenAiPlace {
  /** Base address, such as `https://api.openai.com/v1`. */
  readonly url: string
  readonly model: string
  readonly key?: string
}

interface Completion {
  readonly choices?: readonly {
    readonly finish_reason?: string
    readonly message?: { readonly content?: unknown; readonly refusal?: unknown; readonly tool_calls?: unknown }
  }[]
}

/** A model behind HTTP, as the reviewer takes it: with how its reply ended, and whether it refused or called a tool. */
export function openAiModel({ url, model, key = 'none' }: OpenAiPlace): ChatModel {
  return {
    name: model,
    async invoke(messages, { signal } = {}) {
      const response = await fetch(`${url.replace(/\/$/, '')}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ model, messages }),
        ...(signal && { signal }),
      })
      if (!response.ok) throw new Error(`status ${response.status}`)
      const [choice] = ((await response.json()) as Completion).choices ?? []
      const { content, refusal, tool_calls } = choice?.message ?? {}
      return { content, refusal, tool_calls, finish_reason: choice?.finish_reason }
    },
  }
}
