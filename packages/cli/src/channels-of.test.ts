import { createTestGovernor } from '@preceptor/core/testing'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { channelsOf, mountChannels, openChannels } from './channels-of.ts'

const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: '0123456789abcdef', SLACK_CHANNEL: 'C0123456789' }
const mail = {
  SMTP_URL: 'smtps://user:pass%20word@mail.example.com',
  SMTP_FROM: 'gate@example.com',
  PRECEPTOR_PUBLIC_URL: 'https://gate.example/dashboard',
}

describe('the channels of the environment', () => {
  it('are taken whole or not at all [CHAN-22]', () => {
    expect(channelsOf({})).toEqual({ slack: undefined, email: undefined })
    const given = channelsOf({
      ...slack,
      ...mail,
      SLACK_USERS: 'U01=ana, U02=ben',
      PRECEPTOR_EMAIL_RECIPIENTS: 'ana=a@x.org',
    })
    expect(given.slack).toMatchObject({
      channel: 'C0123456789',
      users: { U01: 'ana', U02: 'ben' },
      decideUpTo: 'medium',
    })
    expect(given.email).toEqual({
      smtp: { host: 'mail.example.com', tls: 'implicit', user: 'user', password: 'pass word' },
      from: 'gate@example.com',
      recipients: { ana: 'a@x.org' },
      decisionsUrl: 'https://gate.example/decide',
      decideUpTo: 'safe',
    })
    const local = channelsOf({
      ...mail,
      SMTP_URL: 'smtp://localhost:2525?tls=off',
      PRECEPTOR_EMAIL_DECIDE_UP_TO: 'none',
    })
    expect(local.email).toMatchObject({ smtp: { host: 'localhost', port: 2525, tls: 'off' }, decideUpTo: 'none' })
  })

  it.each([
    ['a channel without its secret', { ...slack, SLACK_SIGNING_SECRET: '' }],
    ['mail from nobody', { ...mail, SMTP_FROM: undefined }],
    ['mail without a place to decide at', { ...mail, PRECEPTOR_PUBLIC_URL: '' }],
    ['an address that is none', { ...mail, SMTP_URL: 'http://secret@mail.example.com' }],
    ['a pair that is none', { ...slack, SLACK_USERS: 'U01' }],
    ['a risk above medium', { ...slack, PRECEPTOR_SLACK_DECIDE_UP_TO: 'high' }],
  ])('are refused with %s, and no secret is repeated [CHAN-22]', (_, env) => {
    expect(() => channelsOf(env)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
    expect(() => channelsOf(env)).not.toThrow(/secret@|xoxb|0123456789abcdef/)
  })

  it('are opened and served where they are named [CHAN-22]', async () => {
    const plan = channelsOf({ ...slack, ...mail })
    expect((await openChannels(plan)).map(({ name }) => name)).toEqual(['slack', 'email'])
    expect(await openChannels(channelsOf({}))).toEqual([])
    const test = await createTestGovernor()
    const app = new Hono()
    await mountChannels(app, test.governor, { ...plan, onFault: () => undefined })
    expect((await app.request('/slack/interactions', { method: 'POST', body: '' })).status).toBe(401)
    expect((await app.request('/decide/pal_default.x')).status).toBe(404)
    await test.close()
  })
})
