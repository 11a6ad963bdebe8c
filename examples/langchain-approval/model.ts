import type { ModelScript } from '../model-server.ts'

/** Makes the refund with the tool, and passes on what the tool says. */
export const script: ModelScript = ({ messages }) => {
  const last = messages.at(-1)
  return last?.role === 'tool'
    ? { text: `Done: ${String(last.content)}` }
    : { calls: [{ id: 'call_refund', name: 'refund', args: { order: '7', cents: 500 } }] }
}
