import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endChildren, startChild } from '../database/children.test.helper.ts'
import { CORE_MIGRATIONS } from '../database/migrations/index.ts'
import { applyMigrations } from '../database/migrator.ts'
import { type Database, openDatabase } from '../database/open-database.ts'
import { createPorts } from './each-store.test.helper.ts'
import { sealWorkspace } from './seal.ts'
import { verifyJournal } from './verify.ts'

const CORE = new URL('../../dist/index.js', import.meta.url).href
const PROCESSES = 4
const WRITERS = 2
const ROWS = 25

describeWithPostgres('a journal that several processes write', () => {
  const server = useTestDatabase()
  let database: Database
  beforeAll(async () => {
    database = await openDatabase({ url: server.url })
    await applyMigrations(database, [{ namespace: 'core', migrations: CORE_MIGRATIONS }])
  })
  afterAll(async () => {
    await endChildren()
    await database.close()
  })

  it('stays one chain under 8 writers in 4 processes, each of which seals, and after one was killed [I-31, JRN-4]', async () => {
    const body = (number: number): string => `
      const { createGovernor } = await import(${JSON.stringify(CORE)})
      const governor = await createGovernor({ database: ${JSON.stringify(server.url)}, report: () => undefined })
      const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'p${number}', roles: [] } })
      print('ready')
      await told()
      await Promise.all(Array.from({ length: ${WRITERS} }, async (_, writer) => {
        for (let row = 0; row < ${ROWS}; row += 1) await system.agents.register({ id: 'a-${number}-' + writer + '-' + row })
      }))
      print('written')
      await told()
      await governor.close()
      process.exit(0)`
    const children = Array.from({ length: PROCESSES }, (_, number) => startChild(body(number)))
    for (const child of children) expect(await child.line()).toBe('ready')
    for (const child of children) child.tell('go')
    for (const child of children) expect(await child.line()).toBe('written')
    await children[0]?.kill()
    for (const child of children.slice(1)) child.tell('end')
    await Promise.all(children.map(({ exited }) => exited))
    const ports = createPorts(database)
    for (;;) {
      const result = await sealWorkspace(ports, 'default')
      if (result.outcome === 'sealed' && !result.more) break
    }
    const found = await verifyJournal(ports, 'default')
    expect(found).toMatchObject({ ok: true, unsealed: 0, problem: null })
    const { rows } = await database.pool.query(
      `select count(distinct subject_id)::int as count from journal where kind = 'agent.registered'`,
    )
    expect(rows).toEqual([{ count: PROCESSES * WRITERS * ROWS }])
  }, 60_000)
})
