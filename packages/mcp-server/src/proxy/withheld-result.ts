import type { CallToolResult, Result, Tool } from '@modelcontextprotocol/sdk/types.js'
import type { Decision, JsonObject } from '@preceptor/client'

const OURS = 'io.preceptor/'
const META = `${OURS}decision`

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

/** The result of a tool without what only the gate says: no server decides, and none may seem to. */
export function withoutDecision(tool: Tool | undefined, { _meta, structuredContent, ...result }: Result): Result {
  const meta = Object.entries(_meta ?? {}).filter(([key]) => !key.startsWith(OURS))
  return {
    ...result,
    ...(_meta !== undefined && { _meta: Object.fromEntries(meta) }),
    ...(structuredContent !== undefined && { structuredContent: withoutHandle(tool, structuredContent) }),
  }
}

/** Where a tool promised a form for its results, the handle never stands in it. */
function withoutHandle(tool: Tool | undefined, content: unknown): unknown {
  if (tool?.outputSchema !== undefined || typeof content !== 'object' || content === null) return content
  const { preceptor: _, ...rest } = Object(content)
  return rest
}
