import type { ControlScope, JsonObject, JsonValue, Proposal } from '@preceptor/client'
import { queryOptions } from '@tanstack/react-query'
import { type ArgChange, argChanges } from './arg-changes.ts'

/** A piece of a preview: data that is shown as plain text. */
export type PreviewBlock =
  | { readonly kind: 'kv'; readonly items: readonly { readonly label: string; readonly value: JsonValue }[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'diff'; readonly before: string; readonly after: string; readonly language?: string }
  | { readonly kind: 'code'; readonly code: string; readonly language?: string }
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly JsonValue[])[] }
  | { readonly kind: 'money'; readonly amount: number; readonly currency: string; readonly label?: string }
  | { readonly kind: 'recipients'; readonly items: readonly string[] }
  | { readonly kind: 'link'; readonly url: string; readonly label?: string }
  | { readonly kind: 'warning'; readonly text: string }

/** Everything that a person needs to decide on a proposal. */
export interface ProposalCard {
  readonly proposal: Proposal
  readonly summary: string
  /** Why the risk is what it is; empty when nothing but the registration of the action says so. */
  readonly riskReasons: readonly string[]
  readonly preview: readonly PreviewBlock[]
  readonly against: { readonly proposalId: string; readonly decidedAt: string } | null
  readonly changes: readonly ArgChange[]
  readonly edits: readonly ArgChange[]
  readonly schema: JsonObject | null
  readonly history: CardHistory
}

/** How earlier proposals of the same agent and action ended. */
export interface CardHistory {
  readonly decided: number
  readonly approvedUnchanged: number
  readonly edited: number
  readonly rejected: number
}

const APPROVED = new Set(['approved', 'executing', 'succeeded', 'failed', 'outcome_unknown'])
const MOST_ACTION_PAGES = 10

/** The query of a card. */
export function cardQuery(scope: ControlScope, id: string) {
  return queryOptions({ queryKey: ['card', id], queryFn: () => readCard(scope, id) })
}

async function readCard(scope: ControlScope, id: string): Promise<ProposalCard> {
  const proposal = await scope.proposals.get(id)
  const [schema, earlier] = await Promise.all([readSchema(scope, proposal.action), readEarlier(scope, proposal)])
  const last = earlier.find(({ state }) => APPROVED.has(state))
  return {
    proposal,
    summary: proposal.action,
    riskReasons: [],
    preview: [{ kind: 'kv', items: Object.entries(proposal.args).map(([label, value]) => ({ label, value })) }],
    against: last === undefined ? null : { proposalId: last.id, decidedAt: last.decidedAt ?? last.updatedAt },
    changes: last === undefined ? [] : argChanges(last.args, proposal.args),
    edits: [],
    schema,
    history: historyOf(earlier),
  }
}

/** The schema of the args, where the catalogue holds just one of that name. */
async function readSchema(scope: ControlScope, action: string): Promise<JsonObject | null> {
  const found: (JsonObject | null)[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < MOST_ACTION_PAGES; pages += 1) {
    const page: Awaited<ReturnType<ControlScope['actions']['list']>> = await scope.actions.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    })
    found.push(...page.items.filter(({ name }) => name === action).map(({ args }) => args))
    cursor = page.next
    if (cursor === null) break
  }
  return found.length === 1 ? (found[0] ?? null) : null
}

async function readEarlier(scope: ControlScope, { id, agent, action, createdAt }: Proposal): Promise<Proposal[]> {
  const { items } = await scope.proposals.list({ agent, limit: 100 })
  return items.filter((item) => item.action === action && item.id !== id && item.createdAt <= createdAt)
}

function historyOf(earlier: readonly Proposal[]): CardHistory {
  const isApproved = ({ state }: Proposal): boolean => APPROVED.has(state)
  const wasEdited = ({ version }: Proposal): boolean => version > 1
  const count = (matches: (proposal: Proposal) => boolean): number => earlier.filter(matches).length
  const approvedUnchanged = count((one) => isApproved(one) && !wasEdited(one))
  const edited = count((one) => isApproved(one) && wasEdited(one))
  const rejected = count(({ state }) => state === 'rejected' || state === 'responded')
  return { decided: approvedUnchanged + edited + rejected, approvedUnchanged, edited, rejected }
}
