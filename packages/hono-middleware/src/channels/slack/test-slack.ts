import { visibleText } from '@preceptor/client'
import type { ChannelTest, ChannelTestOptions } from '../channel.ts'
import type { SlackPorts } from './show-request.ts'
import { SlackRefused } from './slack-api.ts'

const TEXT = 'This is a test of Preceptor: nothing needs to be done.'

/** Asks Slack who the token is, and when told to posts one message; never throws. */
export async function testSlack(
  { settings, api }: SlackPorts,
  { send = false }: ChannelTestOptions = {},
): Promise<ChannelTest> {
  try {
    const { team, team_id: teamId, user } = await api.call('auth.test', {})
    if (settings.team !== undefined && typeof teamId === 'string' && teamId !== settings.team) {
      return { outcome: 'failed', message: `The token is of team ${teamId}, and clicks of it would be refused.` }
    }
    const who = visibleText(`the token is that of ${String(user)} in ${String(team)}`)
    if (!send) return { outcome: 'ok', message: who }
    const text = { type: 'plain_text', text: TEXT }
    await api.call('chat.postMessage', { channel: settings.channel, text: TEXT, blocks: [{ type: 'section', text }] })
    return { outcome: 'ok', message: `a test was posted to ${settings.channel}; ${who}` }
  } catch (error) {
    if (error instanceof SlackRefused) return { outcome: 'failed', message: visibleText(error.message) }
    const word = error instanceof Error && 'retryAfterMs' in error ? error.message : 'Slack is not reached.'
    return { outcome: 'failed', message: word }
  }
}
