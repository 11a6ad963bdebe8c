import { ListToolsResultSchema, type Tool } from '@modelcontextprotocol/sdk/types.js'
import { GovernanceError } from '@preceptor/client'
import { pagesOf } from './pages-of.ts'
import type { Upstream } from './upstream.ts'

const MOST_TOOLS = 2_000

/**
 * Lists the tools of an upstream, every page of them.
 *
 * @throws GovernanceError `INPUT_INVALID` for a list without an end.
 */
export async function listTools(upstream: Pick<Upstream, 'name' | 'request' | 'facts'>): Promise<readonly Tool[]> {
  if (upstream.facts.capabilities.tools === undefined) return []
  const tools: Tool[] = []
  for await (const page of pagesOf(upstream, 'tools/list')) {
    const { tools: some, nextCursor } = ListToolsResultSchema.parse(page)
    tools.push(...some)
    if (tools.length > MOST_TOOLS) break
    if (nextCursor === undefined) return tools
  }
  const message = `The upstream "${upstream.name}" has more than ${MOST_TOOLS} tools, or a list without an end.`
  throw new GovernanceError('INPUT_INVALID', { message })
}
