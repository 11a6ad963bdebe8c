import {
  type ApprovalLinkRefusal,
  GovernanceError,
  type HostPlane,
  type LinkDecision,
  type LinkDecisionResult,
  type OpenedApprovalLink,
} from '@preceptor/client'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { readBytes } from '../../read-body.ts'
import { rejectionCategory } from '../../routes/review-schemas.ts'
import { type DecideUpTo, maySettle } from '../decide-up-to.ts'
import { decisionPage, noticePage, PAGE_HEADERS } from './decision-page.ts'

/** Options of the page on which people decide who were asked by e-mail. */
export interface EmailDecisionOptions {
  /** Up to which risk; what the channel has. Default `safe`; `none` refuses every link that is out. */
  readonly decideUpTo?: DecideUpTo | undefined
  /** Told of what failed inside; the page only says that something did. */
  readonly onFault?: (fault: { readonly error: unknown }) => void
}

const STATUSES: Readonly<Record<ApprovalLinkRefusal, number>> = {
  unknown: 404,
  used: 409,
  decided: 409,
  changed: 409,
  expired: 410,
  risk_too_high: 403,
  not_allowed: 403,
  invalid: 422,
}

const shown = { version: z.coerce.number().int().min(1), actionHash: z.string().regex(/^[0-9a-f]{64}$/) }
const reason = z.string().trim().max(1_000)
const form = z.discriminatedUnion('decision', [
  z.object({ ...shown, decision: z.literal('approve'), reason: reason.optional() }),
  z.object({
    ...shown,
    decision: z.literal('reject'),
    category: rejectionCategory,
    reason: reason.min(1),
  }),
])

/**
 * The page that a link in a mail opens. Opening it decides nothing, however often and by whomever; sending its form decides
 * once, as the member that the mail was for. Mount it at the `decisionsUrl` of the channel.
 *
 * @example
 * ```ts
 * import type { HostPlane } from '@preceptor/client'
 * import { emailDecisions } from '@preceptor/hono-middleware/channels'
 * import { Hono } from 'hono'
 *
 * export const createApp = (governor: HostPlane): Hono => new Hono().route('/decide', emailDecisions(governor))
 * ```
 */
export function emailDecisions(governor: HostPlane, options: EmailDecisionOptions = {}): Hono {
  const app = new Hono()
  const answered = (answer: (c: Context, token: string) => Promise<Response>) => async (c: Context) => {
    try {
      return await answer(c, c.req.param('token') ?? '')
    } catch (error) {
      return failed(error, options)
    }
  }
  app.get(
    '/:token',
    answered(async (_, token) => {
      const opened = await open(governor, options, token)
      return opened.outcome === 'open' ? answer(200, decisionPage(opened)) : refused(opened)
    }),
  )
  app.post(
    '/:token',
    answered(async (c, token) => {
      const opened = await open(governor, options, token)
      if (opened.outcome === 'refused') return refused(opened)
      const decision = await readForm(c)
      if (decision === undefined) return answer(422, decisionPage(opened, INCOMPLETE))
      return resultOf(await governor.channels.decideByLink(token, decision))
    }),
  )
  return app
}

const INCOMPLETE = 'Nothing was decided: a rejection needs to say what is wrong, and why in at most 1,000 characters.'

/** What a link opens, as far as this host lets people decide by mail. */
async function open(
  { channels }: HostPlane,
  { decideUpTo = 'safe' }: EmailDecisionOptions,
  token: string,
): Promise<OpenedApprovalLink> {
  const opened = await channels.readLink(token)
  if (opened.outcome === 'refused' || maySettle(decideUpTo, opened.card.proposal.risk)) return opened
  const message = `What is of ${opened.card.proposal.risk} risk is decided in the dashboard.`
  return { outcome: 'refused', refusal: 'risk_too_high', message }
}

async function readForm(c: Context): Promise<LinkDecision | undefined> {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return undefined
  const fields = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(await readBytes(c))))
  const { success, data } = form.safeParse(fields)
  if (!success) return undefined
  if (data.decision === 'reject') return data
  const { reason: why, ...approval } = data
  return { ...approval, ...(why === undefined || why === '' ? {} : { reason: why }) }
}

function resultOf(result: LinkDecisionResult): Response {
  if (result.outcome === 'refused') return refused(result)
  const { proposal, user } = result
  const { state, version, requiredApprovals } = proposal
  const given = proposal.reviews.filter((review) => review.version === version && review.verdict !== 'reject').length
  const said =
    state === 'rejected'
      ? 'It was rejected and will not run.'
      : state === 'pending'
        ? `Your approval counts; ${given} of ${requiredApprovals} are there.`
        : 'It was approved.'
  return answer(
    200,
    noticePage('Your decision is recorded', `${said} It stands in the journal as that of ${user}, by e-mail.`),
  )
}

function refused({ refusal, message }: Extract<OpenedApprovalLink, { outcome: 'refused' }>): Response {
  return answer(STATUSES[refusal], noticePage('Nothing was decided', message))
}

function failed(error: unknown, { onFault }: EmailDecisionOptions): Response {
  const isGoverned = GovernanceError.isInstance(error)
  if (isGoverned && error.status < 500) return answer(error.status, noticePage('Nothing was decided', error.message))
  onFault?.({ error })
  const status = isGoverned ? error.status : 500
  return answer(
    status,
    noticePage('Nothing was decided', 'This could not be done now. Your link is as it was: try again.'),
  )
}

function answer(status: number, html: string): Response {
  return new Response(html, { status, headers: PAGE_HEADERS })
}
