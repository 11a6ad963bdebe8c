import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { openWorkflowPlane, type WorkflowPlane } from './workflow-plane.ts'

const PLANES = 3
const TIMES = 12
const MINUTE_MS = 60_000

describeWithPostgres('schedules that several governors start at once', () => {
  const database = useTestDatabase()
  const planes: WorkflowPlane[] = []

  beforeAll(async () => {
    for (let count = 0; count < PLANES; count += 1) {
      planes.push(await openWorkflowPlane({ database: database.url, migrate: count === 0 }))
    }
    await planes[0]?.agent('worker-bot', 'autonomous')
  })
  afterAll(async () => {
    for (const { governor } of planes) await governor.close()
  })

  it(verifies('FLOW-2', 'start one run for each due time'), async () => {
    const [plane] = planes
    if (plane === undefined) throw new Error('There is no plane.')
    const { id } = await plane.admin.workflows.create({
      name: 'raced for',
      agent: 'worker-bot',
      steps: [{ id: 'made', type: 'transform', value: 1 }],
    })
    const schedule = await plane.admin.schedules.create({ workflow: id, cron: '* * * * *' })
    const due: string[] = []
    for (let time = 0; time < TIMES; time += 1) {
      due.push(String((await plane.admin.schedules.get(schedule.id)).nextAt))
      for (const one of planes) one.pass(MINUTE_MS)
      // Each is woken twice: by the clock, and for the schedule.
      const work = { workspace: 'default', id: schedule.id }
      await Promise.all(
        planes.flatMap(({ governor }) => [
          governor.jobs.run('orchestration-start-due', {}),
          governor.jobs.run('orchestration-start-due', work),
        ]),
      )
      expect((await plane.admin.schedules.get(schedule.id)).last).toMatchObject({ at: due.at(-1), problem: null })
    }
    const { items } = await plane.admin.runs.list({ workflow: id, limit: 100 })
    expect(items).toHaveLength(TIMES)
    expect(new Set(due).size).toBe(TIMES)
    for (const { id: run } of items) {
      expect((await plane.told(run)).filter((kind) => kind === 'workflow_run.started')).toEqual([
        'workflow_run.started',
      ])
    }
  }, 120_000)

  it('are removed by one, and then start nothing', async () => {
    const [first, second] = planes
    if (first === undefined || second === undefined) throw new Error('There are no planes.')
    const { id } = await first.admin.workflows.create({
      name: 'removed in time',
      agent: 'worker-bot',
      steps: [{ id: 'made', type: 'transform', value: 1 }],
    })
    for (let time = 0; time < TIMES; time += 1) {
      const { id: schedule } = await first.admin.schedules.create({ workflow: id, cron: '* * * * *' })
      for (const one of planes) one.pass(MINUTE_MS)
      const [removed] = await Promise.all([
        first.admin.schedules.remove(schedule, 'a test'),
        second.governor.jobs.run('orchestration-start-due', { workspace: 'default', id: schedule }),
      ])
      // Either the run began before, or none does.
      const { items } = await first.admin.runs.list({ workflow: id, limit: 100 })
      const own = items.filter((run) => run.schedule === schedule)
      expect(own.map((run) => run.id)).toEqual(removed.last?.run == null ? [] : [removed.last.run])
    }
  }, 120_000)
})
