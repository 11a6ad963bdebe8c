import type { ChannelDesk } from '@preceptor/client'
import type { AccessContext } from '../access/access-context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { findNotifying, openCursor } from './delivery-store.ts'
import { dispatch } from './dispatch.ts'
import { type NotificationChannel, WEBHOOKS } from './notification.ts'
import { sendDue } from './send-due.ts'

/** Tells those who are to know. */
export interface Notifier {
  /** Lets the channels of this process follow a workspace, from its present end. */
  follow(workspace: string): Promise<void>
  /** Turns what was sealed into deliveries and sends what is due, at most so many at once; gives how many it tried. */
  run(limit: number): Promise<number>
  /** Ends what is being sent: it is sent again by whoever comes next. */
  close(): void
}

/** What a notifier stands on. */
export interface NotifierOptions {
  readonly context: AccessContext
  readonly channels: readonly NotificationChannel[]
  readonly publicUrl: string | undefined
  /** What a channel may read and keep in a workspace. */
  readonly deskOf: (workspace: string) => ChannelDesk
}

/** Makes the notifier of a process. */
export function createNotifier({ context, channels: given, publicUrl, deskOf }: NotifierOptions): Notifier {
  const channels = new Map(given.map((channel) => [channel.name, channel]))
  const names = [WEBHOOKS, ...channels.keys()]
  const ending = new AbortController()
  const dispatchPorts = { context, channels, publicUrl: publicUrl?.replace(/\/+$/, '') }
  const { outbound, randomBytes } = context
  const sendPorts = { context, outbound, channels, randomBytes, signal: ending.signal, deskOf }
  return {
    async follow(workspace) {
      if (channels.size === 0) return
      await inWorkspace(context.database, { workspace }, async (tx) => {
        for (const name of channels.keys()) await openCursor(tx, name)
      })
    },
    async run(limit) {
      const at = isoTime(context.clock.now())
      const workspaces = await inWorkspace(context.database, { workspace: '*', role: 'system' }, (tx) =>
        findNotifying(tx, { channels: names, at }),
      )
      let total = 0
      for (const workspace of workspaces) {
        for (const channel of names) await dispatch(dispatchPorts, { workspace, channel })
        total += await sendDue(sendPorts, workspace, limit)
      }
      return total
    },
    close: () => ending.abort(),
  }
}
