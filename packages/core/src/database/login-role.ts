import type { Database } from './open-database.ts'
import { asOwner } from './transaction.ts'

/** As whom, and how, the database is reached. */
export interface LoginRole {
  readonly name: string
  /** Whether it may do everything: then a leak of its password is a leak of every workspace. */
  readonly superuser: boolean
  readonly bypassesRowSecurity: boolean
  /** Whether the connection is encrypted. */
  readonly encrypted: boolean
  /** Release of Postgres, such as 15. */
  readonly release: number
}

const ROLE = `select rolname as name, rolsuper as superuser, rolbypassrls as bypasses,
    coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted,
    current_setting('server_version_num')::int / 10000 as release
  from pg_roles where rolname = session_user`

/** Reads as whom this process logs in. */
export function readLoginRole(database: Database): Promise<LoginRole> {
  return asOwner(database, async (client) => {
    const { rows } = await client.query<{
      readonly name: string
      readonly superuser: boolean
      readonly bypasses: boolean
      readonly encrypted: boolean
      readonly release: number
    }>(ROLE)
    const [row] = rows
    if (row === undefined) throw new Error('The database does not know the role of this session.')
    const { name, superuser, bypasses, encrypted, release } = row
    return { name, superuser, bypassesRowSecurity: bypasses, encrypted, release }
  })
}
