import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AskedPeople, createTestClock, openAsked, shown } from '../asked.test.helper.ts'
import type { Channel } from '../channel.ts'
import { BUTTONS } from './request-blocks.ts'
import {
  buttonsOf,
  everyObject,
  type FakeSlack,
  type PostedMessage,
  ROOM,
  SECRET,
  startSlack,
  textsOf,
} from './slack.test.helper.ts'
import { slackChannel } from './slack-channel.ts'

const clock = createTestClock()
const HOUR = 3_600_000
let slack: FakeSlack
let people: AskedPeople
let channel: Channel

const NOTHING = { id: 'dlv_1', timestamp: '2026-01-01T00:00:00.000Z', sequence: 1, agent: null, data: {} }

beforeAll(async () => {
  slack = await startSlack()
  channel = slackChannel({
    token: 'xoxb-test',
    signingSecret: SECRET,
    channel: ROOM,
    users: { U0ANA: 'ana', U0BEN: 'ben' },
    apiUrl: slack.apiUrl,
    now: clock.now,
  })
  people = await openAsked(clock, [channel])
})
afterAll(async () => {
  await people.test.close()
  await slack.close()
})

const about = (id: string): readonly PostedMessage[] =>
  slack.messages.filter(({ blocks, thread }) => thread === undefined && textsOf(blocks).includes(id))

function messageAbout(id: string): PostedMessage {
  const [message, ...others] = about(id)
  if (message === undefined || others.length > 0) throw new Error(`${others.length} too many, or none`)
  return message
}

describe('a request for approval in Slack', () => {
  it('shows agent, action, risk in a word, why, args, version, hash and expiry, and is sent once [CHAN-5]', async () => {
    const proposal = await people.ask('note.write', { text: 'hello' }, { context: { because: 'it was asked for' } })
    await people.sendAll()
    const { blocks, channel, text } = messageAbout(proposal.id)
    expect(channel).toBe(ROOM)
    expect(text).toBe('Approval asked for: 🟡 medium risk')
    for (const part of [
      'note.write',
      'bot (intern)',
      '🟡 medium risk',
      JSON.stringify(proposal.args, null, 2),
      'it was asked for',
      proposal.actionHash,
      proposal.expiresAt,
      '0 of 1',
    ]) {
      expect(textsOf(blocks)).toContain(part)
    }
    expect([...buttonsOf(blocks).keys()]).toEqual([BUTTONS.approve, BUTTONS.reject, BUTTONS.review])
    expect(buttonsOf(blocks).get(BUTTONS.review)?.url).toBe(`https://gate.example/dashboard/inbox/${proposal.id}`)
  })

  it.each([
    ['refund.create', '🟠 high risk'],
    ['ledger.close', '🔴 critical risk'],
  ])('has no buttons to decide %s with [CHAN-5]', async (action, risk) => {
    const proposal = await people.ask(action)
    await people.sendAll()
    const { blocks } = messageAbout(proposal.id)
    expect(textsOf(blocks)).toContain(risk)
    expect([...buttonsOf(blocks).keys()]).toEqual([BUTTONS.review])
  })

  it('shows 20 kB whole, in a file in its thread, and is not decided by buttons then [CHAN-6]', async () => {
    const text = Array.from({ length: 2_000 }, (_, line) => `line ${line}`).join('\n')
    expect(text.length).toBeGreaterThan(17_000)
    const proposal = await people.ask('note.write', { text, end: 'the very end' })
    await people.sendAll()
    const { blocks, ts } = messageAbout(proposal.id)
    expect([...buttonsOf(blocks).keys()]).toEqual([BUTTONS.review])
    expect(textsOf(blocks)).toContain('the file in the thread')
    const files = slack.files.filter(({ name }) => name.startsWith(proposal.id))
    expect(files).toHaveLength(1)
    expect(files[0]?.thread).toBe(ts)
    for (const line of JSON.stringify(proposal.args, null, 2).split('\n')) expect(files[0]?.text).toContain(line)
  })

  it('makes what agents wrote inert: no mentions, links or marks, and nothing hidden [CHAN-7]', async () => {
    const hostile = '<!channel> <@U0ANA> <https://evil.example|Approve> *bold* `x` :smile: @here \u202etxt\u200b'
    const proposal = await people.ask('note.write', { hostile }, { context: { say: '<!everyone>' } })
    await people.sendAll()
    const { blocks, text } = messageAbout(proposal.id)
    expect(text).not.toContain('!channel')
    const holding = everyObject(blocks).filter((one) => JSON.stringify(one.text ?? null).includes('!channel'))
    expect(new Set(holding.map(({ type }) => type))).toEqual(new Set(['text']))
    // In rich text only elements of these types are more than letters, and none of them is of an agent.
    expect(
      everyObject(blocks).filter(({ type }) => ['user', 'link', 'broadcast', 'emoji', 'mrkdwn'].includes(String(type))),
    ).toEqual([])
    expect(textsOf(blocks)).toContain('\\u202etxt\\u200b')
    expect(textsOf(blocks)).not.toMatch(/[\u202e\u200b]/)
    const [posted] = slack.calls.filter(({ body }) => JSON.stringify(body).includes(proposal.id))
    expect(posted?.body).toMatchObject({ parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false })
  })

  it('is changed when it is decided elsewhere, and its buttons go [CHAN-8]', async () => {
    const [approved, rejected, withdrawn] = [await people.ask(), await people.ask(), await people.ask()]
    await people.sendAll()
    const ben = people.test.user('ben', 'supervisor')
    await ben.proposals.approve(approved.id, shown(approved))
    await ben.proposals.reject(rejected.id, { ...shown(rejected), category: 'wrong_time', reason: 'Not *now*.' })
    await people.test.admin.proposals.cancel(withdrawn.id, 'No more.')
    await people.sendAll()
    for (const [proposal, said] of [
      [approved, 'Approved by user:ben'],
      [rejected, 'Rejected by user:ben'],
      [withdrawn, 'Withdrawn'],
    ] as const) {
      const { blocks } = messageAbout(proposal.id)
      expect(textsOf(blocks)).toContain(said)
      expect([...buttonsOf(blocks).keys()]).toEqual([BUTTONS.review])
    }
    expect(textsOf(messageAbout(rejected.id).blocks)).toContain('wrong_time: Not *now*.')
  })

  it('is changed when it is edited, extended or escalated, and when it expires [CHAN-8]', async () => {
    const proposal = await people.ask()
    await people.sendAll()
    const before = buttonsOf(messageAbout(proposal.id).blocks).get(BUTTONS.approve)?.value
    const until = new Date(clock.now() + 48 * HOUR).toISOString()
    const next = await people.test
      .user('ben', 'supervisor')
      .proposals.extend(proposal.id, { ...shown(proposal), until })
    await people.sendAll()
    const { blocks } = messageAbout(proposal.id)
    expect(textsOf(blocks)).toContain(next.actionHash)
    expect(textsOf(blocks)).not.toContain(proposal.actionHash)
    expect(buttonsOf(blocks).get(BUTTONS.approve)?.value).not.toBe(before)
    clock.advance(49 * HOUR)
    await people.test.governor.jobs.run('expire-proposals', { workspace: 'default' })
    await people.sendAll()
    expect(textsOf(messageAbout(proposal.id).blocks)).toContain('Expired without a decision')
    expect([...buttonsOf(messageAbout(proposal.id).blocks).keys()]).toEqual([BUTTONS.review])
  })

  it('shows what reviewers made of it, and asks again about that [CHAN-8]', async () => {
    const { version } = await people.test.admin.policies.current()
    const two = { actions: { 'note.write': { requiredApprovals: 2 } } }
    await people.test.admin.policies.put(two, { basedOn: version, reason: 'two' })
    const proposal = await people.ask('note.write', { text: 'before' })
    await people.sendAll()
    const args = { ...proposal.args, text: 'after' }
    const next = await people.test
      .user('ben', 'supervisor')
      .proposals.approve(proposal.id, { ...shown(proposal), args })
    expect(next).toMatchObject({ state: 'pending', version: 2 })
    await people.sendAll()
    const { blocks } = messageAbout(proposal.id)
    for (const part of ['"after"', 'Changed by reviewers', '1 of 2: user:ben', next.actionHash]) {
      expect(textsOf(blocks)).toContain(part)
    }
    expect(String(buttonsOf(blocks).get(BUTTONS.approve)?.value)).toContain(next.actionHash)
    await people.test.admin.policies.put({}, { basedOn: version + 1, reason: 'one' })
  })

  it('is one message also where a delivery comes again, and mentions whom an escalation names, once [CHAN-9]', async () => {
    const proposal = await people.ask()
    const desk = people.test.governor.channels.desk('default')
    const told = { ...NOTHING, subject: proposal.id, type: 'proposal.created', workspace: 'default' }
    const escalated = { ...told, id: 'dlv_2', type: 'proposal.escalated', data: { recipients: ['user:ben'] } }
    const where = { desk, signal: new AbortController().signal }
    for (const notification of [told, told, escalated, escalated]) await channel.send(notification, where)
    await people.sendAll()
    const { ts } = messageAbout(proposal.id)
    const replies = slack.messages.filter(({ thread }) => thread === ts)
    expect(replies).toHaveLength(1)
    expect(everyObject(replies[0]?.blocks).filter(({ type }) => type === 'user')).toEqual([
      { type: 'user', user_id: 'U0BEN' },
    ])
  })

  it('is not offered for what is of an alert, which is told as it is, once [CHAN-5]', async () => {
    const desk = people.test.governor.channels.desk('default')
    const data = { code: 'NO_APPROVER', about: 'prp_1', message: 'Too few may decide <!channel>.' }
    const told = { ...NOTHING, id: 'dlv_3', subject: 'alr_1', type: 'alert.raised', workspace: 'default', data }
    const where = { desk, signal: new AbortController().signal }
    for (const notification of [told, told]) await channel.send(notification, where)
    const posted = slack.messages.filter(({ blocks }) => textsOf(blocks).includes('NO_APPROVER'))
    expect(posted.map(({ blocks, text }) => [textsOf(blocks), text])).toEqual([
      ['Alert: NO_APPROVER · prp_1 · Too few may decide <!channel>.', 'Alert'],
    ])
  })

  it('waits as long as Slack asks, and is then there once [CHAN-9]', async () => {
    slack.answerNext('chat.postMessage', { kind: 'busy', seconds: 120 })
    const proposal = await people.ask()
    await people.sendAll()
    expect(about(proposal.id)).toHaveLength(0)
    const sent = slack.calls.length
    clock.advance(60_000)
    await people.sendAll()
    expect(slack.calls.length).toBe(sent)
    clock.advance(61_000)
    await people.sendAll()
    expect(about(proposal.id)).toHaveLength(1)
  })

  it('is not sent again where only what came after it failed [CHAN-9]', async () => {
    slack.answerNext('files.completeUploadExternal', { kind: 'error', error: 'internal_error' })
    const proposal = await people.ask('note.write', { text: 'x'.repeat(5_000) })
    await people.sendAll()
    expect(slack.files.filter(({ name }) => name.startsWith(proposal.id))).toHaveLength(0)
    clock.advance(10_000)
    await people.sendAll()
    expect(about(proposal.id)).toHaveLength(1)
    expect(slack.files.filter(({ name }) => name.startsWith(proposal.id))).toHaveLength(1)
  })

  it('tells nothing of other workspaces, nor what was over before anybody was told [CHAN-5]', async () => {
    const before = slack.calls.length
    const desk = people.test.governor.channels.desk('other')
    const notification = { ...NOTHING, subject: 'prp_1', type: 'proposal.created', workspace: 'other' }
    await channel.send(notification, { desk, signal: new AbortController().signal })
    expect(slack.calls.length).toBe(before)
    const proposal = await people.ask()
    await people.test.admin.proposals.cancel(proposal.id, 'No more.')
    await people.sendAll()
    expect(about(proposal.id)).toHaveLength(0)
  })
})

describe('options of a Slack channel', () => {
  it.each([
    ['a channel that is a name', { channel: '#general' }],
    ['accounts that are names', { users: { ana: 'ana' } }],
    ['a risk above medium', { decideUpTo: 'high' as 'medium' }],
    ['a short secret', { signingSecret: 'x' }],
  ])('are refused with %s, without a word of a secret [CHAN-5]', (_, wrong) => {
    const options = { token: 'xoxb-secret', signingSecret: SECRET, channel: ROOM, users: {}, ...wrong }
    expect(() => slackChannel(options)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
    expect(() => slackChannel(options)).not.toThrow(/xoxb-secret|8f742231/)
  })
})
