import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { act, administer, fail, propose, teach, train, watch } from './acts.ts'
import { askOverMcp, runLangChain } from './assistants.ts'
import { MUST_HOLD } from './must-hold.ts'
import { runPrograms } from './programs.ts'
import { readAll } from './readings.ts'
import { openStage, type Stage } from './stage.ts'
import { readDatabase, readRedis } from './stored.ts'
import { listenToStreams } from './streams.ts'

describeWithPostgres('secrets that come in anywhere', () => {
  let database: TestDatabase
  let stage: Stage

  beforeAll(async () => {
    database = await createTestDatabase()
    stage = await openStage({ database: database.url, redis: process.env.REDIS_URL })
    console.error = (...said: unknown[]) => stage.sinks.add('log', said.map(String).join(' '))
    const endStreams = await listenToStreams(stage)
    await fail(stage)
    await propose(stage)
    await train(stage)
    await watch(stage)
    await act(stage)
    await teach(stage)
    await askOverMcp(stage)
    await runLangChain(stage)
    await administer(stage)
    await runPrograms(stage, database.url)
    await readAll(stage)
    endStreams()
    await readDatabase(database.url, stage.sinks)
    if (process.env.REDIS_URL) await readRedis(process.env.REDIS_URL, stage.queue, stage.sinks)
  }, 180_000)
  afterAll(async () => {
    await stage?.close()
    await database?.drop()
  })

  const found = () =>
    stage.sinks.found(stage.canaries).map((hit) => {
      const [sink = '', place = ''] = hit.split(': ')
      return { hit, holding: MUST_HOLD.find((one) => one.sink.test(sink) && one.place.test(place)) }
    })

  it(verifies('I-33', 'come out nowhere but where something needs them'), () => {
    expect(
      found()
        .filter(({ holding }) => holding === undefined)
        .map(({ hit }) => hit),
    ).toEqual([])
  })

  it('are looked for in every place that may hold them, so that none is allowed for nothing', () => {
    const used = new Set(found().map(({ holding }) => holding))
    expect(MUST_HOLD.filter((holding) => !used.has(holding)).map(({ why }) => why)).toEqual([])
  })

  it.each([
    'answers to viewer',
    'journal',
    'stream to admin',
    'stream to viewer',
    'socket of admin',
    'prompts',
    'webhook bodies',
    'channel',
    'log',
    'MCP results of vic',
    'output of programs',
    'diagnostics of programs',
    'response headers',
    'database journal.body',
    'database session_events.body',
    'database deliveries.payload',
  ])(verifies('I-33', 'were looked for in %s'), (sink) => {
    expect(stage.sinks.textsOf(sink).join('').length).toBeGreaterThan(100)
  })

  describe('and texts that steer', () => {
    it.each(['log', 'output of programs', 'diagnostics of programs'])(
      verifies('I-33', 'do not reach a terminal or a log (%s)'),
      (sink) => {
        const text = stage.sinks.textsOf(sink).join('\n')
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(/[\u001b\u202a-\u202e\u2066-\u2069\r]|^error: fake/m.exec(text)?.index).toBeUndefined()
      },
    )
  })
})
