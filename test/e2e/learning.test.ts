import { join } from 'node:path'
import { createGovernor } from '@preceptor/core'
import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { type ExampleRun, useExample } from './run-example.ts'

const runExample = useExample('learning')
const TIMEOUT_MS = 180_000

interface Check {
  check(shown: unknown): readonly { readonly name: string; readonly holds: boolean }[]
}

// What the example fails by, as it was built.
const CHECK = new URL('../../examples/dist/learning/check.js', import.meta.url).href

/** The names of what does not hold. */
async function wrongIn(shown: unknown): Promise<readonly string[]> {
  const { check } = (await import(CHECK)) as Check
  return check(shown).flatMap(({ name, holds }) => (holds ? [] : [name]))
}

/** Reads what the example left behind, with a governor that it knows nothing of. */
async function expectStored({ document, folder }: ExampleRun): Promise<void> {
  const governor = await createGovernor({ dataFolder: join(folder, 'data'), report: () => undefined })
  try {
    const { playbooks, journal } = governor.as({
      workspace: 'default',
      principal: { kind: 'user', id: 'ada', roles: ['admin'] },
    })
    const { id, version } = document.learned.run.playbook
    const { items } = await playbooks.deployments(id)
    expect(items).toMatchObject([{ version, state: 'rolled_back', deployedBy: 'system:learning', endedBy: 'user:sue' }])
    expect(await playbooks.effective({ agentType: 'generic' })).toBeNull()
    const { cases, before, after } = document.learned.run.test
    const written = await playbooks.version(id, version)
    expect(written.test).toMatchObject({ cases, before, after, against: null })
    expect(written.examples.map(({ input }) => input).toSorted()).toEqual(document.learned.taught.toSorted())
    expect(await journal.verify()).toMatchObject({ ok: true })
  } finally {
    await governor.close()
  }
}

describe('the example of learning', () => {
  it(
    verifies(['LEARN-1', 'PLAY-1'], 'answers rightly because of three corrections, and wrongly again without them'),
    async () => {
      const run = await runExample()
      const { document, told } = run
      expect(document.findings.filter(({ holds }: { holds: boolean }) => !holds)).toEqual([])
      const { test, deployment } = document.learned.run
      expect(test).toMatchObject({ state: 'tested', cases: 18, unscored: 0 })
      expect(test.improvement).toBeGreaterThan(15)
      expect(test.p).toBeCloseTo(2 * 0.5 ** 15, 12)
      expect(deployment).toMatchObject({ deployed: true })
      expect(told).toContain(`n = 18, p = ${test.p.toPrecision(2)}`)
      await expectStored(run)

      // What it checks would not hold, had the corrections changed nothing, or the rollback.
      const { before, after, rolledBack, withoutCorrection, rulesInPrompt } = document
      expect(await wrongIn(document)).toEqual([])
      expect(await wrongIn({ ...document, after: before })).toEqual(['each of the same questions is answered rightly'])
      expect(await wrongIn({ ...document, rolledBack: after })).toEqual(['rolled back, each answer is wrong again'])
      expect(await wrongIn({ ...document, rulesInPrompt: { ...rulesInPrompt, after: [true, true, false] } })).toEqual([
        'the rules stood in the prompt while deployed, and only then',
      ])
      const taughtAnyway = { ...withoutCorrection, answers: after }
      expect(await wrongIn({ ...document, withoutCorrection: taughtAnyway })).toEqual([
        'without its correction a question stays wrong',
      ])
      expect(rolledBack).toEqual(before)
    },
    TIMEOUT_MS,
  )
})
