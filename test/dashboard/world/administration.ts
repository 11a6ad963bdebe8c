import { comes, type Maker, noteArgs, refundArgs } from './maker.ts'

const DAY_MS = 86_400_000

/** Ids of what is set. */
export interface AdministrationIds {
  /** A webhook whose deliveries fail. */
  readonly webhook: string
  /** A webhook whose deliveries arrive. */
  readonly taken: string
}

/** Puts members, policies, grants, stops, escalations, keys and webhooks in. */
export async function makeAdministration(maker: Maker): Promise<AdministrationIds> {
  const { stage, texts, ada, ben } = maker
  const { admin } = stage.test
  const people = [
    ['ana', 'supervisor'],
    ['ben', 'supervisor'],
    ['ada', 'admin'],
    ['vic', 'viewer'],
  ] as const
  for (const [index, [id, role]] of people.entries()) {
    await admin.members.put(id, { displayName: texts('member.name', index), roles: [role] })
  }
  const large = { when: "args.amountCents <= 50000 || args.method == 'bank'", waitMs: 1_000 }
  const limit = { name: texts('policy.limit'), action: 'refund.create', per: 'day', most: 500 }
  await ada.policies.put({ limits: [limit] }, { basedOn: 0, reason: texts('policy.reason', 0) })
  const document = {
    limits: [limit],
    actions: { 'refund.create': large, 'ledger.close': { requiredApprovals: 2 } },
    shadow: ['note', texts('policy.shadow')],
    review: { sample: 0.1 },
  }
  await ada.policies.put(document, { basedOn: 1, reason: texts('policy.reason', 1) })
  await runInShadow(maker)
  await makeRules(maker)
  await ada.escalations.create({
    name: texts('escalation.name', 0),
    match: { risks: ['high', 'critical'], action: 'refund.create' },
    steps: [
      { afterMs: 600_000, notify: { role: 'supervisor' } },
      { afterMs: 3_600_000, notify: { user: 'ada' } },
    ],
    repeat: 2,
  })
  const steps = [{ afterMs: 900_000, notify: { role: 'admin' } }] as const
  await ada.escalations.create({ name: texts('escalation.name', 1), steps })
  await admin.keys.create({ displayName: texts('key.name', 0), principalKind: 'agent', principalId: 'billing-bot' })
  const service = {
    displayName: texts('key.name', 1),
    principalKind: 'service',
    principalId: 'import',
    scopes: ['agents.register'],
  } as const
  await admin.keys.create({ ...service, roles: [], agents: ['stock-bot'] })
  const old = await admin.keys.create({ displayName: texts('key.name', 2), principalKind: 'user', principalId: 'ben' })
  await admin.keys.revoke(old.key.id)
  await ada.reviewers.suspend('checker', texts('reviewer.suspended')).catch(() => undefined)
  await ben.presence.heartbeat()
  return makeWebhooks(maker)
}

/** Attempts that the policy only watches: of a student, of an intern, and of an agent that may. */
async function runInShadow({ stage, texts, ada }: Maker): Promise<void> {
  const attempts = [
    ['letter-bot', 2],
    ['billing-bot', 3],
    ['report-bot', 6],
  ] as const
  for (const [agent, count] of attempts) {
    for (let index = 0; index < count; index += 1) {
      const attempt = { agent, action: 'note.write', args: noteArgs(texts, index) }
      await stage.test.agent(agent).decide({ ...attempt, idempotencyKey: `shadow-${index}` })
    }
  }
  await comes(async () => {
    const { capabilities } = await ada.policies.shadow()
    return capabilities.find(({ capability, ran }) => capability === 'note' && ran === 11)
  })
}

/** Grants, stops and bypasses, of which some are over. */
async function makeRules({ texts, ada, ben }: Maker): Promise<void> {
  const expiresAt = new Date(Date.now() + 3 * DAY_MS).toISOString()
  const matcher = { args: { [texts('grant.key')]: { equals: texts('grant.value') }, cents: { atMost: 2_000 } } }
  const grant = { agent: 'support-bot', action: 'note.write', matcher, uses: 10, expiresAt } as const
  await ben.grants.create({ ...grant, reason: texts('grant.reason') })
  const revoked = await ben.grants.create({ ...grant, uses: 3, reason: texts('grant.reason') })
  await ben.grants.revoke(revoked.id, texts('grant.revoked'))
  const stop = await ada.stops.set({ target: 'agent', agent: 'desk-bot', reason: texts('stop.reason') })
  await ada.stops.lift(stop.id, texts('stop.lifted'))
  await ada.stops.set({ target: 'agent', agent: 'desk-bot', reason: texts('stop.reason') })
  const bypass = { target: 'workspace', action: 'mail.send', reason: texts('bypass.reason') } as const
  await ada.bypasses.lift((await ada.bypasses.set(bypass)).id, texts('stop.lifted'))
  await ada.bypasses.set({
    target: 'agent',
    agent: 'stock-bot',
    action: 'refund.create',
    reason: texts('bypass.reason'),
  })
}

/** A webhook that takes what it is told, and one that does not. */
async function makeWebhooks({ stage, texts, ada, receiver }: Maker): Promise<AdministrationIds> {
  const path = encodeURIComponent(texts('webhook.path').slice(0, 200))
  const events = ['proposal.created', 'proposal.approved', 'proposal.rejected'] as const
  const taken = await ada.webhooks.create({ url: `${receiver}/taken/${path}`, events })
  const { webhook } = await ada.webhooks.create({ url: `${receiver}/refused/${path}`, events })
  await stage.ask({ args: refundArgs(texts, 4) })
  await comes(async () => {
    const all = [webhook.id, taken.webhook.id].map((id) => ada.webhooks.deliveries(id))
    const pages = await Promise.all(all)
    return pages.every(({ items }) => items.some(({ status }) => status !== null)) ? true : undefined
  })
  return { webhook: webhook.id, taken: taken.webhook.id }
}
