import { GovernanceError, type HostPlane } from '@preceptor/client'
import { type Context, Hono } from 'hono'
import { problemResponse, toProblem } from '../../problem.ts'
import { readBytes } from '../../read-body.ts'
import { traceIdOf } from '../../requests/trace-id.ts'
import { type Click, readInteraction, type Submission } from './interaction.ts'
import { isCategory, noticeView, REJECTION_FORM } from './rejection-view.ts'
import { BUTTONS } from './request-blocks.ts'
import { isFromSlack } from './request-signature.ts'
import { type InteractionPorts, settleClick, settleRejection } from './settle-interaction.ts'
import { createSlackApi } from './slack-api.ts'
import { parseSlackOptions, type SlackOptions } from './slack-options.ts'

/** Options of what answers Slack: those of its channel, and who is told of faults. */
export interface SlackInteractionOptions extends SlackOptions {
  /** Told of what failed inside; Slack and its users are only told that something did. */
  readonly onFault?: (fault: { readonly error: unknown }) => void
}

// Slack gives an answer three seconds.
const WITHIN_MS = 2_500
const FAILED = 'This could not be done now. Nothing else was changed; look at the request and try again.'
const LATE = Symbol('late')

/**
 * What answers the clicks of Slack: mount it where the app of Slack has its Request URL. It takes what Slack has signed in
 * the last five minutes and nothing else, and decides as the member that the account stands for, as everybody decides.
 *
 * @throws GovernanceError `OPTION_INVALID`
 * @example
 * ```ts
 * import type { HostPlane } from '@preceptor/client'
 * import { type SlackOptions, slackInteractions } from '@preceptor/hono-middleware/channels'
 * import { Hono } from 'hono'
 *
 * export const createApp = (governor: HostPlane, slack: SlackOptions): Hono =>
 *   new Hono().route('/slack/interactions', slackInteractions(governor, slack))
 * ```
 */
export function slackInteractions(governor: HostPlane, { onFault, ...options }: SlackInteractionOptions): Hono {
  const settings = parseSlackOptions(options)
  const ports: InteractionPorts = { governor, settings, api: createSlackApi(settings) }
  const app = new Hono()
  app.post('/', async (c) => {
    const body = await readSigned(c, ports).catch((error: unknown) => GovernanceError.isInstance(error) && error)
    if (body === false) return refuse(c, new GovernanceError('CREDENTIAL_INVALID'))
    if (body instanceof Error) return refuse(c, body)
    const interaction = readInteraction(body)
    if (interaction === undefined) return taken()
    const fault = (error: unknown): void => onFault?.({ error })
    return interaction.type === 'click'
      ? answerClick(ports, interaction, fault)
      : answerSubmission(ports, interaction, fault)
  })
  return app
}

async function readSigned(c: Context, { settings }: InteractionPorts): Promise<string | false> {
  const body = await readBytes(c)
  const timestamp = c.req.header('x-slack-request-timestamp')
  const signature = c.req.header('x-slack-signature')
  if (!isFromSlack({ timestamp, signature, body }, settings.signingSecret, settings.now())) return false
  return new TextDecoder().decode(body)
}

function refuse(c: Context, error: GovernanceError): Response {
  return problemResponse(toProblem(error, traceIdOf(c)))
}

const taken = (): Response => new Response(null, { status: 200 })

type Fault = (error: unknown) => void

async function answerClick(ports: InteractionPorts, click: Click, fault: Fault): Promise<Response> {
  if (click.action !== BUTTONS.approve && click.action !== BUTTONS.reject) return taken()
  const work = settleClick(ports, click)
    .catch((error: unknown) => {
      fault(error)
      return FAILED
    })
    .then((said) => (said === undefined ? undefined : whisper(ports, click, said)))
    .catch(fault)
  await within(work)
  return taken()
}

/** Says something that only who clicked sees. */
async function whisper({ api }: InteractionPorts, { place, account }: Click, text: string): Promise<void> {
  if (place === undefined) return
  const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] }]
  await api.call('chat.postEphemeral', { channel: place, user: account, text: 'About your click', blocks })
}

async function answerSubmission(ports: InteractionPorts, sent: Submission, fault: Fault): Promise<Response> {
  const { account, team, form, metadata, category, reason } = sent
  if (form !== REJECTION_FORM) return taken()
  if (!isCategory(category)) return say({ response_action: 'errors', errors: { category: 'Choose what is wrong.' } })
  if (reason.trim() === '') return say({ response_action: 'errors', errors: { reason: 'Say why.' } })
  const work = settleRejection(ports, { account, team, ...readMetadata(metadata), why: { category, reason } }).catch(
    (error: unknown) => {
      fault(error)
      return FAILED
    },
  )
  const said = await within(work)
  if (said === LATE) return say(notice('This takes longer than Slack waits. The message will show what came of it.'))
  return say(said === undefined ? { response_action: 'clear' } : notice(said))
}

function notice(text: string): object {
  return { response_action: 'update', view: noticeView(text) }
}

function say(body: object): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
}

function readMetadata(text: string): { readonly value: string | undefined; readonly place: string | undefined } {
  const nothing = { value: undefined, place: undefined }
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read !== 'object' || read === null) return nothing
    const [value, place]: unknown[] = [Reflect.get(read, 'value'), Reflect.get(read, 'place')]
    return {
      value: typeof value === 'string' ? value : undefined,
      place: typeof place === 'string' ? place : undefined,
    }
  } catch {
    return nothing
  }
}

/** What work comes to, unless it takes too long; it goes on then. */
async function within<Result>(work: Promise<Result>): Promise<Result | typeof LATE> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), WITHIN_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
