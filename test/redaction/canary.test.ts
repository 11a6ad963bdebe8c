import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { act, administer, fail, propose, train, watch } from './acts.ts'
import { readAll } from './readings.ts'
import { openStage, type Stage } from './stage.ts'
import { readDatabase } from './stored.ts'

describeWithPostgres('secrets', () => {
  let database: TestDatabase
  let stage: Stage
  beforeAll(async () => {
    database = await createTestDatabase()
    stage = await openStage({ database: database.url, redis: process.env.REDIS_URL })
  })
  afterAll(async () => {
    await stage?.close()
    await database?.drop()
  })

  it('reach no sink', async () => {
    const time = (name: string) => process.stdout.write(`${name} ${Math.round(performance.now())}\n`)
    time('start')
    await fail(stage)
    time('fail')
    await propose(stage)
    time('propose')
    await train(stage)
    time('train')
    await watch(stage)
    time('watch')
    await act(stage)
    time('act')
    await administer(stage)
    time('administer')
    await readAll(stage)
    time('read')
    await readDatabase(database.url, stage.sinks)
    time('db')
    const hits = stage.sinks.found(stage.canaries)
    process.stdout.write(`${hits.join('\n')}\n${JSON.stringify(stage.sinks.counts(), null, 1)}\n`)
    expect(hits).toEqual([])
  }, 120_000)
})
