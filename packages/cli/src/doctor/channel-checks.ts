import type { Webhook } from '@preceptor/client'
import type { Channel } from '@preceptor/hono-middleware/channels'
import { emailOf, slackOf } from '../channels-of.ts'
import { type CommandCall, listOf } from '../command.ts'
import type { Reach } from '../connected.ts'
import { type Check, type Finding, ok } from './check.ts'

/** The checks of how people and others are told; a message goes out only with `--send`. */
export function channelChecks(call: Pick<CommandCall, 'flags' | 'host'>): readonly Check[] {
  const { env } = call.host
  return [
    {
      name: 'slack',
      async run() {
        const slack = slackOf(env)
        if (slack === undefined) return { state: 'skipped', message: 'SLACK_BOT_TOKEN is not set' }
        const { slackChannel } = await import('@preceptor/hono-middleware/channels')
        return tryChannel(
          call,
          slackChannel(slack),
          'See docs/channels.md: the token, its scopes, and the app in the channel.',
        )
      },
    },
    {
      name: 'email',
      async run() {
        const email = emailOf(env)
        if (email === undefined) return { state: 'skipped', message: 'SMTP_URL is not set' }
        const { emailChannel } = await import('@preceptor/hono-middleware/channels')
        return tryChannel(call, await emailChannel(email), 'Check SMTP_URL, SMTP_FROM and PRECEPTOR_EMAIL_RECIPIENTS.')
      },
    },
  ]
}

async function tryChannel(call: Pick<CommandCall, 'flags'>, channel: Channel, advice: string): Promise<Finding> {
  const to = listOf(call, 'to')
  const { outcome, message } = await channel.test({
    send: call.flags.send === true,
    ...(to === undefined ? {} : { to }),
  })
  return outcome === 'ok' ? ok(message) : { state: 'failed', message, advice }
}

/** How the webhooks of the workspace fare, as far as this credential may see them; with `--send` each gets a test. */
export async function checkWebhooks(call: Pick<CommandCall, 'flags'>, reach: Reach): Promise<Finding> {
  const { webhooks } = (await reach()).scope
  const all: Webhook[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof webhooks.list>> = await webhooks.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    })
    all.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  const active = all.filter(({ state }) => state === 'active')
  const disabled = all.filter(({ state }) => state === 'disabled')
  if (all.length === 0) return { state: 'skipped', message: 'there is no webhook' }
  const problems = disabled.map(({ id }) => `${id} is disabled: its receiver wanted nothing more`)
  for (const webhook of active) {
    const problem = call.flags.send === true ? problemOf(await webhooks.test(webhook.id)) : lastProblemOf(webhook)
    // Without the path: an address can hold a secret.
    if (problem !== null) problems.push(`${webhook.id} at ${new URL(webhook.url).origin}: ${problem}`)
  }
  if (problems.length > 0) {
    const state = problems.length > disabled.length ? 'failed' : 'warning'
    return { state, message: `${problems.join('; ')}.`, advice: 'Mend the receiver, or remove the webhook.' }
  }
  const count = `${active.length} ${active.length === 1 ? 'webhook' : 'webhooks'}`
  return ok(call.flags.send === true ? `${count} took a test` : `${count}, and the last delivery to each arrived`)
}

function problemOf({ outcome, error }: { readonly outcome: string; readonly error: string | null }): string | null {
  return outcome === 'delivered' ? null : (error ?? 'failed')
}

function lastProblemOf({ lastDelivery }: Webhook): string | null {
  if (lastDelivery === null || lastDelivery.error === null || lastDelivery.state === 'delivered') return null
  return `${lastDelivery.error}, in ${lastDelivery.attempt} attempts`
}
