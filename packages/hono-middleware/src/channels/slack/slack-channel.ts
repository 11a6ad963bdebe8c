import type { ChannelDesk, JsonObject } from '@preceptor/client'
import { visibleText } from '@preceptor/client'
import type { Channel, ChannelNotification } from '../channel.ts'
import { type SlackPorts, showRequest } from './show-request.ts'
import { createSlackApi } from './slack-api.ts'
import { parseSlackOptions, type SlackOptions } from './slack-options.ts'
import { testSlack } from './test-slack.ts'

/** Each of them can change what a message says of a request. */
const EVENTS: readonly string[] = [
  'proposal.created',
  'proposal.edited',
  'proposal.returned',
  'proposal.extended',
  'proposal.reviewed',
  'proposal.approved',
  'proposal.rejected',
  'proposal.responded',
  'proposal.expired',
  'proposal.cancelled',
  'proposal.succeeded',
  'proposal.failed',
  'proposal.outcome_unknown',
  'proposal.escalated',
  'alert.raised',
  'alert.cleared',
]

/**
 * A channel that asks for approval in Slack, and keeps each message at what its request is by now. Requests of low and
 * medium risk have buttons, which `slackInteractions` answers; the others lead to the dashboard.
 *
 * @throws GovernanceError `OPTION_INVALID`
 * @example
 * ```ts
 * import { createGovernor } from '@preceptor/core'
 * import { slackChannel } from '@preceptor/hono-middleware/channels'
 *
 * const slack = slackChannel({
 *   token: 'xoxb-1',
 *   signingSecret: '0123456789abcdef0123456789abcdef',
 *   channel: 'C0123456789',
 *   users: { U0123456789: 'ana' },
 * })
 * const governor = await createGovernor({ memory: true, channels: [slack], publicUrl: 'https://gate.example/dashboard' })
 * await governor.close()
 * ```
 */
export function slackChannel(options: SlackOptions): Channel {
  const settings = parseSlackOptions(options)
  const ports: SlackPorts = { settings, api: createSlackApi(settings) }
  return {
    name: settings.name,
    events: EVENTS,
    async send(notification, { desk, signal }) {
      if (desk.workspace !== settings.workspace) return
      if (notification.type.startsWith('alert.')) return tellAlert(ports, desk, notification)
      const at = await showRequest(ports, desk, { proposal: notification.subject, signal })
      if (notification.type !== 'proposal.escalated' || at === undefined) return
      await tellEscalation(ports, desk, { notification, thread: at.reference })
    },
    test: (asked) => testSlack(ports, asked),
  }
}

interface Telling {
  readonly notification: ChannelNotification
  readonly thread: string
}

async function tellEscalation(ports: SlackPorts, desk: ChannelDesk, { notification, thread }: Telling): Promise<void> {
  const names = Array.isArray(notification.data.recipients) ? notification.data.recipients : []
  const people = Object.entries(ports.settings.users)
    .filter(([, user]) => names.includes(`user:${user}`))
    .map(([account]) => ({ type: 'user', user_id: account }))
  const words = { type: 'text', text: people.length === 0 ? 'This was escalated.' : ' This was escalated to you.' }
  await sayOnce(ports, desk, { notification, thread, text: 'Escalated', elements: [...people, words] })
}

async function tellAlert(ports: SlackPorts, desk: ChannelDesk, notification: ChannelNotification): Promise<void> {
  const { data, type } = notification
  const what = type === 'alert.raised' ? 'Alert' : 'No longer so'
  const said = [textOf(data, 'code'), textOf(data, 'about'), textOf(data, 'message')].filter((text) => text !== '')
  const elements = [{ type: 'text', text: visibleText(`${what}: ${said.join(' · ')}`) }]
  await sayOnce(ports, desk, { notification, text: what, elements })
}

function textOf(data: JsonObject, name: string): string {
  const value = data[name]
  return typeof value === 'string' ? value : ''
}

async function sayOnce(
  { settings, api }: SlackPorts,
  desk: ChannelDesk,
  said: {
    readonly notification: ChannelNotification
    readonly thread?: string
    readonly text: string
    readonly elements: readonly object[]
  },
): Promise<void> {
  const { id, subject } = said.notification
  const key = { channel: settings.name, subject, part: id }
  if ((await desk.findMessage(key)) !== undefined) return
  const { ts } = await api.call('chat.postMessage', {
    channel: settings.channel,
    text: said.text,
    blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: said.elements }] }],
    unfurl_links: false,
    unfurl_media: false,
    ...(said.thread === undefined ? {} : { thread_ts: said.thread }),
  })
  await desk.keepMessage(key, { place: settings.channel, reference: String(ts), shown: said.text })
}
