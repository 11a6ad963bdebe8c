import { mergeCapabilities } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { Implementation, ServerCapabilities } from '@modelcontextprotocol/sdk/types.js'
import type { UpstreamFacts } from '../upstream/upstream.ts'

/** What a proxy says of itself: what its one upstream does, or all that several can. */
export function joinCapabilities(facts: readonly UpstreamFacts[]): {
  readonly info: Implementation
  readonly capabilities: ServerCapabilities
  readonly instructions?: string
} {
  const [only] = facts
  const instructions = facts.flatMap((one) => one.instructions ?? []).join('\n\n')
  const said = instructions === '' ? {} : { instructions }
  // A task goes on after its call was answered, where no gate sees it.
  const { tasks: _, ...capabilities } = facts.reduce<ServerCapabilities>(
    (all, one) => mergeCapabilities(all, one.capabilities),
    {},
  )
  if (only !== undefined && facts.length === 1) return { info: only.info, capabilities, ...said }
  return { info: { name: 'preceptor-proxy', version: '0.1.0' }, capabilities, ...said }
}
