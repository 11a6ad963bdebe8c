import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { listTools } from './proxied-tools.ts'
import { openUpstream, type UpstreamFacts, type UpstreamTarget } from './upstream.ts'

/** What a server says of itself, and its tools. */
export interface LookedAt {
  readonly facts: UpstreamFacts
  readonly tools: readonly Tool[]
}

const LOOKER = { name: 'preceptor', version: '0.1.0' }
/** Servers hide the tools that need what a client cannot do, and these are to be classified, too. */
const ABLE = { roots: {}, sampling: {}, elicitation: { form: {}, url: {} } }

/**
 * Starts a server, or reaches it, and lists its tools; nothing of it is called.
 *
 * @throws GovernanceError `UPSTREAM_UNAVAILABLE` when it cannot be reached.
 */
export async function lookAtUpstream(name: string, target: UpstreamTarget): Promise<LookedAt> {
  const upstream = await openUpstream({
    name,
    target,
    clientInfo: LOOKER,
    capabilities: ABLE,
    onRequest: async ({ method }) => {
      if (method === 'roots/list') return { roots: [] }
      throw new Error('Nobody is there to be asked.')
    },
    onNotification: () => undefined,
    onReturned: () => undefined,
    report: () => undefined,
  })
  try {
    return { facts: upstream.facts, tools: await listTools(upstream) }
  } finally {
    await upstream.close()
  }
}
