import { connect, createServer, type Server, type Socket } from 'node:net'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { insertNote, NOTES_SCHEMA, useNotes } from './notes.test.helper.ts'
import { openDatabase } from './open-database.ts'
import { rowsOf } from './rows.ts'
import { describeOnStores } from './stores.test.helper.ts'
import { inWorkspace, type Tx } from './transaction.ts'

const CONTEXT = sql`select current_user as role, current_setting('preceptor.workspace') as workspace`

describeOnStores('inWorkspace', (store) => {
  const scope = { workspace: 'default' }
  const { nextId, countOf } = useNotes(store)

  it('acts as the role and in the workspace that were named, and leaves neither behind [DB-6, DB-10]', async () => {
    const app = await inWorkspace(store.database, { workspace: 'one' }, (tx) => rowsOf(tx, CONTEXT))
    const system = await inWorkspace(store.database, { workspace: '*', role: 'system' }, (tx) => rowsOf(tx, CONTEXT))
    expect([app, system]).toEqual([
      [{ role: 'preceptor_app', workspace: 'one' }],
      [{ role: 'preceptor_system', workspace: '*' }],
    ])
    await expect(inWorkspace(store.database, scope, (tx) => tx.db.execute(sql`select 1/0`))).rejects.toThrow()
    const { rows } = await store.database.pool.query(
      `select current_user = session_user as owner, coalesce(current_setting('preceptor.workspace', true), '') as workspace`,
    )
    expect(rows).toEqual([{ owner: true, workspace: '' }])
  })

  it.each(['', 'Upper', "x'; drop table notes", 'a b', '-x', '*', 'x'.repeat(64)])(
    'refuses the workspace %j',
    async (workspace) => {
      await expect(inWorkspace(store.database, { workspace }, async () => 'ran')).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      })
    },
  )

  it('commits what it did, and gives the result', async () => {
    const id = nextId()
    const result = await inWorkspace(store.database, scope, async (tx) => {
      await insertNote(tx, id)
      return tx.workspace
    })
    expect(result).toBe('default')
    expect(await countOf(id)).toBe(1)
  })

  it('rolls back and throws on what the callback threw', async () => {
    const [id, error] = [nextId(), new Error('mine')]
    const run = inWorkspace(store.database, scope, async (tx) => {
      await insertNote(tx, id)
      throw error
    })
    await expect(run).rejects.toBe(error)
    expect(await countOf(id)).toBe(0)
  })

  it('gives errors of statements as the driver made them, without the parameters', async () => {
    const id = nextId()
    await inWorkspace(store.database, scope, (tx) => insertNote(tx, id))
    const error: unknown = await inWorkspace(store.database, scope, (tx) => insertNote(tx, id)).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(pg.DatabaseError)
    expect(error).toMatchObject({ code: '23505', constraint: 'notes_pkey' })
    expect(String(error)).not.toContain('secret')
  })

  it('does not pass for committed when a failed statement was caught', async () => {
    const id = nextId()
    const run = inWorkspace(store.database, scope, async (tx) => {
      await insertNote(tx, id)
      await tx.db.execute(sql`select 1/0`).catch(() => undefined)
      return 'done'
    })
    await expect(run).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await countOf(id)).toBe(0)
  })

  it('says that the store is read-only', async () => {
    const run = inWorkspace(store.database, scope, async (tx) => {
      await tx.db.execute(sql`set transaction read only`)
      await insertNote(tx, nextId())
    })
    await expect(run).rejects.toMatchObject({ code: 'STORE_READ_ONLY' })
  })

  it('calls back after the commit and never after a rollback; what a callback throws is a warning', async () => {
    const [calls, warnings]: [string[], string[]] = [[], []]
    const onWarning = (warning: Error): void => void warnings.push(warning.message)
    // Node's own listener prints.
    const printers = process.rawListeners('warning') as (() => void)[]
    process.removeAllListeners('warning').on('warning', onWarning)
    const undone = inWorkspace(store.database, scope, async (tx) => {
      tx.afterCommit(() => void calls.push('never'))
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    await inWorkspace(store.database, scope, async (tx) => {
      tx.afterCommit(() => void calls.push('first'))
      tx.afterCommit(() => {
        throw new Error('a callback failed')
      })
      tx.afterCommit(() => void calls.push('last'))
      calls.push('inside')
    })
    expect(calls).toEqual(['inside', 'first', 'last'])
    await expect.poll(() => warnings).toEqual(['a callback failed'])
    process.off('warning', onWarning)
    for (const printer of printers) process.on('warning', printer)
  })

  it('takes no statement after its end, and no transaction inside', async () => {
    const kept: Tx[] = []
    await inWorkspace(store.database, scope, async (tx) => {
      kept.push(tx)
      expect(() => Reflect.get(tx.db, 'transaction').call(tx.db)).toThrowError('inside another one')
    })
    const late = kept[0]?.db.execute(sql`select current_user`)
    await expect(late).rejects.toMatchObject({ cause: expect.objectContaining({ code: 'INTERNAL' }) })
  })

  it('runs again when it lost against another transaction, up to three times and only if asked', async () => {
    const lose = async (tx: Tx, times: number, attempts: { made: number }): Promise<string> => {
      attempts.made += 1
      const code = attempts.made % 2 === 0 ? '40P01' : '40001'
      if (attempts.made <= times)
        await tx.db.execute(sql.raw(`do $$ begin raise exception using errcode = '${code}'; end $$`))
      return 'won'
    }
    const run = async (times: number, retry: boolean): Promise<unknown> => {
      const attempts = { made: 0 }
      const outcome = await inWorkspace(store.database, { ...scope, retry }, (tx) => lose(tx, times, attempts)).catch(
        (error: { code: string }) => error.code,
      )
      return [outcome, attempts.made]
    }
    expect(await run(0, false)).toEqual(['won', 1])
    expect(await run(1, false)).toEqual(['STORE_UNAVAILABLE', 1])
    expect(await run(3, true)).toEqual(['won', 4])
    expect(await run(4, true)).toEqual(['STORE_UNAVAILABLE', 4])
  })

  it('ends at its deadline when the callback does not, and keeps nothing of it', async () => {
    const id = nextId()
    const started = performance.now()
    const run = inWorkspace(store.database, { ...scope, deadlineMs: 300 }, async (tx) => {
      await insertNote(tx, id)
      await new Promise(() => undefined)
    })
    await expect(run).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(await countOf(id)).toBe(0)
    expect(await inWorkspace(store.database, scope, async () => 'served')).toBe('served')
  })

  it('ends at its deadline when all connections are taken', async () => {
    const pool = store.database.openPool({ max: 1 })
    const taken = await pool.connect()
    const run = inWorkspace({ ...store.database, pool }, { ...scope, deadlineMs: 200 }, async () => 'ran')
    await expect(run).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    taken.release()
    expect(await inWorkspace({ ...store.database, pool }, scope, async () => 'ran')).toBe('ran')
    expect(pool.totalCount).toBe(1)
  })
})

describeWithPostgres('a server that fails', () => {
  const server = useTestDatabase()
  const wires: { close(): Promise<void> }[] = []
  afterEach(async () => {
    await Promise.all(wires.splice(0).map((wire) => wire.close()))
  })
  const scope = { workspace: 'default' }
  beforeAll(async () => {
    const database = await openDatabase({ url: server.url })
    await database.pool.query(NOTES_SCHEMA)
    await database.close()
  })

  it('and ends the connection, is unavailable once and serves again', async () => {
    const database = await openDatabase({ url: server.url })
    const admin = new pg.Client(server.url)
    await admin.connect()
    const run = inWorkspace(database, scope, async (tx) => {
      const [row] = await rowsOf<{ readonly pid: number }>(tx, sql`select pg_backend_pid() as pid`)
      await admin.query('select pg_terminate_backend($1)', [row?.pid])
      await tx.db.execute(sql`select 1`)
    })
    await expect(run).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(await inWorkspace(database, scope, async () => 'served')).toBe('served')
    await admin.end()
    await database.close()
  })

  it('and hangs, is given up at the deadline, also straight through the pool and at the start', async () => {
    const wire = await openWire(new URL(server.url))
    wires.push(wire)
    const database = await openDatabase({ url: wire.url, statementDeadlineMs: 400, connectWithinMs: 400 })
    wire.freeze()
    const started = performance.now()
    const runs = await Promise.allSettled([
      inWorkspace(database, { ...scope, deadlineMs: 400 }, (tx) => tx.db.execute(sql`select 1`)),
      inWorkspace(database, { ...scope, deadlineMs: 400 }, (tx) => tx.db.execute(sql`select 1`)),
    ])
    const straight = await database.pool.query('select 1').catch((error: unknown) => error)
    await expect(openDatabase({ url: wire.url, connectWithinMs: 400 })).rejects.toMatchObject({
      code: 'DATABASE_MISSING',
    })
    expect(performance.now() - started).toBeLessThan(4_000)
    for (const run of runs) {
      expect(run).toMatchObject({ reason: { code: expect.stringMatching(/^(DEADLINE_EXCEEDED|STORE_UNAVAILABLE)$/) } })
    }
    expect(straight).toBeInstanceOf(Error)
    // What is given up is let go of, though nobody answers.
    await expect.poll(() => wire.open(), { timeout: 5_000 }).toBe(0)
    wire.thaw()
    await expect.poll(() => inWorkspace(database, scope, async () => 'served').catch(String)).toBe('served')
    await database.close()
  })

  it('and is told to end a statement at the deadline', async () => {
    const database = await openDatabase({ url: server.url })
    const run = inWorkspace(database, { ...scope, deadlineMs: 300 }, (tx) => tx.db.execute(sql`select pg_sleep(20)`))
    await expect(run).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    const admin = new pg.Client(server.url)
    await admin.connect()
    const running = async (): Promise<unknown> => {
      const { rows } = await admin.query(
        `select count(*)::int as n from pg_stat_activity where query like '%pg_sleep(20)%' and state = 'active' and pid <> pg_backend_pid()`,
      )
      return rows[0].n
    }
    await expect.poll(running, { timeout: 5_000 }).toBe(0)
    await admin.end()
    await database.close()
  })

  it.each([
    ['postgres://nobody:wrong@HOST/postgres', 'DATABASE_MISSING'],
    ['postgres://USER@HOST/no_such_database', 'DATABASE_MISSING'],
  ])('or is another one (%s) is named without its password [DB-8]', async (pattern, code) => {
    const { host, username, password } = new URL(server.url)
    const url = pattern.replace('HOST', host).replace('USER', `${username}:${password}`)
    const error = await openDatabase({ url }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code, message: expect.stringContaining(host) })
    expect(String(error)).not.toContain('wrong')
    expect(String(error)).not.toContain(password)
  })

  it('may be used through a pool that the caller owns', async () => {
    const own = new pg.Pool({ connectionString: server.url, max: 2 })
    const database = await openDatabase({ pool: own })
    expect(await inWorkspace(database, scope, (tx) => rowsOf(tx, CONTEXT))).toHaveLength(1)
    const other = database.openPool({ searchPath: 'pg_catalog', max: 1 })
    expect((await other.query('show search_path')).rows).toEqual([{ search_path: 'pg_catalog' }])
    await database.close()
    expect((await own.query('select 1 as a')).rows).toEqual([{ a: 1 }])
    await own.end()
  })
})

it('a store in two places is refused', async () => {
  await expect(openDatabase({ memory: true, dataFolder: 'x' })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

describe('a server that does not exist', () => {
  it('is missing', async () => {
    await expect(openDatabase({ url: 'postgres://x:y@127.0.0.1:1/z' })).rejects.toMatchObject({
      code: 'DATABASE_MISSING',
    })
  })
})

/** A connection to a server that a test can let go silent. */
async function openWire(target: URL): Promise<{
  url: string
  freeze(): void
  thaw(): void
  open(): number
  close(): Promise<void>
}> {
  const sockets = new Set<Socket>()
  let frozen = false
  const server: Server = createServer((near) => {
    const { hostname: host, port } = target
    const far = connect(Number(port), host)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk: Buffer) => frozen || to.write(chunk))
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = new URL(target)
  url.port = String(typeof address === 'object' ? address?.port : 0)
  return {
    url: url.href,
    freeze: () => {
      frozen = true
    },
    open: () => sockets.size,
    thaw: () => {
      frozen = false
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
