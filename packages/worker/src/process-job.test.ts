import type { JobHost } from '@preceptor/core'
import { describe, expect, it } from 'vitest'
import { processJob } from './process-job.ts'

/** What a job host was asked to run. */
function recording(run: JobHost['run'] = async () => undefined) {
  const asked: Parameters<JobHost['run']>[] = []
  const told: string[] = []
  const jobs = {
    run: (...call: Parameters<JobHost['run']>) => {
      asked.push(call)
      return run(...call)
    },
    report: ({ message }: { readonly message: string }) => void told.push(message),
  }
  const process = processJob(jobs, 'preceptor-learning')
  return { process, asked, told }
}

describe('what is taken from a job', () => {
  it.each([
    [
      { workspace: 'default', id: 'trn_1' },
      { workspace: 'default', id: 'trn_1' },
    ],
    [{ workspace: 'default' }, { workspace: 'default' }],
    [{ workspace: 'default', actor: 'user:ada' }, { workspace: 'default' }],
    // An id is one of a workspace.
    [{ id: 'trn_1' }, {}],
    [{ workspace: 1, id: { of: 'trn_1' } }, {}],
    [['default'], {}],
    ['default', {}],
    [null, {}],
    [undefined, {}],
  ])('of %j is ids only [JOB-1]', async (data, payload) => {
    const { process, asked } = recording()
    await process({ name: 'learning-train', data })
    expect(asked).toEqual([['learning-train', payload, 'preceptor-learning']])
  })

  it('that failed is told, and fails, so that it is tried again [JOB-1]', async () => {
    const { process, told } = recording(async () => {
      throw new Error('no store')
    })
    await expect(process({ name: 'prune', data: {} })).rejects.toThrow('no store')
    expect(told).toEqual(['The job prune failed: no store'])
  })
})
