import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { attemptOf, useReach } from './support.ts'

const reach = useReach()

/** What was counted of an agent beside its opening, the newest first. */
async function counted(agent: string): Promise<readonly number[]> {
  await reach.test.governor.jobs.run('count-evidence', { workspace: 'default' })
  const { items } = await reach.test.admin.agents.confidence(agent)
  return items.slice(0, -1).map(({ requested }) => requested)
}

const away = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })

describe('a run in another process', () => {
  it(verifies(['EVID-3', 'EVID-4', 'EVID-5'], 'is evidence by the word of the runtime that hosts it'), async () => {
    const agent = await reach.agentOf('autonomous')
    const scope = reach.scopeOf(agent)
    await scope.guard(attemptOf(agent), () => 'done')
    await expect(scope.guard(attemptOf(agent), () => Promise.reject(away()))).rejects.toThrow('connect')
    await expect(scope.guard(attemptOf(agent), () => Promise.reject(new Error('No.')))).rejects.toThrow('No.')
    expect(await counted(agent)).toEqual([-200, 0, 25])
  })

  it(verifies(['EVID-3', 'I-12'], 'never speaks for the agent by the word of its own credential'), async () => {
    const agent = await reach.agentOf('autonomous')
    const own = { displayName: agent, principalKind: 'agent', principalId: agent } as const
    const { secret: token } = await reach.test.admin.keys.create(own)
    const scope = reach.scopeOf(agent, reach.connect({ token }))
    await scope.guard(attemptOf(agent), () => 'trust me')
    expect(await counted(agent)).toEqual([])
    await expect(scope.guard(attemptOf(agent), () => Promise.reject(away()))).rejects.toThrow('connect')
    expect(await counted(agent)).toEqual([-200])
  })
})
