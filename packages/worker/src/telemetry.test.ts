import { createGovernor, type JobTelemetry } from '@preceptor/core'
import { describeWithPostgres, describeWithRedis, startRedis, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorker } from './create-worker.ts'

interface SeenSpan {
  readonly id: string
  readonly name: string
  readonly parent: string | undefined
  ended: boolean
}

const CONTEXT_KEY = 'span'

/** Remembers spans, and hands a context on as the id of its span: the interface that BullMQ asks of a telemetry. */
function rememberSpans(): { readonly telemetry: JobTelemetry; readonly spans: readonly SeenSpan[] } {
  const spans: SeenSpan[] = []
  const span = (seen: SeenSpan) => ({
    setSpanOnContext: (context: object) => ({ ...context, [CONTEXT_KEY]: seen.id }),
    setAttribute: () => undefined,
    setAttributes: () => undefined,
    addEvent: () => undefined,
    recordException: () => undefined,
    end() {
      seen.ended = true
    },
  })
  const telemetry: JobTelemetry = {
    tracer: {
      startSpan(name, _options, context) {
        const seen = { id: `span-${spans.length}`, name, parent: context?.[CONTEXT_KEY], ended: false }
        spans.push(seen)
        return span(seen)
      },
    },
    contextManager: {
      with: (_context, work) => work(),
      active: () => ({}),
      getMetadata: (context) => JSON.stringify(context),
      fromMetadata: (_active, metadata) => JSON.parse(metadata),
    },
  }
  return { telemetry, spans }
}

describeWithRedis('the telemetry of a worker on redis', () => {
  describeWithPostgres('and postgres', () => {
    const database = useTestDatabase()
    let redis: Awaited<ReturnType<typeof startRedis>>
    beforeAll(async () => {
      redis = await startRedis({ install: false })
    })
    afterAll(() => redis.stop())

    describe('given to createWorker', () => {
      it('sees each job added and run, the run under what added it [JOB-6]', async () => {
        const { telemetry, spans } = rememberSpans()
        const options = { database: database.url, migrate: true, redis: redis.url, report: () => undefined }
        const governor = await createGovernor(options)
        const worker = await createWorker(governor, { telemetry })
        try {
          expect(await governor.jobs.enqueue('update-presence', { workspace: 'default' })).toBe(true)
          await vi.waitFor(
            () => {
              const added = spans.filter(({ name }) => name.startsWith('add '))
              const ran = spans.find(({ name, parent, ended }) => {
                return name.startsWith('process ') && ended && added.some(({ id }) => id === parent)
              })
              expect(ran).toBeDefined()
            },
            { timeout: 15_000 },
          )
        } finally {
          await worker.close()
          await governor.close()
        }
      }, 40_000)
    })
  })
})
