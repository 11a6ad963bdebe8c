import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'
import type { Decision, JsonObject } from '@preceptor/client'

const META = 'io.preceptor/decision'

/** The handle of what waits, and what to do about it. */
export function pendingOf(decision: Decision, next: string): JsonObject {
  const base = { id: decision.id, route: decision.route, action: decision.action, next }
  switch (decision.route) {
    case 'proposal': {
      const { id, version, expiresAt } = decision.proposal
      return { ...base, status: 'pending', proposal: { id, version, expiresAt } }
    }
    case 'queue':
      return { ...base, status: 'queued', queueEntry: { id: decision.queueEntry.id } }
    case 'training':
      return { ...base, status: 'blocked', trainingProposal: { id: decision.trainingProposal.id } }
    case 'denied':
      return { ...base, status: 'denied', code: decision.code }
    default:
      return { ...base, status: 'denied' }
  }
}

/**
 * What a model gets instead of a result. It is no result of the tool, so it counts as an error; where the tool has promised
 * a form for its results, clients would refuse any other there, and the handle stands beside it.
 */
export function withheldResult(tool: Tool | undefined, pending: JsonObject | null, text: string): CallToolResult {
  const content = [{ type: 'text' as const, text }]
  if (pending === null) return { isError: true, content }
  const handle = tool?.outputSchema === undefined ? { structuredContent: { preceptor: pending } } : {}
  return { isError: true, content, ...handle, _meta: { [META]: pending } }
}
