import type { AlertCode, AlertRule, AlertRuleChange } from '@preceptor/client'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Notification } from '../notifications/notification.ts'
import { useNotified } from '../notifications/notifications.test.helper.ts'
import { ALERT_CATALOGUE, ALERT_CODES } from './alert-catalogue.ts'

const HOUR = 3_600_000
const heard: Notification[] = []
const notified = useNotified(() => ({
  actions: { 'refund.create': { risk: 'high' }, 'note.write': { risk: 'medium' } },
  channels: [
    {
      name: 'pager',
      events: ['alert.raised', 'alert.cleared', 'agent.registered'],
      send: async (told) => void heard.push(told),
    },
  ],
}))

const look = async () => {
  for (const job of ['verify-journal', 'check-alerts', 'check-slow-alerts']) {
    await notified.test.governor.jobs.run(job, { workspace: 'default' })
  }
}
const open = async (code: AlertCode): Promise<readonly string[]> =>
  (await notified.test.admin.alerts.list({ state: 'open', limit: 100 })).items
    .filter((alert) => alert.code === code)
    .map(({ subjectId }) => subjectId)
const rule = async (code: AlertCode): Promise<AlertRule> => {
  const found = (await notified.test.admin.alerts.settings()).rules.find((one) => one.code === code)
  if (found === undefined) throw new Error(`There is no rule ${code}.`)
  return found
}
const change = async (code: AlertCode, changed: Omit<AlertRuleChange, 'basedOn' | 'reason'>): Promise<AlertRule> => {
  const { revision } = await rule(code)
  return notified.test.admin.alerts.changeRule(code, { ...changed, basedOn: revision, reason: 'a test' })
}

describe('the rules of alerts', () => {
  it('are there for every code, with their bounds, and none that guards safety can be turned off [ALERT-1]', async () => {
    const { rules } = await notified.ana.alerts.settings()
    expect(rules.map(({ code }) => code).sort()).toEqual([...ALERT_CODES].sort())
    for (const { thresholds, isOn, revision } of rules) {
      expect([isOn, revision]).toEqual([true, 0])
      for (const { value, default: usual, min, max } of thresholds) {
        expect(value).toBe(usual)
        expect(min <= usual && usual <= max && min < max).toBe(true)
      }
    }
    const lasting = rules.filter(({ canTurnOff }) => !canTurnOff).map(({ code }) => code)
    expect(lasting.sort()).toEqual(
      [
        'BREAKER_OPEN',
        'BYPASS_ACTIVE',
        'DELIVERY_FAILED',
        'JOURNAL_BROKEN',
        'JOURNAL_UNSEALED',
        'JOURNAL_UNVERIFIED',
        'OUTCOME_UNKNOWN',
        'QUEUE_POISON',
        'REVIEWER_SUSPENDED',
      ].sort(),
    )
    const critical = ALERT_CODES.filter((code) => ALERT_CATALOGUE[code].severity === 'critical')
    expect(critical.every((code) => !ALERT_CATALOGUE[code].canTurnOff)).toBe(true)
  })

  it('are changed within their bounds, one change after the other, with a journal row each [ALERT-2]', async () => {
    const { alerts } = notified.test.admin
    const changed = await change('AGENT_STUCK', { thresholds: { days: 3 } })
    expect(changed).toMatchObject({ revision: 1, changedBy: 'user:root', reason: 'a test', isOn: true })
    expect(changed.thresholds).toEqual([{ name: 'days', unit: 'days', value: 3, default: 14, min: 3, max: 90 }])
    const stale = { thresholds: { days: 5 }, basedOn: 0, reason: 'late' }
    await expect(alerts.changeRule('AGENT_STUCK', stale)).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { revision: 1 },
    })
    const same = { thresholds: { days: 9 }, basedOn: 1, reason: 'at once' }
    const results = await Promise.allSettled([1, 2, 3].map(() => alerts.changeRule('AGENT_STUCK', same)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await change('AGENT_STUCK', {})).toMatchObject({ revision: 3, thresholds: [{ value: 14 }] })
    const { items } = await notified.test.admin.journal.list({ subject: 'alert_rule:AGENT_STUCK' })
    expect(items.map(({ kind }) => kind)).toEqual(['alert_rule.changed', 'alert_rule.changed', 'alert_rule.changed'])
    expect(items[2]?.body).toMatchObject({ before: { thresholds: { days: 14 } }, after: { thresholds: { days: 3 } } })
  })

  it.each([
    [{ thresholds: { days: 2 } }, 'rule.thresholds.days: must be a whole number from 3 to 90 (days).'],
    [{ thresholds: { days: 91 } }, 'rule.thresholds.days: must be a whole number from 3 to 90 (days).'],
    [{ thresholds: { days: 3.5 } }, 'rule.thresholds.days: must be a whole number from 3 to 90 (days).'],
    [{ thresholds: { hours: 3 } }, 'rule.thresholds: unknown key "hours".'],
    [{ isOn: 'no' }, 'rule.isOn:'],
    [{ thresholds: { days: 3 }, more: 1 }, 'rule: unknown key "more".'],
  ])('are not changed to %j [ALERT-2]', async (wrong, says) => {
    const asked = { ...wrong, basedOn: 0, reason: 'x' } as unknown as AlertRuleChange
    const refusal = notified.test.admin.alerts.changeRule('AGENT_STUCK', asked)
    await expect(refusal).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining(says) })
  })

  it('of lost safety stay on, and one that there is not is no rule [ALERT-2]', async () => {
    const off = { isOn: false, basedOn: 0, reason: 'x' }
    const { alerts } = notified.test.admin
    await expect(alerts.changeRule('JOURNAL_BROKEN', off)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('JOURNAL_BROKEN cannot be turned off'),
    })
    const none = 'NOTHING' as AlertCode
    await expect(alerts.changeRule(none, off)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(notified.ana.alerts.changeRule('AGENT_STUCK', off)).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    const unsaid = { isOn: false, basedOn: 0 } as AlertRuleChange
    await expect(alerts.changeRule('NO_APPROVER', unsaid)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('take effect at the next look: later, earlier, off and on again [ALERT-2]', async () => {
    const asked = await notified.ask()
    notified.clock.advance(20 * HOUR)
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([])
    const preview = await notified.ana.alerts.previewRule('PROPOSAL_EXPIRING', { thresholds: { minutes: 300 } })
    expect(preview).toMatchObject({ count: 1, causes: [{ subjectId: asked.id, agent: 'bot' }] })
    expect(await notified.ana.alerts.previewRule('PROPOSAL_EXPIRING', {})).toMatchObject({ count: 0 })
    expect(await notified.ana.alerts.previewRule('BREAKER_OPEN', {})).toMatchObject({ count: 0 })
    expect(await notified.ana.alerts.previewRule('REVIEWER_DRIFT', {})).toMatchObject({ count: 0 })
    expect(await open('PROPOSAL_EXPIRING')).toEqual([])
    await change('PROPOSAL_EXPIRING', { thresholds: { minutes: 300 } })
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([asked.id])
    await change('PROPOSAL_EXPIRING', { isOn: false, thresholds: { minutes: 300 } })
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([])
    await change('PROPOSAL_EXPIRING', { thresholds: { minutes: 300 } })
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([asked.id])
    await change('PROPOSAL_EXPIRING', {})
    await look()
    expect(await open('PROPOSAL_EXPIRING')).toEqual([])
  })
})

describe('who is told of alerts', () => {
  beforeAll(async () => {
    await notified.test.register('teller', 'intern')
  })
  afterEach(async () => void (await notified.test.admin.alerts.tell('pager', 'info')))

  async function hear(): Promise<readonly string[]> {
    await notified.sendAll()
    heard.length = 0
    const asked = await notified.ask({ agent: 'teller' })
    notified.clock.advance(23 * HOUR)
    await look()
    await notified.test.admin.proposals.cancel(asked.id, 'No more.')
    const bypass = { target: 'agent', agent: 'teller', action: 'note.write', reason: 'a test' } as const
    const { id } = await notified.test.admin.bypasses.set(bypass)
    await notified.test.admin.bypasses.lift(id, 'Over.')
    await look()
    await notified.sendAll()
    return heard.map(({ type, data }) => `${type} ${data.code ?? ''} ${data.severity ?? ''}`.trim()).sort()
  }

  it('is everybody who subscribed, or from a severity on, raised and cleared alike [ALERT-10]', async () => {
    const warning = ['alert.cleared PROPOSAL_EXPIRING warning', 'alert.raised PROPOSAL_EXPIRING warning']
    const info = ['alert.cleared BYPASS_ACTIVE info', 'alert.raised BYPASS_ACTIVE info']
    expect(await hear()).toEqual([...warning, ...info].sort())
    const { alerts } = notified.test.admin
    expect(await alerts.tell('pager', 'warning')).toMatchObject({ target: 'pager', from: 'warning' })
    expect(await hear()).toEqual(warning)
    await alerts.tell('pager', 'critical')
    expect(await hear()).toEqual([])
    expect((await alerts.settings()).audiences).toMatchObject([{ target: 'pager', from: 'critical' }])
    const { items } = await notified.test.admin.journal.list({ kind: 'alert_audience.changed', limit: 100 })
    expect(items[0]).toMatchObject({ subjectId: 'pager', body: { from: 'critical', actor: 'user:root' } })
    await alerts.tell('pager', 'info')
    expect((await alerts.settings()).audiences).toEqual([])
  })

  it('is still told of what is no alert, and of those that are critical [ALERT-10]', async () => {
    await notified.test.admin.alerts.tell('pager', 'critical')
    await notified.sendAll()
    heard.length = 0
    await notified.test.register('later', 'student')
    const { policies, agents } = notified.test.admin
    const { version } = await policies.current()
    await policies.put({ breaker: { failures: 1, per: 'hour' } }, { basedOn: version, reason: 'a test' })
    const attempt = { agent: 'later', action: 'no.such', args: {} }
    await notified.test.agent('later').decide(attempt)
    await expect.poll(async () => (await agents.get('later')).lifecycle).toBe('paused')
    await policies.put({}, { basedOn: version + 1, reason: 'a test' })
    await notified.sendAll()
    expect(heard.map(({ type, data }) => [type, data.code ?? null]).sort()).toEqual([
      ['agent.registered', null],
      ['alert.raised', 'BREAKER_OPEN'],
    ])
  })

  it('is somebody who is there [ALERT-10]', async () => {
    const { alerts } = notified.test.admin
    await expect(alerts.tell('nobody', 'critical')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(alerts.tell('webhook', 'critical')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(alerts.tell('pager', 'loud' as 'info')).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(notified.ana.alerts.tell('pager', 'info')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })
})
