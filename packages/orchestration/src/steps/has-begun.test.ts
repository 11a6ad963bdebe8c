import { inWorkspace, type PluginHost } from '@preceptor/core/plugin'
import { createTestGovernor } from '@preceptor/core/testing'
import { expect, it } from 'vitest'
import { DEFINITIONS_MIGRATION } from '../migrations/0001-definitions.ts'
import { RUNS_MIGRATION } from '../migrations/0002-runs.ts'
import { claimStep, hasBegun, insertSteps } from './step-store.ts'

const AT = '2026-01-05T10:00:00.000Z'

it('tells a step that somebody claimed from one that waits to be', async () => {
  let host: PluginHost | undefined
  const test = await createTestGovernor({
    plugins: [
      {
        port: { name: 'orchestration', connect: () => ({}) },
        permissions: {},
        migrations: [DEFINITIONS_MIGRATION, RUNS_MIGRATION],
        open(given) {
          host = given
          return { scope: () => ({}), jobs: {} }
        },
      },
    ],
  })
  try {
    if (host === undefined) throw new Error('The plugin was not opened.')
    const states = await inWorkspace(host.context.database, { workspace: 'default' }, async (tx) => {
      const owner = { kind: 'collaboration', id: 'col_1' } as const
      const settings = { attempts: null, waitMs: 1, timeoutMs: 1 }
      const trigger = { agent: 'bot', action: 'a.b', args: {}, startsRun: true }
      const step = { step: 's', type: 'agent', visit: 1, parentId: null, branch: null, settings, trigger } as const
      const made = { ...step, id: 'wst_1', state: 'pending', output: null, failure: null, progress: null } as const
      await insertSteps(tx, [made], { owner, askedBy: 'user:ana', at: AT, wakeAt: AT })
      const before = await hasBegun(tx, 'wst_1')
      await claimStep(tx, 'wst_1', { at: AT, until: '2026-01-05T10:01:00.000Z' })
      return [before, await hasBegun(tx, 'wst_1'), await hasBegun(tx, 'wst_none')]
    })
    expect(states).toEqual([false, true, false])
  } finally {
    await test.close()
  }
})
