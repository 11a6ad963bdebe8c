import { StepFault } from '@preceptor/orchestration'
import { expect, it } from 'vitest'
import { openWorkflowPlane } from './workflow-plane.ts'

const LEASES_MS = 31_000

it('a failure that was recorded, but not read any more, is not tried again where that could do it twice [I-23]', async () => {
  let ran = 0
  let isCut = false
  let release: (value?: unknown) => void = () => undefined
  const clock = { time: Date.now(), now: () => clock.time, monotonic: () => performance.now() }
  const plane = await openWorkflowPlane({
    clock,
    actions: {
      'mail.post': {
        risk: 'medium',
        execute: () => {
          ran += 1
          throw new StepFault('No answer.', { isEffectUnknown: true })
        },
      },
    },
    testing: {
      // Whoever ran it comes no further.
      failpoint: async (name) => {
        if (name !== 'record.after_commit' || isCut) return
        isCut = true
        await new Promise((resolve) => {
          release = resolve
        })
      },
    },
  })
  await plane.agent('worker-bot', 'autonomous')
  const run = await plane.start({ steps: [{ id: 'a', type: 'agent', action: 'mail.post', retry: { attempts: 3 } }] })
  clock.time += LEASES_MS
  const working = plane.work()
  await expect.poll(() => isCut).toBe(true)
  for (let turn = 0; turn < 3; turn += 1) {
    clock.time += LEASES_MS
    await plane.work()
  }
  const found = await plane.admin.runs.get(run)
  release()
  await working.catch(() => undefined)
  await plane.governor.close()
  expect(ran).toBe(1)
  expect(found.steps).toMatchObject([{ step: 'a', visit: 1, failure: { message: 'No answer.' } }])
}, 120_000)
