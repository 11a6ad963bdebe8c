import pg from 'pg'
import type { Sinks } from './sinks.ts'

/** Reads every column of every table, as the owner of the database. */
export async function readDatabase(url: string, sinks: Sinks): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: columns } = await client.query<{ schema: string; table: string; name: string }>(
      `select table_schema as schema, table_name as table, column_name as name from information_schema.columns
       join information_schema.tables using (table_schema, table_name)
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
       order by table_schema, table_name, ordinal_position`,
    )
    for (const { schema, table, name } of columns) {
      const { rows } = await client.query<{ text: string | null }>(`select "${name}"::text as text from "${schema}"."${table}"`)
      const place = schema === 'public' ? `${table}.${name}` : `${schema}.${table}.${name}`
      for (const { text } of rows) if (text !== null) sinks.add(`database ${place}`, text)
    }
  } finally {
    await client.end()
  }
}
