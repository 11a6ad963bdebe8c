import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { describeOnStores, until } from '../database/stores.test.helper.ts'
import { type JobBackend, openJobBackend } from './backend.ts'

describeOnStores('a worker whose database is closed before it is', (store) => {
  it('leaves the rest of the process alone [JOB-1]', async () => {
    const backend: JobBackend = await openJobBackend({ database: store.database, onError: () => undefined })
    const ran: unknown[] = []
    const worker = await backend.openWorker<unknown>('left', async ({ data }) => void ran.push(data))
    await backend.add(await backend.openQueue('left'), { name: 'one', data: {}, id: 'one' })
    await until(() => ran.length === 1)
    await store.database.close()
    const began = performance.now()
    for (let turn = 0; turn < 100; turn += 1) await setImmediate()
    expect(performance.now() - began).toBeLessThan(5_000)
    await worker.close(true)
  })
})
