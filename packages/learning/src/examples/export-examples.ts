import { type Actor, agentFilter, inWorkspace, isoTime, parseInput, type TimePlace } from '@preceptor/core/plugin'
import { z } from 'zod'
import { AGENT_TYPE_FORM } from '../agent-type.ts'
import type { Example, ExampleExport } from '../client/feedback.ts'
import type { FeedbackPorts } from '../ports/feedback-ports.ts'
import { lineOf } from './example-lines.ts'
import { type ExampleFilter, listOldest } from './example-store.ts'

const PAGE = 200

const query = z.strictObject({
  agent: z.string().min(1).max(128).exactOptional(),
  agentType: z.string().regex(AGENT_TYPE_FORM).exactOptional(),
  tag: z.string().min(1).max(64).exactOptional(),
})

/**
 * Exports what is there now as JSON lines, oldest first, a page at a time as the reader asks for them.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function exportExamples(
  ports: FeedbackPorts,
  actor: Actor,
  { signal, ...asked }: ExampleExport = {},
): Promise<AsyncIterable<string>> {
  ports.authorizer.authorize(actor, 'learning.examples.export')
  const { agent = null, agentType = null, tag = null } = parseInput(query, asked, 'query')
  const filter = { agent, agentType, tag, isHeldOut: null, isApplied: null, only: agentFilter(actor) }
  return pages(ports, { workspace: actor.workspace, filter, until: isoTime(ports.context.clock.now()), signal })
}

async function* pages(
  { context: { database } }: FeedbackPorts,
  {
    workspace,
    filter,
    until,
    signal,
  }: {
    readonly workspace: string
    readonly filter: ExampleFilter
    readonly until: string
    readonly signal: AbortSignal | undefined
  },
): AsyncGenerator<string, void, undefined> {
  let after: TimePlace | null = null
  for (;;) {
    signal?.throwIfAborted()
    const range = { ...filter, after, until, limit: PAGE }
    const rows: readonly Example[] = await inWorkspace(database, { workspace }, (tx) => listOldest(tx, range))
    const page = rows.slice(0, PAGE)
    const last = page.at(-1)
    if (last === undefined) return
    yield page.map(lineOf).join('')
    if (rows.length <= PAGE) return
    after = { at: last.createdAt, id: last.id }
  }
}
