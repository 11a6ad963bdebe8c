import { type Proposal, REJECTION_CATEGORIES, visibleText } from '@preceptor/client'
import { z } from 'zod'
import { cannotAsk, incomplete, LEFT } from '../person-at-client.ts'
import { declareTool, type Tool, type ToolCall } from '../tool.ts'
import { INTERVENE_SESSION } from './intervene-session.ts'
import { afterProposal } from './next-step.ts'
import { proposal } from './schemas.ts'

/** As much as a question can show; nobody approves what is not shown whole. */
const MOST_SHOWN = 4_000

const said = z.discriminatedUnion('decision', [
  z.object({ decision: z.literal('approve'), reason: z.string().max(1_000).optional() }),
  z.object({
    decision: z.literal('reject'),
    reason: z.string().min(1).max(1_000),
    category: z.enum(REJECTION_CATEGORIES).default('other'),
  }),
])

/** Tools of people alone: the person decides in a dialogue of the client. */
export const DECISION_TOOLS: readonly Tool[] = [
  declareTool({
    name: 'review_proposal',
    title: 'Let the person decide on a proposal',
    description:
      'Shows a proposal to the person at this client and lets that person approve or reject it. Call it when the person asks for it; you neither see the question nor decide.',
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    input: z.strictObject({ id: z.string().min(1).max(200).describe('Id of the proposal') }),
    output: z.strictObject({ outcome: z.enum(['decided', 'opened', 'left']), proposal, next: z.string() }),
    handle: async ({ id }, call) => {
      const pending = await call.scope.proposals.get(id)
      if (pending.state !== 'pending')
        return { outcome: 'left' as const, proposal: pending, next: afterProposal(pending) }
      return isGrave(pending) ? openAddress(pending, call) : askByForm(pending, call)
    },
  }),
  INTERVENE_SESSION,
]

/** Where much is at stake, or a question cannot show all of it, the person goes to the page that can. */
function isGrave({ risk, args }: Proposal): boolean {
  return risk === 'high' || risk === 'critical' || JSON.stringify(args).length > MOST_SHOWN
}

type Reviewed = { readonly outcome: 'decided' | 'opened' | 'left'; readonly proposal: Proposal; readonly next: string }

async function askByForm(pending: Proposal, { scope, person }: ToolCall): Promise<Reviewed> {
  if (person?.hasForms !== true) throw cannotAsk(`the proposal ${pending.id}`)
  const answer = await person.ask({
    mode: 'form',
    message: describe(pending),
    requestedSchema: {
      type: 'object',
      properties: {
        decision: { type: 'string', title: 'Decision', enum: ['approve', 'reject'] },
        reason: { type: 'string', title: 'Why', description: 'Needed to reject', maxLength: 1_000 },
        category: { type: 'string', title: 'What is wrong with it', enum: [...REJECTION_CATEGORIES] },
      },
      required: ['decision'],
    },
  })
  if (answer.action !== 'accept') return { outcome: 'left', proposal: pending, next: LEFT }
  const decided = await decide(pending, said.safeParse(answer.content), scope)
  return { outcome: 'decided', proposal: decided, next: afterProposal(decided) }
}

async function decide(
  { id, version, actionHash }: Proposal,
  parsed: ReturnType<typeof said.safeParse>,
  { proposals }: ToolCall['scope'],
): Promise<Proposal> {
  if (!parsed.success) throw incomplete('a rejection needs a reason')
  const shown = { version, actionHash }
  if (parsed.data.decision === 'reject') {
    const { reason, category } = parsed.data
    return proposals.reject(id, { ...shown, reason, category })
  }
  const { reason } = parsed.data
  return proposals.approve(id, { ...shown, ...(reason !== undefined && reason !== '' && { reason }) })
}

async function openAddress(pending: Proposal, { person }: ToolCall): Promise<Reviewed> {
  if (person?.hasAddresses !== true || person.dashboardUrl === undefined) throw cannotAsk(`the proposal ${pending.id}`)
  const url = `${person.dashboardUrl.replace(/\/+$/, '')}/inbox/${encodeURIComponent(pending.id)}`
  const message = `${pending.agent} asks for ${pending.action} (${pending.risk} risk). It is decided on its own page.`
  const { action } = await person.ask({ mode: 'url', message, url, elicitationId: crypto.randomUUID() })
  const next =
    action === 'accept'
      ? `The page is open: get_proposal for ${pending.id} tells what the person decides there.`
      : 'The person did not open it: leave it, and do not ask again unless told to.'
  return { outcome: action === 'accept' ? 'opened' : 'left', proposal: pending, next }
}

/** All that would run, with nothing in it that is not seen. */
function describe({ agent, action, risk, maturity, args, resource, version, expiresAt }: Proposal): string {
  const lines = [
    `${agent} (${maturity}) asks for ${action} (${risk} risk).`,
    // As JSON, or lines in it would pass for lines of the question.
    ...(resource === null ? [] : [`About: ${JSON.stringify(resource)}`]),
    `Arguments: ${JSON.stringify(args, null, 2)}`,
    `Version ${version}, until ${expiresAt}.`,
  ]
  return visibleText(lines.join('\n'))
}
