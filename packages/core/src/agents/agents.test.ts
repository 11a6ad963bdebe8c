import type { ControlScope, Role } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGovernor, type EmbeddedGovernor } from '../governor.ts'

let governor: EmbeddedGovernor
let admin: ControlScope

function user(id: string, ...roles: Role[]): ControlScope {
  return governor.as({ workspace: 'default', principal: { kind: 'user', id, roles } })
}

beforeAll(async () => {
  governor = await createGovernor({ memory: true, actions: { 'order.read': { risk: 'safe' } } })
  admin = user('root', 'admin')
})
afterAll(() => governor.close())

async function runAs(agent: string): Promise<string> {
  const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
  const result = await scope.guard({ agent, action: 'order.read', args: {} }, () => 'ran')
  return result.status === 'executed' ? result.value : 'code' in result.decision ? result.decision.code : result.status
}

describe('registering an agent', () => {
  it('starts as a student at 3,000 basis points [AGENT-1]', async () => {
    const agent = await admin.agents.register({ id: 'plain' })
    expect(agent).toMatchObject({
      maturity: 'student',
      confidence: 3_000,
      lifecycle: 'active',
      ownerId: 'root',
      epoch: 1,
    })
  })

  it('takes the band of a given confidence [AGENT-1]', async () => {
    const agent = await admin.agents.register({ id: 'banded', confidence: 7_000 })
    expect(agent).toMatchObject({ maturity: 'supervised', confidence: 7_000 })
  })

  it('opens the ledger at the floor of a set level [AGENT-2]', async () => {
    await admin.agents.register({ id: 'set', maturity: 'autonomous' })
    const { items } = await admin.agents.confidence('set')
    expect(items).toMatchObject([{ kind: 'registration', requested: 9_000, applied: 9_000, confidence: 9_000 }])
  })

  it('refuses what does not fit together, and names it', async () => {
    await expect(admin.agents.register({ id: 'odd', maturity: 'intern', confidence: 100 })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('not in the band of intern'),
    })
    await expect(admin.agents.register({ id: 'plain' })).rejects.toMatchObject({ code: 'AGENT_EXISTS' })
  })

  it.each(['', '__proto__', 'constructor', 'a b', 'x'.repeat(129), '../etc'])(
    'refuses the id %j [ACT-3]',
    async (id) => {
      await expect(admin.agents.register({ id })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    },
  )

  it('lets only an administrator set where it starts', async () => {
    const scoped = governor.as({
      workspace: 'default',
      principal: { kind: 'service', id: 'ci', roles: [], scopes: ['agents.register'] },
    })
    await expect(scoped.agents.register({ id: 'sneaky', maturity: 'autonomous' })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    expect((await scoped.agents.register({ id: 'honest' })).maturity).toBe('student')
  })
})

describe('the lifecycle', () => {
  it('follows its table; retired is final [AGENT-3, STATE-1]', async () => {
    await admin.agents.register({ id: 'cycle' })
    await admin.agents.pause('cycle', 'look')
    await expect(admin.agents.pause('cycle', 'again')).rejects.toMatchObject({ code: 'CONFLICT' })
    await admin.agents.stop('cycle', 'worse')
    await admin.agents.resume('cycle', 'fine')
    const retired = await admin.agents.retire('cycle', 'done')
    expect(retired).toMatchObject({ lifecycle: 'retired', epoch: 5 })
    await expect(admin.agents.resume('cycle', 'back')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('needs a reason, and an agent that exists', async () => {
    await expect(admin.agents.pause('plain', ' ')).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(admin.agents.pause('nobody', 'why')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('keeps an agent from running, whatever its maturity, and no maturity change resumes it [AGENT-4]', async () => {
    await admin.agents.register({ id: 'trusted', maturity: 'supervised', ownerId: 'somebody' })
    expect(await runAs('trusted')).toBe('ran')
    await admin.agents.pause('trusted', 'look')
    expect(await until(() => runAs('trusted'), 'AGENT_PAUSED')).toBe('AGENT_PAUSED')
    await admin.agents.promote('trusted', 'earned it elsewhere')
    expect(await runAs('trusted')).toBe('AGENT_PAUSED')
    expect((await admin.agents.get('trusted')).lifecycle).toBe('paused')
    await admin.agents.resume('trusted', 'fine')
    expect(await until(() => runAs('trusted'), 'ran')).toBe('ran')
  })
})

describe('lists', () => {
  it('page by cursor without gap or repetition [AGENT-6]', async () => {
    for (let index = 0; index < 12; index += 1)
      await admin.agents.register({ id: `page-${String(index).padStart(2, '0')}` })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await admin.agents.list({ limit: 5, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.filter((id) => id.startsWith('page-'))).toHaveLength(12)
    await expect(admin.agents.list({ limit: 101 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(admin.agents.list({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})

/** A safe action may be decided from facts that are at most a second old. */
async function until(attempt: () => Promise<string>, wanted: string): Promise<string> {
  const deadline = performance.now() + 1_500
  let seen = await attempt()
  while (seen !== wanted && performance.now() < deadline) seen = await attempt()
  return seen
}
