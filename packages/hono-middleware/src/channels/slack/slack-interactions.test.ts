import type { Proposal } from '@preceptor/client'
import fc from 'fast-check'
import { Hono } from 'hono'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AskedPeople, createTestClock, openAsked, shown } from '../asked.test.helper.ts'
import { buttonValue, readButtonValue } from './button-value.ts'
import { REJECTION_FORM } from './rejection-view.ts'
import { BUTTONS } from './request-blocks.ts'
import { buttonsOf, type FakeSlack, ROOM, SECRET, signedBySlack, startSlack, textsOf } from './slack.test.helper.ts'
import { slackChannel } from './slack-channel.ts'
import { slackInteractions } from './slack-interactions.ts'
import type { SlackOptions } from './slack-options.ts'

const clock = createTestClock()
const ANA = 'U0ANA'
const faults: unknown[] = []
let slack: FakeSlack
let people: AskedPeople
let app: Hono

beforeAll(async () => {
  slack = await startSlack()
  const options: SlackOptions = {
    token: 'xoxb-test',
    signingSecret: SECRET,
    channel: ROOM,
    users: { [ANA]: 'ana', U0BEN: 'ben', U0VIC: 'vic', U0GONE: 'gone' },
    team: 'T0TEAM',
    apiUrl: slack.apiUrl,
    now: clock.now,
  }
  people = await openAsked(clock, [slackChannel(options)])
  const onFault = ({ error }: { readonly error: unknown }): void => void faults.push(error)
  app = new Hono().route('/slack', slackInteractions(people.test.governor, { ...options, onFault }))
})
afterEach(() => expect(faults.splice(0)).toEqual([]))
afterAll(async () => {
  await people.test.close()
  await slack.close()
})

async function asked(...about: Parameters<AskedPeople['ask']>): Promise<Proposal> {
  const proposal = await people.ask(...about)
  await people.sendAll()
  return proposal
}

const blocksAbout = ({ id }: Proposal) =>
  slack.messages.find(({ blocks, thread }) => thread === undefined && textsOf(blocks).includes(id))?.blocks ?? []

const valueFor = (proposal: Proposal): string =>
  buttonValue({ workspace: 'default', proposal: proposal.id, ...shown(proposal) }, SECRET)

interface Clicked {
  readonly account?: string
  readonly action?: string
  readonly team?: string
  readonly place?: string
}

const click = (
  value: string,
  { account = ANA, action = BUTTONS.approve, team = 'T0TEAM', place = ROOM }: Clicked = {},
) => ({
  type: 'block_actions',
  user: { id: account },
  team: { id: team },
  trigger_id: '1.2.3',
  channel: { id: place },
  message: { ts: '1.1' },
  actions: [{ type: 'button', action_id: action, value }],
})

const form = (value: string, { account = ANA, category = 'wrong_time', reason = 'Not today.' } = {}) => ({
  type: 'view_submission',
  user: { id: account },
  team: { id: 'T0TEAM' },
  view: {
    callback_id: REJECTION_FORM,
    private_metadata: JSON.stringify({ value, place: ROOM }),
    state: {
      values: {
        category: { category: { type: 'static_select', selected_option: category && { value: category } } },
        reason: { reason: { type: 'plain_text_input', value: reason } },
      },
    },
  },
})

const send = (payload: unknown, at: number = clock.now(), secret: string = SECRET): Promise<Response> =>
  Promise.resolve(app.request('/slack', signedBySlack(payload, { at, secret })))

/** What only who clicked was told since. */
function whispered(since: number): readonly string[] {
  const calls = slack.calls.slice(since).filter(({ method }) => method === 'chat.postEphemeral')
  return calls.map(({ body }) => `${String(body.user)}: ${textsOf(body.blocks as [])}`)
}

async function clickAndHear(value: string, clicked: Clicked = {}): Promise<readonly string[]> {
  const since = slack.calls.length
  expect((await send(click(value, clicked))).status).toBe(200)
  return whispered(since)
}

describe('a click on Approve', () => {
  it('decides as the member, by the use case of everybody, and the message says so at once [CHAN-10]', async () => {
    const proposal = await asked()
    const value = String(buttonsOf(blocksAbout(proposal)).get(BUTTONS.approve)?.value)
    expect(await clickAndHear(value)).toEqual([])
    expect(await people.now(proposal)).toMatchObject({ state: 'approved', decidedBy: ['user:ana'] })
    expect(textsOf(blocksAbout(proposal))).toContain('Approved by user:ana')
    expect([...buttonsOf(blocksAbout(proposal)).keys()]).toEqual([BUTTONS.review])
    const { items } = await people.test.admin.journal.list({ subject: proposal.id, kind: 'proposal.reviewed' })
    expect(items.map(({ body }) => body)).toMatchObject([{ actor: 'user:ana', via: 'slack' }])
  })

  it('decides once however often it comes, and tells later ones who decided what and when [CHAN-10]', async () => {
    const proposal = await asked()
    await Promise.all(Array.from({ length: 5 }, () => send(click(valueFor(proposal)))))
    expect((await people.now(proposal)).reviews).toHaveLength(1)
    const [said] = await clickAndHear(valueFor(proposal), { account: 'U0BEN' })
    expect(said).toMatch(/^U0BEN: .*over already\. Approved by user:ana at 20/)
  })

  it('lets one of two win that approve and reject at once [CHAN-10]', async () => {
    const proposal = await asked()
    await Promise.all([send(click(valueFor(proposal))), send(form(valueFor(proposal), { account: 'U0BEN' }))])
    const { state, decidedBy, reviews } = await people.now(proposal)
    expect(reviews).toHaveLength(1)
    expect([`approved user:ana`, `rejected user:ben`]).toContain(`${state} ${decidedBy.join()}`)
  })

  it('counts as one of as many as are needed [CHAN-10]', async () => {
    const { version } = await people.test.admin.policies.current()
    const two = { actions: { 'note.write': { requiredApprovals: 2 } } }
    await people.test.admin.policies.put(two, { basedOn: version, reason: 'two' })
    const proposal = await asked()
    await clickAndHear(valueFor(proposal))
    expect(await clickAndHear(valueFor(proposal))).toEqual([
      expect.stringContaining('has approved this version already'),
    ])
    expect(await people.now(proposal)).toMatchObject({ state: 'pending' })
    expect(textsOf(blocksAbout(proposal))).toContain('1 of 2: user:ana')
    await clickAndHear(valueFor(proposal), { account: 'U0BEN' })
    expect(await people.now(proposal)).toMatchObject({ state: 'approved', decidedBy: ['user:ana', 'user:ben'] })
    await people.test.admin.policies.put({}, { basedOn: version + 1, reason: 'one' })
  })

  it.each([
    ['an account that nobody named', { account: 'U0EVE' }, 'not that of a member'],
    ['an account of a name that is none', { account: 'constructor' }, 'not that of a member'],
    ['another team', { team: 'T0EVIL' }, 'not that of a member'],
    ['who is no member (any more)', { account: 'U0GONE' }, 'not that of a member'],
    ['who may only look', { account: 'U0VIC' }, 'may not perform proposals.approve'],
    ['another channel than that of the message', { place: 'C0OTHER' }, 'not as it was made'],
  ])('decides nothing for %s, and only they are told [CHAN-11]', async (_, clicked, said) => {
    const proposal = await asked()
    expect(await clickAndHear(valueFor(proposal), clicked)).toEqual([expect.stringContaining(said)])
    expect(await people.now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
  })

  it('decides nothing for the owner of the agent [CHAN-11]', async () => {
    const proposal = await asked('note.write', {}, { agent: 'annas-bot' })
    expect(await clickAndHear(valueFor(proposal))).toEqual([expect.stringContaining('owns the agent')])
    expect(await people.now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
  })

  it('decides nothing above medium risk, also by a button that is signed [CHAN-11]', async () => {
    for (const action of ['refund.create', 'ledger.close']) {
      const proposal = await asked(action)
      expect(await clickAndHear(valueFor(proposal))).toEqual([expect.stringContaining('decided in the dashboard')])
      expect(await send(form(valueFor(proposal))).then((answer) => answer.json())).toMatchObject({
        response_action: 'update',
      })
      expect(await people.now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
    }
  })

  it('decides nothing on a version that is not the present one, and shows that one [CHAN-11]', async () => {
    const proposal = await asked()
    const until = new Date(clock.now() + 48 * 3_600_000).toISOString()
    const next = await people.test
      .user('ben', 'supervisor')
      .proposals.extend(proposal.id, { ...shown(proposal), until })
    expect(await clickAndHear(valueFor(proposal))).toEqual([expect.stringContaining('version 2 now')])
    expect(await people.now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
    expect(textsOf(blocksAbout(proposal))).toContain(next.actionHash)
  })

  it('decides nothing once it has expired, also before that is on record [CHAN-11]', async () => {
    const proposal = await asked()
    clock.advance(25 * 3_600_000)
    expect(await clickAndHear(valueFor(proposal))).toEqual([expect.stringContaining('expired')])
    expect((await people.now(proposal)).reviews).toEqual([])
  })
})

describe('a rejection', () => {
  it('asks why in a form, and is taken with a category and a reason [CHAN-12]', async () => {
    const proposal = await asked()
    const since = slack.calls.length
    await send(click(valueFor(proposal), { action: BUTTONS.reject }))
    const [opened] = slack.calls.slice(since).filter(({ method }) => method === 'views.open')
    expect(opened?.body).toMatchObject({ trigger_id: '1.2.3', view: { type: 'modal', callback_id: REJECTION_FORM } })
    expect(await people.now(proposal)).toMatchObject({ state: 'pending' })
    const metadata: unknown = Reflect.get(Object(opened?.body.view), 'private_metadata')
    const sent = form(valueFor(proposal))
    const answer = await send({ ...sent, view: { ...sent.view, private_metadata: metadata } })
    expect(await answer.json()).toEqual({ response_action: 'clear' })
    expect(await people.now(proposal)).toMatchObject({
      state: 'rejected',
      reviews: [{ reviewer: 'user:ana', category: 'wrong_time', reason: 'Not today.' }],
    })
    expect(textsOf(blocksAbout(proposal))).toContain('Rejected by user:ana')
  })

  it('is not taken without a category or a reason, nor for who may not decide [CHAN-12]', async () => {
    const proposal = await asked()
    for (const [said, field] of [
      [{ reason: '  ' }, 'reason'],
      [{ category: 'made_up' }, 'category'],
      [{ category: '' }, 'category'],
    ] as const) {
      const answer = await send(form(valueFor(proposal), said))
      expect(await answer.json()).toMatchObject({ response_action: 'errors', errors: { [field]: expect.any(String) } })
    }
    for (const account of ['U0EVE', 'U0VIC']) {
      const answer = await send(form(valueFor(proposal), { account }))
      expect(await answer.json()).toMatchObject({ response_action: 'update' })
    }
    const opening = await clickAndHear(valueFor(proposal), { account: 'U0VIC', action: BUTTONS.reject })
    expect(opening).toEqual([expect.stringContaining('Nothing was decided')])
    expect(await people.now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
  })
})

describe('what is not from Slack', () => {
  it('is refused: forged, unsigned, altered, of another secret, or older than five minutes [CHAN-13]', async () => {
    const proposal = await asked()
    const payload = click(valueFor(proposal))
    const good = signedBySlack(payload, { at: clock.now() })
    const headers = good.headers as Readonly<Record<string, string>>
    const stamp = 'x-slack-request-timestamp'
    const forged: readonly RequestInit[] = [
      { ...good, headers: { ...headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` } },
      { ...good, headers: { 'content-type': headers['content-type'] ?? '' } },
      { ...good, headers: { ...headers, [stamp]: String(Number(headers[stamp]) + 1) } },
      { ...good, body: good.body.replace('U0ANA', 'U0BEN') },
      { ...good, body: `${good.body}&x=1` },
      signedBySlack(payload, { at: clock.now(), secret: `${SECRET}0` }),
      signedBySlack(payload, { at: clock.now() - 301_000 }),
      signedBySlack(payload, { at: clock.now() + 301_000 }),
    ]
    for (const request of forged) expect((await app.request('/slack', request)).status).toBe(401)
    expect((await app.request('/slack')).status).toBe(404)
    const large = signedBySlack({ large: 'x'.repeat(300_000) }, { at: clock.now() })
    expect((await app.request('/slack', large)).status).toBe(413)
    expect(await people.now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
  })

  it('decides nothing, whatever is put into the value of a button [CHAN-13]', async () => {
    const proposal = await asked()
    const other = await asked()
    const value = valueFor(proposal)
    const altered = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.tuple(fc.nat(value.length - 1), fc.constantFrom('0', '1', 'a', '|')).map(([at, char]) => {
        return `${value.slice(0, at)}${char}${value.slice(at + 1)}`
      }),
      fc.constantFrom(value.replace(proposal.id, other.id), value.replace('|1|', '|2|'), `${value}0`, value.slice(3)),
    )
    await fc.assert(
      fc.property(altered, (text) => {
        fc.pre(text !== value)
        expect(readButtonValue(text, SECRET)).toBeUndefined()
      }),
    )
    expect(readButtonValue(value, SECRET)).toEqual({ workspace: 'default', proposal: proposal.id, ...shown(proposal) })
    const said = await clickAndHear(value.replace(proposal.id, other.id))
    expect(said).toEqual([expect.stringContaining('not as it was made')])
    expect(await people.now(other)).toMatchObject({ state: 'pending', reviews: [] })
  })

  it('is taken and left alone where it asks for nothing that is answered here [CHAN-13]', async () => {
    for (const payload of [
      { type: 'shortcut' },
      'text',
      null,
      { type: 'block_actions' },
      click('x', { action: 'other' }),
    ]) {
      expect((await send(payload)).status).toBe(200)
    }
  })
})

describe('an answer to Slack', () => {
  it('is given within three seconds, also while Slack itself is slow; the decision stands [CHAN-14]', async () => {
    const proposal = await asked()
    let release: () => void = () => undefined
    const until = new Promise<void>((resolve) => {
      release = resolve
    })
    slack.answerNext('chat.update', { kind: 'late', until })
    const began = performance.now()
    expect((await send(click(valueFor(proposal)))).status).toBe(200)
    expect(performance.now() - began).toBeLessThan(3_000)
    release()
    expect(await people.now(proposal)).toMatchObject({ state: 'approved' })
    await expect.poll(() => textsOf(blocksAbout(proposal))).toContain('Approved by user:ana')
  })

  it('says that nothing was done where something failed inside, and no more than that [CHAN-14]', async () => {
    const proposal = await asked()
    slack.answerNext('views.open', { kind: 'error', error: 'expired_trigger_id' })
    const said = await clickAndHear(valueFor(proposal), { action: BUTTONS.reject })
    expect(said).toEqual([expect.stringContaining('could not be done now')])
    expect(faults.splice(0)).toHaveLength(1)
    expect(await people.now(proposal)).toMatchObject({ state: 'pending' })
  })
})
