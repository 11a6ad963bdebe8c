import type { Proposal } from '@preceptor/client'
import fc from 'fast-check'
import { Hono } from 'hono'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type AskedPeople, createTestClock, openAsked, shown } from '../asked.test.helper.ts'
import { emailChannel } from './email-channel.ts'
import { emailDecisions } from './email-decisions.ts'
import { startSmtp, type TakenMail, type TestSmtp } from './smtp.test.helper.ts'

const clock = createTestClock()
const HOUR = 3_600_000
const DECIDE = 'https://gate.example/decide/'
const faults: unknown[] = []
let smtp: TestSmtp
let people: AskedPeople
let app: Hono

const recipients = { ana: 'ana@example.com', ben: 'ben@example.com', vic: 'vic@example.com' }
const options = () => ({
  smtp: { host: '127.0.0.1', port: smtp.port, tls: 'off' as const },
  from: 'preceptor@example.com',
  recipients,
  decisionsUrl: 'https://gate.example/decide/',
})

beforeAll(async () => {
  smtp = await startSmtp()
  people = await openAsked(clock, [
    await emailChannel({ ...options(), decideUpTo: 'medium' }),
    await emailChannel({ ...options(), name: 'careful', recipients: { ben: 'careful@example.com' } }),
  ])
  const onFault = ({ error }: { readonly error: unknown }): void => void faults.push(error)
  app = new Hono()
    .route('/decide', emailDecisions(people.test.governor, { decideUpTo: 'medium', onFault }))
    .route('/careful', emailDecisions(people.test.governor))
    .route('/off', emailDecisions(people.test.governor, { decideUpTo: 'none' }))
})
afterEach(() => expect(faults.splice(0)).toEqual([]))
afterAll(async () => {
  await people.test.close()
  await smtp.close()
})

async function asked(...about: Parameters<AskedPeople['ask']>): Promise<Proposal> {
  const proposal = await people.ask(...about)
  await people.sendAll()
  return proposal
}

const mailsAbout = ({ id }: Proposal, to: string): readonly TakenMail[] =>
  smtp.mails.filter((mail) => mail.to.includes(to) && mail.headers.get('message-id')?.includes(id) === true)

function mailAbout(proposal: Proposal, to: string = recipients.ana): TakenMail {
  const mail = mailsAbout(proposal, to).at(-1)
  if (mail === undefined) throw new Error(`There is no mail to ${to}.`)
  return mail
}

/** The token in the newest mail. */
function tokenFor(proposal: Proposal, to: string = recipients.ana): string {
  const token = /https:\/\/gate\.example\/decide\/(\S+)/.exec(mailAbout(proposal, to).text)?.[1]
  if (token === undefined) throw new Error('The mail has no link.')
  return token
}

const form = (proposal: Proposal, fields: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  version: String(proposal.version),
  actionHash: proposal.actionHash,
  decision: 'approve',
  ...fields,
})

async function post(token: string, fields: Readonly<Record<string, string>>, at = '/decide'): Promise<Response> {
  return app.request(`${at}/${token}`, { method: 'POST', body: new URLSearchParams(fields) })
}

describe('a mail that asks for approval', () => {
  it('goes to each who may decide, once, with all facts, and with headers of one thread [CHAN-15]', async () => {
    const proposal = await asked('note.write', { text: 'hello' }, { context: { because: 'it was asked for' } })
    expect(mailsAbout(proposal, recipients.ana)).toHaveLength(1)
    expect(mailsAbout(proposal, recipients.ben)).toHaveLength(1)
    expect(mailsAbout(proposal, recipients.vic)).toHaveLength(0)
    const { headers, text, html } = mailAbout(proposal)
    expect(headers.get('subject')).toBe('🟡 medium risk: bot asks for note.write')
    expect(headers.get('references')).toBe(`<${proposal.id}@example.com>`)
    expect(headers.get('in-reply-to')).toBe(`<${proposal.id}@example.com>`)
    expect(headers.get('auto-submitted')).toBe('auto-generated')
    for (const part of [
      'bot (intern)',
      '🟡 medium risk',
      '"hello"',
      'it was asked for',
      proposal.actionHash,
      '0 of 1',
    ]) {
      expect(text).toContain(part)
      expect(html.replaceAll('<wbr>', '').replaceAll('&quot;', '"')).toContain(part)
    }
    expect(text).toContain(`https://gate.example/dashboard/inbox/${proposal.id}`)
    expect(tokenFor(proposal)).not.toBe(tokenFor(proposal, recipients.ben))
  })

  it('leads to the dashboard alone above the risk that the host lets mail decide on [CHAN-15]', async () => {
    for (const action of ['refund.create', 'ledger.close']) {
      const { text, html } = mailAbout(await asked(action))
      expect(text + html).not.toContain(DECIDE)
      expect(text).toContain('after you have signed in')
    }
    const medium = await asked()
    expect(mailAbout(medium, 'careful@example.com').text).not.toContain(DECIDE)
    expect(mailAbout(medium).text).toContain(DECIDE)
  })

  it('holds 20 kB whole, in a file [CHAN-16]', async () => {
    const text = Array.from({ length: 2_000 }, (_, line) => `line ${line}`).join('\n')
    const proposal = await asked('note.write', { text, end: 'the very end' })
    const { attachments, text: body } = mailAbout(proposal)
    expect(body).toContain('attached file')
    expect(attachments.map(({ name }) => name)).toEqual([`${proposal.id}-v1.txt`])
    for (const line of JSON.stringify(proposal.args, null, 2).split('\n')) expect(attachments[0]?.text).toContain(line)
  })

  it('makes what agents wrote inert: no markup, no links, nothing hidden, no headers [CHAN-17]', async () => {
    const hostile =
      '</pre><img src=https://evil.example/x><a href="https://evil.example">Approve</a> www.evil.example \u202etxt\u200b'
    const proposal = await asked('note.write', { hostile, head: 'x\r\nBcc: eve@evil.example' })
    const { html, text, headers, to } = mailAbout(proposal)
    expect(to).toEqual([recipients.ana])
    expect(headers.has('bcc')).toBe(false)
    expect(html).not.toMatch(/<img|<script|<\/pre><a|href="https:\/\/evil/)
    expect([...html.matchAll(/<a href="([^"]+)"/g)].map(([, url]) => new URL(url ?? '').origin)).toEqual([
      'https://gate.example',
      'https://gate.example',
    ])
    expect(html).not.toContain('https://evil')
    expect(text).not.toMatch(/https:\/\/evil|www\.evil/)
    expect(text + html).not.toMatch(/[\u202e\u200b]/)
    expect(text).toContain('\\u202etxt\\u200b')
    // It is still the same JSON.
    const args = text.slice(text.indexOf('{'), text.lastIndexOf('}\n') + 1)
    expect(JSON.parse(args.replaceAll('\n  ', '\n'))).toEqual(proposal.args)
  })

  it('comes again about another version, and not about the same one [CHAN-15]', async () => {
    const proposal = await asked()
    const first = tokenFor(proposal)
    const until = new Date(clock.now() + 48 * HOUR).toISOString()
    const next = await people.test
      .user('ben', 'supervisor')
      .proposals.extend(proposal.id, { ...shown(proposal), until })
    await people.sendAll()
    expect(mailsAbout(proposal, recipients.ana)).toHaveLength(2)
    expect((await post(first, form(proposal))).status).toBe(409)
    expect((await post(tokenFor(proposal), form(next))).status).toBe(200)
    expect(await people.now(proposal)).toMatchObject({ state: 'approved', version: 2, decidedBy: ['user:ana'] })
  })

  it('is tried again for whom the server did not take it, and only for them [CHAN-15]', async () => {
    smtp.refuseNext(recipients.ben)
    const proposal = await asked()
    expect([recipients.ana, recipients.ben].map((to) => mailsAbout(proposal, to).length)).toEqual([1, 0])
    clock.advance(10_000)
    await people.sendAll()
    expect([recipients.ana, recipients.ben].map((to) => mailsAbout(proposal, to).length)).toEqual([1, 1])
  })

  it('is not handed to a server that speaks no TLS, unless the host says so [CHAN-15]', async () => {
    const channel = await emailChannel({ ...options(), smtp: { host: '127.0.0.1', port: smtp.port } })
    const proposal = await people.ask()
    const notification = {
      id: 'dlv_1',
      type: 'proposal.created',
      timestamp: proposal.createdAt,
      workspace: 'default',
      sequence: 1,
    }
    const told = { ...notification, subject: proposal.id, agent: 'bot', data: { approvers: ['user:ana'] } }
    const before = smtp.mails.length
    const where = { desk: people.test.governor.channels.desk('default'), signal: new AbortController().signal }
    await expect(channel.send(told, where)).rejects.toThrow(/STARTTLS|TLS/)
    expect(smtp.mails.length).toBe(before)
    // A server with TLS whose certificate nobody vouches for.
    const warned = vi.spyOn(console, 'error').mockReturnValue(undefined)
    const stranger = await startSmtp({})
    expect(warned.mock.calls.join()).toContain('default TLS certificate')
    warned.mockRestore()
    const other = await emailChannel({ ...options(), name: 'other', smtp: { host: '127.0.0.1', port: stranger.port } })
    await expect(other.send(told, where)).rejects.toThrow(/certificate/)
    expect(stranger.mails).toEqual([])
    await stranger.close()
  })
})

describe('a mail about an alert', () => {
  it('tells everybody with an address once that it was raised and cleared, in one thread, and cannot act [ALERT-14]', async () => {
    const { test } = people
    const proposal = await asked('refund.create')
    const about = () => smtp.mails.filter(({ text }) => text.includes('PROPOSAL_EXPIRING'))
    const until = Date.parse(proposal.expiresAt) - clock.now()
    clock.advance(until - 60_000)
    await test.governor.jobs.run('check-slow-alerts', { workspace: 'default' })
    await people.sendAll()
    const [alert] = (await test.admin.alerts.list({ state: 'open' })).items.filter(
      ({ subjectId }) => subjectId === proposal.id,
    )
    const told = () => about().filter(({ headers }) => headers.get('message-id')?.includes(alert?.id ?? '?') === true)
    const addresses = [...Object.values(recipients), 'careful@example.com']
    expect(
      told()
        .map(({ to }) => to[0])
        .sort(),
    ).toEqual(addresses.sort())
    for (const { headers, text, html } of told()) {
      expect(headers.get('subject')).toBe('Alert: warning PROPOSAL_EXPIRING')
      expect(headers.get('auto-submitted')).toBe('auto-generated')
      expect(text).toContain(alert?.message)
      expect(text + html).not.toContain(DECIDE)
      expect(text).toContain(`https://gate.example/dashboard/inbox/${proposal.id}`)
    }
    await test.user('ben', 'supervisor').proposals.acknowledge(proposal.id)
    await test.governor.jobs.run('check-slow-alerts', { workspace: 'default' })
    await people.sendAll()
    expect(told()).toHaveLength(2 * addresses.length)
    expect(told().filter(({ text }) => text.includes('No longer so'))).toHaveLength(addresses.length)
    expect(new Set(told().map(({ headers }) => headers.get('references')))).toEqual(
      new Set([`<${alert?.id}@example.com>`]),
    )
  })

  it('is not sent below the severity that its channel is told of [ALERT-10, ALERT-14]', async () => {
    const { test } = people
    await test.admin.alerts.tell('email', 'critical')
    const proposal = await asked('refund.create')
    clock.advance(Date.parse(proposal.expiresAt) - clock.now() - 60_000)
    await test.governor.jobs.run('check-slow-alerts', { workspace: 'default' })
    await people.sendAll()
    const to = smtp.mails.filter(({ text }) => text.includes('PROPOSAL_EXPIRING') && text.includes(proposal.id))
    expect(to.map((mail) => mail.to[0])).toEqual(['careful@example.com'])
    await test.admin.alerts.tell('email', 'info')
  })
})

describe('the page that a mail opens', () => {
  it('shows all that is decided on, any number of times, and decides nothing by being opened [CHAN-18]', async () => {
    const proposal = await asked('note.write', { text: '</pre><script>alert(1)</script>' })
    const token = tokenFor(proposal)
    const pages = await Promise.all(Array.from({ length: 10 }, () => app.request(`/decide/${token}`)))
    expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 200))
    const [page] = pages
    const html = (await page?.text()) ?? ''
    for (const part of ['bot', 'note.write', proposal.actionHash, proposal.expiresAt, 'as <strong>ana</strong>']) {
      expect(html).toContain(part)
    }
    expect(html).not.toContain('<script')
    expect(html).toContain('&lt;script&gt;')
    const csp = page?.headers.get('content-security-policy')
    expect(csp).toContain("default-src 'none'")
    expect(csp).toContain("frame-ancestors 'none'")
    expect(csp).not.toContain('unsafe')
    expect(page?.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page?.headers.get('cache-control')).toBe('no-store')
    for (const method of ['HEAD', 'OPTIONS', 'PUT', 'DELETE']) await app.request(`/decide/${token}`, { method })
    expect(await people.now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
  })

  it('decides once by its form, as the recipient, and the journal says that it came by mail [CHAN-19]', async () => {
    const proposal = await asked()
    const token = tokenFor(proposal)
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(token, form(proposal, { reason: 'Fine.' }))))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409])
    expect(await people.now(proposal)).toMatchObject({
      state: 'approved',
      decidedBy: ['user:ana'],
      reviews: [{ reviewer: 'user:ana', reason: 'Fine.' }],
    })
    const { items } = await people.test.admin.journal.list({ subject: proposal.id, kind: 'proposal.reviewed' })
    expect(items.map(({ body }) => body.via)).toEqual(['email'])
    const again = await post(token, form(proposal, { decision: 'reject', category: 'other', reason: 'No.' }))
    expect([again.status, await again.text()]).toEqual([409, expect.stringContaining('used before')])
  })

  it('rejects with a category and a reason only, and one of two people wins [CHAN-19]', async () => {
    const proposal = await asked()
    const token = tokenFor(proposal)
    for (const fields of [
      {},
      { category: 'other' },
      { reason: 'No.' },
      { category: 'other', reason: ' ' },
      { category: 'x', reason: 'No.' },
    ]) {
      const answer = await post(token, form(proposal, { decision: 'reject', ...fields }))
      expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('Nothing was decided')])
    }
    const [one, other] = await Promise.all([
      post(token, form(proposal, { decision: 'reject', category: 'other', reason: 'No.' })),
      post(tokenFor(proposal, recipients.ben), form(proposal)),
    ])
    expect([one.status, other.status].sort()).toEqual([200, 409])
    expect((await people.now(proposal)).reviews).toHaveLength(1)
  })

  it('refuses what is altered, expired, of high risk, decided, or not the recipient’s to decide, and says so [CHAN-20]', async () => {
    const proposal = await asked()
    const token = tokenFor(proposal)
    for (const wrong of [{ version: '2' }, { actionHash: '0'.repeat(64) }, { decision: 'respond' }, { version: 'x' }]) {
      expect((await post(token, form(proposal, wrong))).status).toBe(422)
    }
    expect(
      (
        await app.request(`/decide/${token}`, {
          method: 'POST',
          body: '{}',
          headers: { 'content-type': 'application/json' },
        })
      ).status,
    ).toBe(422)
    expect((await post(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, form(proposal))).status).toBe(404)
    for (const at of ['/careful', '/off']) {
      expect((await app.request(`${at}/${token}`)).status).toBe(403)
      expect((await post(token, form(proposal), at)).status).toBe(403)
    }
    await people.test.admin.members.put('ana', { displayName: 'ana', roles: ['viewer'] })
    expect((await post(token, form(proposal))).status).toBe(403)
    await people.test.admin.members.put('ana', { displayName: 'ana', roles: ['supervisor'] })
    expect(await people.now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
    const owned = await asked('note.write', {}, { agent: 'annas-bot' })
    expect(mailsAbout(owned, recipients.ana)).toHaveLength(0)
    await people.test.user('ben', 'supervisor').proposals.approve(proposal.id, shown(proposal))
    const late = await app.request(`/decide/${token}`)
    expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('user:ben')])
    const old = tokenFor(owned, recipients.ben)
    clock.advance(24 * HOUR + 1)
    expect((await app.request(`/decide/${old}`)).status).toBe(410)
    expect((await post(old, form(owned))).status).toBe(410)
    expect((await people.now(owned)).reviews).toEqual([])
  })

  it('decides by no sequence of requests that lacks the secret of a link [CHAN-21]', async () => {
    const proposal = await asked()
    const token = tokenFor(proposal)
    const [head = '', secret = ''] = token.split('.')
    const guesses = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.constantFrom(
        head,
        `${head}.`,
        secret,
        `pal_other.${secret}`,
        `${head}.${'A'.repeat(43)}`,
        proposal.id,
        proposal.actionHash,
      ),
      fc.nat(42).map((at) => `${head}.${secret.slice(0, at)}${secret.slice(at + 1)}`),
    )
    const request = fc.record({
      path: guesses,
      method: fc.constantFrom('GET', 'POST', 'HEAD', 'PUT'),
      decision: fc.constantFrom('approve', 'reject'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 5 }), async (requests) => {
        for (const { path, method, decision } of requests) {
          fc.pre(path !== token)
          const body = new URLSearchParams(form(proposal, { decision, category: 'other', reason: 'No.' }))
          const at = `/decide/${encodeURIComponent(path)}`
          const answer = await app.request(at, method === 'POST' || method === 'PUT' ? { method, body } : { method })
          expect(answer.status).toBeGreaterThanOrEqual(400)
        }
        expect(await people.now(proposal)).toMatchObject({ state: 'pending', reviews: [] })
      }),
      { numRuns: 40 },
    )
    expect((await post(token, form(proposal))).status).toBe(200)
  })
})

describe('options of an e-mail channel', () => {
  it.each([
    ['no address to send from', { from: 'Preceptor' }],
    ['recipients without addresses', { recipients: { ana: 'ana' } }],
    ['a risk above medium', { decideUpTo: 'high' as 'medium' }],
    ['a page that is none', { decisionsUrl: 'gate.example' }],
  ])('are refused with %s [CHAN-15]', async (_, wrong) => {
    const given = { ...options(), smtp: { host: 'localhost', password: 'hunter2' }, ...wrong }
    await expect(emailChannel(given)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.not.stringContaining('hunter2'),
    })
  })
})
