import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { GovernanceError } from '@preceptor/client'
import { listTools } from './list-tools.ts'
import { openUpstream, type UpstreamFacts, type UpstreamTarget, unavailable } from './upstream.ts'

/** What a server says of itself, and its tools. */
export interface LookedAt {
  readonly facts: UpstreamFacts
  readonly tools: readonly Tool[]
  /** What it printed on standard output that is no message of the protocol. */
  readonly strays: readonly string[]
}

const LOOKER = { name: 'preceptor', version: '0.1.0' }
/** Servers hide the tools that need what a client cannot do, and these are to be classified, too. */
const ABLE = { roots: {}, sampling: {}, elicitation: { form: {}, url: {} } }

/** How a server is looked at. */
export interface LookOptions {
  /** How long it may take, in milliseconds; a minute unless set. */
  readonly deadlineMs?: number
  /** Told of what it prints on standard error, which else goes to that of this process. */
  readonly onPrinted?: (text: string) => void
}

const DEADLINE_MS = 60_000

/**
 * Starts a server, or reaches it, and lists its tools; nothing of it is called.
 *
 * @throws GovernanceError `UPSTREAM_UNAVAILABLE` when it cannot be reached; `details.reason` and the message say why.
 */
export async function lookAtUpstream(
  name: string,
  target: UpstreamTarget,
  { deadlineMs = DEADLINE_MS, onPrinted }: LookOptions = {},
): Promise<LookedAt> {
  const strays: string[] = []
  const upstream = await openUpstream({
    name,
    target,
    deadlineMs,
    ...(onPrinted && { onPrinted }),
    onStray: (stray) => strays.push(stray),
    clientInfo: LOOKER,
    capabilities: ABLE,
    onRequest: async ({ method }) => {
      if (method === 'roots/list') return { roots: [] }
      throw new Error('Nobody is there to be asked.')
    },
    onNotification: () => undefined,
    onGone: () => undefined,
    onReturned: () => undefined,
    report: () => undefined,
  })
  const inTime = { timeout: deadlineMs, signal: AbortSignal.timeout(deadlineMs) }
  try {
    const tools = await listTools({ ...upstream, request: (asked) => upstream.request(asked, inTime) })
    return { facts: upstream.facts, tools, strays }
  } catch (cause) {
    throw GovernanceError.isInstance(cause) ? cause : unavailable(name, { target, cause, strays })
  } finally {
    await upstream.close()
  }
}
