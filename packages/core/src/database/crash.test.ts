import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { endChildren, startChild } from './children.test.helper.ts'
import { openDatabase } from './open-database.ts'

const root = mkdtempSync(join(tmpdir(), 'preceptor-crash-'))

afterEach(endChildren)
afterAll(() => rmSync(root, { recursive: true, force: true }))

const WRITE = (folder: string): string => `
  const database = await openDatabase({ dataFolder: ${JSON.stringify(folder)} })
  await database.pool.query('create table if not exists written (id integer primary key, text text)')
  const { rows } = await database.pool.query('select coalesce(max(id), 0) as last from written')
  for (let id = rows[0].last + 1; ; id += 1) {
    const client = await database.pool.connect()
    await client.query('begin')
    await client.query('insert into written values ($1, repeat($2, 2000))', [id, 'x'])
    await client.query('insert into written values ($1, $2)', [-id, 'half'])
    await client.query('commit')
    client.release()
    print(String(id))
  }`

describe('the embedded database', () => {
  it('keeps what it acknowledged when its process is killed while it writes [DB-11]', { timeout: 60_000 }, async () => {
    const folder = join(root, 'killed')
    for (let round = 0; round < 3; round += 1) {
      const child = startChild(WRITE(folder))
      let acknowledged = 0
      const enough = 20 + round * 37
      for (let seen = 0; seen < enough; seen += 1) acknowledged = Number(await child.line())
      await child.kill()
      const database = await openDatabase({ dataFolder: folder })
      const { rows } = await database.pool.query<Record<'last' | 'count' | 'halves', number>>(
        `select max(id)::int as last, (count(*) filter (where id > 0))::int as count,
                (count(*) filter (where id < 0))::int as halves from written`,
      )
      await database.close()
      const [found] = rows
      expect(found?.last).toBeGreaterThanOrEqual(acknowledged)
      // No gaps, and no half of a transaction.
      expect(found).toEqual({ last: found?.last, count: found?.last, halves: found?.last })
    }
  })

  it('opens after its process was killed during the first start', { timeout: 60_000 }, async () => {
    const folder = join(root, 'first')
    const child = startChild(`
      print('starting')
      await openDatabase({ dataFolder: ${JSON.stringify(folder)} })
      print('open')`)
    await child.line()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await child.kill()
    const database = await openDatabase({ dataFolder: folder })
    expect((await database.pool.query('select 1 as a')).rows).toEqual([{ a: 1 }])
    expect(statSync(join(folder, 'database')).mode & 0o777).toBe(0o700)
    await database.close()
  })

  it('is open in one process at a time', { timeout: 60_000 }, async () => {
    const folder = join(root, 'single')
    const child = startChild(`
      const database = await openDatabase({ dataFolder: ${JSON.stringify(folder)} })
      await database.pool.query('create table t as select 7 as n')
      print('open')
      await told()
      await database.close()
      print('closed')
      process.exit(0)`)
    expect(await child.line()).toBe('open')
    await expect(openDatabase({ dataFolder: folder })).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
      details: { pid: child.pid },
    })
    child.tell('close')
    expect(await child.line()).toBe('closed')
    const database = await openDatabase({ dataFolder: folder })
    await expect(openDatabase({ dataFolder: folder })).rejects.toMatchObject({ code: 'DATA_FOLDER_LOCKED' })
    expect((await database.pool.query('select n from t')).rows).toEqual([{ n: 7 }])
    await database.close()
    await child.exited
  })

  it('does not keep a process alive that has nothing left to do', { timeout: 60_000 }, async () => {
    const child = startChild(`
      lines.return?.()
      process.stdin.destroy()
      const database = await openDatabase({ dataFolder: ${JSON.stringify(join(root, 'idle'))} })
      await database.pool.query('create table t as select 7 as n')
      print('done')`)
    expect(await child.line()).toBe('done')
    expect(await child.exited).toBe(0)
  })
})
