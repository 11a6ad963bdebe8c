import type { ModelMessage, ModelRequest, ModelScript } from '../model-server.ts'

const ORDER = /order (\w+): (\d+) cents/g
const LIMIT = /\[A supervisor says: .*?(\d+) cents/

/** A scripted model, and what it was asked with. */
export interface Script {
  readonly script: ModelScript
  /** How many results of tools said so, in each request, oldest first. */
  readonly heard: (text: string) => readonly number[]
}

/** Refunds the orders of its task one after the other, and never more than a supervisor said. */
export function openScript(): Script {
  const requests: ModelRequest[] = []
  const script: ModelScript = (request) => {
    requests.push(request)
    const results = resultsIn(request)
    const task = String(request.messages.find(({ role }) => role === 'user')?.content ?? '')
    const next = [...task.matchAll(ORDER)][results.length]
    if (next === undefined) return { text: `Done: ${results.length} refunds.` }
    const [, order = '', asked] = next
    const limit = results.map(({ content }) => LIMIT.exec(String(content))?.[1]).findLast((said) => said !== undefined)
    const cents = Math.min(Number(asked), Number(limit ?? asked))
    return { calls: [{ id: `call_${order}`, name: 'refund', args: { order, cents } }] }
  }
  const count = (request: ModelRequest, text: string): number =>
    resultsIn(request).filter(({ content }) => String(content).includes(text)).length
  return { script, heard: (text) => requests.map((request) => count(request, text)) }
}

function resultsIn({ messages }: ModelRequest): readonly ModelMessage[] {
  return messages.filter(({ role }) => role === 'tool')
}
