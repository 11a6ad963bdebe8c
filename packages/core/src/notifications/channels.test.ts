import { describe, expect, it } from 'vitest'
import { createGovernor } from '../governor.ts'
import type { Notification, NotificationChannel } from './notification.ts'
import { shown, useNotified } from './notifications.test.helper.ts'

const told: Notification[] = []
let failures = 0

const desk: NotificationChannel = {
  name: 'desk',
  send: async (notification) => {
    failures -= 1
    if (failures >= 0) throw new Error('The desk is closed, and here is a secret: hunter2.')
    told.push(notification)
  },
}
const ends: NotificationChannel = {
  name: 'ends',
  events: ['proposal.cancelled'],
  send: async (notification) => void told.push(notification),
}
const notified = useNotified(() => ({ channels: [desk, ends] }))

describe('a channel', () => {
  it('is told of requests for approval, with who may decide, and of what else it asks for [NOTE-5, NOTE-10]', async () => {
    const first = await notified.ask()
    await notified.test.admin.proposals.cancel(first.id, 'No more.')
    const second = await notified.ask()
    await notified.ana.proposals.approve(second.id, shown(second))
    await notified.sendAll()
    expect(
      told
        .splice(0)
        .map(({ type, subject }) => `${type} ${subject}`)
        .sort(),
    ).toEqual(
      [`proposal.cancelled ${first.id}`, `proposal.created ${first.id}`, `proposal.created ${second.id}`].sort(),
    )
  })

  it('is told on the same terms as a webhook: once each, again where it throws, with no word of what it threw [NOTE-6, NOTE-10]', async () => {
    failures = 1
    const asked = await notified.ask()
    expect(await notified.sendAll()).toBe(1)
    expect(told).toEqual([])
    notified.clock.advance(6_000)
    expect(await notified.sendAll()).toBe(1)
    expect(told.splice(0)).toMatchObject([
      {
        id: expect.stringMatching(/^dlv_/),
        type: 'proposal.created',
        subject: asked.id,
        agent: 'bot',
        workspace: 'default',
        data: { approvers: ['user:ana', 'user:ben'] },
      },
    ])
    expect(JSON.stringify(notified.test.reports)).not.toContain('hunter2')
    expect(await notified.sendAll()).toBe(0)
  })

  it.each([
    ['the name of the built-in one', { name: 'webhook', send: desk.send }],
    ['a name that is none', { name: 'Desk 1', send: desk.send }],
    ['kinds of events that there are not', { ...desk, events: ['proposal.made'] }],
    ['nothing to send with', { name: 'desk' } as NotificationChannel],
  ])('is refused with %s [NOTE-10]', async (_, channel) => {
    await expect(createGovernor({ memory: true, channels: [channel] })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    })
  })

  it('is refused twice under one name, as are a public address and origins that are none [NOTE-10, NOTE-3]', async () => {
    for (const options of [
      { channels: [desk, desk] },
      { publicUrl: 'example.com' },
      { outbound: { allow: ['http://127.0.0.1:1/path'] } },
      { outbound: { allow: ['127.0.0.1'] } },
    ]) {
      await expect(createGovernor({ memory: true, ...options })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    }
  })
})
