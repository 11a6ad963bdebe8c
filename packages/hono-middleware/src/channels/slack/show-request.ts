import type { ChannelDesk, ProposalCard } from '@preceptor/client'
import { buttonValue } from './button-value.ts'
import { requestBlocks, type SlackMessage } from './request-blocks.ts'
import { type SlackApi, SlackRefused } from './slack-api.ts'
import type { SlackSettings } from './slack-options.ts'

/** What showing requests in Slack stands on. */
export interface SlackPorts {
  readonly settings: SlackSettings
  readonly api: SlackApi
}

/** Where a message stands in Slack. */
export interface SlackPlace {
  readonly place: string
  readonly reference: string
}

/**
 * Brings the message of a request to what the request is now: sent where nobody was told yet, changed where it is there.
 * However often it is called, there is one message. Gives where it is; undefined for what was over before anybody was told.
 */
export async function showRequest(
  ports: SlackPorts,
  desk: ChannelDesk,
  { proposal: id, signal }: { readonly proposal: string; readonly signal?: AbortSignal },
): Promise<SlackPlace | undefined> {
  const { settings, api } = ports
  const card = await desk.card(id)
  const { proposal } = card
  const { version, actionHash, state } = proposal
  const target = { workspace: desk.workspace, proposal: id, version, actionHash }
  const link = desk.linkTo(id)
  const value = buttonValue(target, settings.signingSecret)
  const { message, file } = requestBlocks(card, { decideUpTo: settings.decideUpTo, link, value })
  const key = { channel: settings.name, subject: id, part: 'request' }
  const kept = await desk.findMessage(key)
  if (kept === undefined && state !== 'pending') return undefined
  const at =
    kept === undefined ? await send(api, settings, message) : await change(api, kept, { message, card, signal })
  const shown = `${state} v${version}`
  await desk.keepMessage(key, { ...at, shown })
  if (file !== null && state === 'pending') await putFile(ports, desk, { card, at, file, signal })
  return at
}

/** Not cut off with the delivery: what Slack has taken is kept, so that it is not sent twice. */
async function send(api: SlackApi, { channel }: SlackSettings, message: SlackMessage): Promise<SlackPlace> {
  const quiet = { unfurl_links: false, unfurl_media: false, mrkdwn: false, parse: 'none', link_names: false }
  const { channel: place, ts } = await api.call('chat.postMessage', { channel, ...quiet, ...message })
  if (typeof ts !== 'string') throw new SlackRefused('chat.postMessage', 'no message')
  return { place: typeof place === 'string' ? place : channel, reference: ts }
}

const GONE: readonly string[] = ['message_not_found', 'cant_update_message', 'channel_not_found', 'is_archived']

async function change(
  api: SlackApi,
  { place, reference }: SlackPlace,
  {
    message,
    card,
    signal,
  }: { readonly message: SlackMessage; readonly card: ProposalCard; readonly signal: AbortSignal | undefined },
): Promise<SlackPlace> {
  const body = { channel: place, ts: reference, parse: 'none', link_names: false, ...message }
  try {
    await api.call('chat.update', body, signal === undefined ? {} : { signal })
  } catch (error) {
    // Somebody removed it there. As long as people are asked, that is a fault.
    const isGone = error instanceof SlackRefused && GONE.includes(error.reason)
    if (!isGone || card.proposal.state === 'pending') throw error
  }
  return { place, reference }
}

async function putFile(
  { settings, api }: SlackPorts,
  desk: ChannelDesk,
  {
    card,
    at,
    file,
    signal,
  }: {
    readonly card: ProposalCard
    readonly at: SlackPlace
    readonly file: { readonly name: string; readonly text: string }
    readonly signal: AbortSignal | undefined
  },
): Promise<void> {
  const { id, version } = card.proposal
  const key = { channel: settings.name, subject: id, part: `file:${version}` }
  if ((await desk.findMessage(key)) !== undefined) return
  const upload = { ...file, place: at.place, thread: at.reference }
  await api.upload(upload, signal === undefined ? {} : { signal })
  await desk.keepMessage(key, { ...at, shown: file.name })
}
