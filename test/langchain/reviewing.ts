import { type Interrupt, MemorySaver } from '@langchain/langgraph'
import type { ControlScope, Principal, Proposal } from '@preceptor/client'
import {
  type ApprovalRequest,
  type GovernanceMiddlewareOptions,
  governanceMiddleware,
} from '@preceptor/langchain-callback'
import { createAgent, HumanMessage } from 'langchain'
import type { Harness } from './support.ts'
import { refundTool, type ScriptedCall, scripted } from './support.ts'

/** A person who decides. */
export const person = (id: string, roles: Principal['roles'] = ['supervisor']): Principal => ({
  kind: 'user',
  id,
  roles,
})

/** What the tests of approvals stand on. */
export interface Desk {
  readonly ana: ControlScope
  readonly ben: ControlScope
  proposalsOf(agent: string): Promise<readonly Proposal[]>
}

/** People who decide on what the agents of a harness ask. */
export function deskOf(harness: Harness): Desk {
  const scopeOf = (id: string): ControlScope => harness.governor.as({ workspace: 'default', principal: person(id) })
  return {
    get ana() {
      return scopeOf('ana')
    },
    get ben() {
      return scopeOf('ben')
    },
    async proposalsOf(agent) {
      const { items } = await harness.admin.proposals.list({ agent })
      return items.toReversed()
    },
  }
}

/** What a reviewer was shown. */
export const shown = ({ version, actionHash }: Proposal): Pick<Proposal, 'version' | 'actionHash'> => ({
  version,
  actionHash,
})

let threads = 0

/** Makes an agent of interns whose calls of refund pause. */
export async function pausing(
  harness: Harness,
  calls: readonly ScriptedCall[],
  options: Partial<GovernanceMiddlewareOptions> & {
    readonly version?: 'v1' | 'v2'
    readonly maturity?: 'intern' | 'autonomous'
  } = {},
) {
  const { version = 'v2', maturity = 'intern', ...governance } = options
  threads += 1
  const effects: unknown[] = []
  const agent = await harness.agent(maturity)
  const runnable = createAgent({
    model: scripted(calls),
    tools: [refundTool(effects)],
    middleware: [governanceMiddleware(harness.governor, { agent, ...governance })],
    checkpointer: new MemorySaver(),
    version,
  })
  return { agent, runnable, effects, config: { configurable: { thread_id: `thread-${threads}` } } }
}

/** What starts a run. */
export const question = (): { messages: HumanMessage[] } => ({ messages: [new HumanMessage('refund order 7')] })

/** The requests that a run waits for. */
export function requestsIn(
  result: unknown,
): readonly (Interrupt<ApprovalRequest> & { readonly value: ApprovalRequest })[] {
  const interrupts: unknown = Reflect.get(Object(result), '__interrupt__') ?? []
  return interrupts as (Interrupt<ApprovalRequest> & { readonly value: ApprovalRequest })[]
}
