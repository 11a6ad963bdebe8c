import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'
import { deploy, reason } from './playbooks.test.helper.ts'

describeWithPostgres('playbooks that several processes deploy at once', () => {
  const server = useTestDatabase()
  const governors: TestGovernor[] = []
  beforeAll(async () => {
    for (let each = 0; each < 2; each += 1) governors.push(await createTestGovernor({ database: server.url }))
  })
  afterAll(() => Promise.all(governors.map((test) => test.close())))

  const admin = (each: number) => {
    const test = governors[each % governors.length]
    if (test === undefined) throw new Error('The governors are not there.')
    return test.admin
  }

  async function written(agentType: string, versions: number) {
    const made = await Promise.all(
      Array.from({ length: versions }, (_, each) =>
        admin(each).playbooks.write({ agentType, instructions: `Version of ${each}.` }),
      ),
    )
    expect(made.map(({ version }) => version).sort()).toEqual(Array.from({ length: versions }, (_, each) => each + 1))
    return admin(0).playbooks.get(made[0]?.playbook ?? '')
  }

  it('have exactly one active at each place, whoever wins, and the history has all [PLAY-2]', async () => {
    const playbook = await written('raced', 8)
    const deployed = await Promise.all(
      Array.from({ length: 16 }, (_, each) =>
        deploy(admin(each), playbook, {
          version: (each % 8) + 1,
          ...(each < 8 ? {} : { tier: 'user' as const, target: 'ana' }),
        }),
      ),
    )
    for (const tier of ['system', 'user'] as const) {
      const { items } = await admin(0).playbooks.deployments(playbook.id, { tier })
      expect(items).toHaveLength(8)
      expect(items.filter(({ state }) => state === 'active')).toHaveLength(1)
      // One chain: each replaced the one that stood there before it, and none of them twice.
      expect(new Set(items.map(({ replaces }) => replaces)).size).toBe(8)
    }
    expect(new Set(deployed.map(({ id }) => id)).size).toBe(16)
  }, 60_000)

  it('are deployed once where each caller knows what it replaces [PLAY-2]', async () => {
    const playbook = await written('guarded', 6)
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, (_, each) => deploy(admin(each), playbook, { version: each + 1, basedOn: null })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'CONFLICT' })
    }
  }, 60_000)

  it('are rolled back once, while others deploy [PLAY-2]', async () => {
    const playbook = await written('rolled', 4)
    await deploy(admin(0), playbook)
    const second = await deploy(admin(0), playbook, { version: 2 })
    const canary = await deploy(admin(0), playbook, { version: 3, share: 0.5 })
    const back = (id: string, each: number) => admin(each).playbooks.rollback(id, reason)
    const rolled = await Promise.allSettled([
      ...[0, 1, 2, 3].map((each) => back(second.id, each)),
      ...[0, 1].map((each) => back(canary.id, each)),
      deploy(admin(1), playbook, { version: 4 }),
    ])
    expect(rolled.slice(0, 4).filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
    expect(rolled.at(-1)).toMatchObject({ status: 'fulfilled' })
    const { items } = await admin(0).playbooks.deployments(playbook.id, { state: 'active' })
    expect(items).toMatchObject([{ share: 1 }])
    // Version 4 came last, or second and was followed by nothing: in either order it stands.
    expect(items[0]?.version).toBe(4)
  }, 60_000)
})
