import { createServer, type ServerResponse } from 'node:http'
import { afterAll, beforeAll } from 'vitest'

/** What a model is asked. */
export type ChatMessages = readonly { readonly content: string }[]

/** Serves the address of a chat model for the tests of a file; what it answers is given. */
export function useChatServer(answer: (response: ServerResponse, messages: ChatMessages) => void): {
  readonly url: string
} {
  let url = ''
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    const { messages } = JSON.parse(text)
    answer(response, messages)
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (typeof address === 'object' && address !== null) url = `http://127.0.0.1:${address.port}/v1`
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    get url() {
      return url
    },
  }
}
