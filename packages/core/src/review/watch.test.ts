import { describe, expect, it } from 'vitest'
import { honest, verdict } from './plane.test.helper.ts'
import { useWatch } from './watch.test.helper.ts'

const plane = useWatch(() => ({ memory: true, settings: { attachWithinMs: 2_000 } }))

describe('a run that no person watches', () => {
  it('begins a step of medium risk once the reviewer let that very step begin', async () => {
    plane.says(honest('approve'))
    const asked = plane.asked.length
    expect(await plane.step('note.write')).toMatchObject({ status: 'executed', decision: { route: 'supervision' } })
    expect(plane.asked.length).toBeGreaterThan(asked)
    const session = await plane.session()
    expect(session).toMatchObject({ supervisorId: 'agent:judge', rating: null, state: 'completed' })
  })
})
