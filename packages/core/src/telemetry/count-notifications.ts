import { type Notification, type NotificationChannel, WEBHOOKS } from '../notifications/notification.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import type { Meter } from './meter.ts'

/**
 * A channel whose attempts are counted when they end. An attempt happened, whatever is written of it afterwards: it is
 * counted then. One that is given up failed.
 */
export function countedChannel(meter: Meter, channel: NotificationChannel): NotificationChannel {
  return {
    ...channel,
    async send(notification, options) {
      const { signal } = options
      const count = once((result) => meter.of(notification.workspace).count('notifications', channel.name, result))
      const giveUp = (): void => count('failed')
      signal.addEventListener('abort', giveUp, { once: true })
      try {
        await channel.send(notification, options)
        count('delivered')
      } catch (error) {
        count('failed')
        throw error
      } finally {
        signal.removeEventListener('abort', giveUp)
      }
    },
  }
}

/** A way out whose posts to webhooks are counted, in the workspace that their payload names. */
export function countedOutbound(meter: Meter, outbound: OutboundClient): OutboundClient {
  return {
    ...outbound,
    async post(request) {
      const result = await outbound.post(request)
      const delivered = result.outcome === 'answered' && result.status >= 200 && result.status < 300
      meter.of(workspaceOf(request.body)).count('notifications', WEBHOOKS, delivered ? 'delivered' : 'failed')
      return result
    },
  }
}

/** The payload is made here, of one event of one workspace. */
function workspaceOf(payload: string): string {
  return (JSON.parse(payload) as Notification).workspace
}

function once(call: (result: 'delivered' | 'failed') => void): (result: 'delivered' | 'failed') => void {
  let isCalled = false
  return (result) => {
    if (!isCalled) call(result)
    isCalled = true
  }
}
