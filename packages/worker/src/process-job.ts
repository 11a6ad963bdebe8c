import type { JobHost } from '@preceptor/core'

/** The part of a BullMQ job that counts here. */
export interface TakenJob {
  readonly name: string
  readonly data: unknown
}

/**
 * Makes the processor of a worker on a queue. It only passes on what the job names: the row in the database is the truth, and the
 * use case looks at it again. A failure is told to the host's log, and BullMQ tries the job again.
 */
export function processJob(jobs: Pick<JobHost, 'run' | 'report'>, queue: string): (job: TakenJob) => Promise<void> {
  return async ({ name, data }) => {
    try {
      await jobs.run(name, payloadOf(data), queue)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      jobs.report({ level: 'warn', code: 'NOTICE', message: `The job ${name} failed: ${message}` })
      throw error
    }
  }
}

/** A queue may be shared and old: nothing but the name of a workspace and an id is taken from a payload. */
function payloadOf(data: unknown): { readonly workspace?: string; readonly id?: string } {
  if (typeof data !== 'object' || data === null || !('workspace' in data)) return {}
  const { workspace } = data
  if (typeof workspace !== 'string') return {}
  return 'id' in data && typeof data.id === 'string' ? { workspace, id: data.id } : { workspace }
}
