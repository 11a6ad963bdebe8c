import { ListToolsResultSchema, type Result, type Tool } from '@modelcontextprotocol/sdk/types.js'
import { GovernanceError } from '@preceptor/client'
import type { Upstream } from './upstream.ts'

const MOST_TOOLS = 2_000
const MOST_PAGES = 100

/**
 * Lists the tools of an upstream, every page of them.
 *
 * @throws GovernanceError `INPUT_INVALID` for a list without an end.
 */
export async function listTools(upstream: Pick<Upstream, 'name' | 'request' | 'facts'>): Promise<readonly Tool[]> {
  if (upstream.facts.capabilities.tools === undefined) return []
  const tools: Tool[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES && tools.length <= MOST_TOOLS; page += 1) {
    const params = cursor === undefined ? {} : { cursor }
    const result: Result = await upstream.request({ method: 'tools/list', params })
    const { tools: some, nextCursor } = ListToolsResultSchema.parse(result)
    tools.push(...some)
    if (nextCursor === undefined && tools.length <= MOST_TOOLS) return tools
    cursor = nextCursor
  }
  const message = `The upstream "${upstream.name}" has more than ${MOST_TOOLS} tools, or a list without an end.`
  throw new GovernanceError('INPUT_INVALID', { message })
}
