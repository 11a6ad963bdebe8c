import type { ServerResponse } from 'node:http'
import { type ChatMessages, useChatServer } from './chat-server.ts'

/** What the model says next: a text, which may go by the messages, a status that is an error, or nothing at all. */
export type Verdict = { readonly text: string | TextOf } | { readonly status: number } | 'silence'

type TextOf = (messages: ChatMessages) => string

/** A chat model behind HTTP that grades. */
export interface VerdictServer {
  readonly url: string
  /** What it is asked to read, one text a request. */
  readonly asked: string[]
  say(verdict: Verdict): void
}

/** Serves a model that speaks the chat completions of OpenAI for the tests of a file. */
export function useVerdicts(): VerdictServer {
  let verdict: Verdict = 'silence'
  const asked: string[] = []
  const server = useChatServer((response, messages) => {
    asked.push(messages.at(-1)?.content ?? '')
    if (verdict !== 'silence') answer(response, messages, verdict)
  })
  return {
    get url() {
      return server.url
    },
    asked,
    say: (next) => {
      verdict = next
    },
  }
}

function answer(response: ServerResponse, messages: ChatMessages, verdict: Exclude<Verdict, 'silence'>): void {
  const type = { 'content-type': 'application/json' }
  if ('status' in verdict) {
    response.writeHead(verdict.status, type).end('{"error":{"message":"overloaded","type":"server_error"}}')
    return
  }
  const content = typeof verdict.text === 'string' ? verdict.text : verdict.text(messages)
  const message = { role: 'assistant', content }
  const body = {
    ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 0, model: 'judge' },
    ...{ choices: [{ index: 0, message, finish_reason: 'stop' }] },
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  }
  response.writeHead(200, type).end(JSON.stringify(body))
}
