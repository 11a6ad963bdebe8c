import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { createTestDatabase } from './databases.ts'
import { describeWithPostgres, describeWithRedis, useTestDatabase } from './groups.ts'

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

describe('services of the run', () => {
  it('are real where they are there [CMD-6]', () => {
    expect(process.env.PRECEPTOR_TEST_RUN).toMatch(/^\w+$/)
  })
})

describeWithPostgres('test databases', () => {
  const database = useTestDatabase()

  it('are fresh and apart from each other [CMD-6]', async () => {
    await query(database.url, 'create table only_here (id int)')
    const other = await createTestDatabase()
    await expect(query(other.url, 'select * from only_here')).rejects.toMatchObject({ code: '42P01' })
    await other.drop()
    await expect(query(other.url, 'select 1')).rejects.toMatchObject({ code: '3D000' })
  })

  it('are copied from a template that is prepared once', async () => {
    let prepared = 0
    const template = {
      name: 'test_of_templates',
      prepare: async (url: string) => {
        prepared += 1
        await query(url, 'create table copied (id int)')
      },
    }
    const copies = await Promise.all([createTestDatabase(template), createTestDatabase(template)])
    for (const copy of copies) {
      expect(await query(copy.url, 'select * from copied')).toEqual([])
      await copy.drop()
    }
    expect(prepared).toBe(1)
  })
})

describeWithRedis('redis', () => {
  it('answers [CMD-6]', () => {
    expect(process.env.REDIS_URL).toMatch(/^redis:/)
  })
})
