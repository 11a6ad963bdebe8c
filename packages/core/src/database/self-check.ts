import { GovernanceError } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import type { Database } from './open-database.ts'
import { rowsOf } from './rows.ts'
import { inWorkspace, type Tx } from './transaction.ts'

const ROLES = ['app', 'system'] as const
// No workspace of this name can hold rows: the check itself runs in it.
const NOWHERE = '0-self-check'

/**
 * Checks, in transactions as the product opens them, that row-level security cannot be passed by: the effective role is
 * no superuser, has no BYPASSRLS, owns no table, every table with a `workspace_id` forces row-level security, and no
 * row shows while no workspace is set.
 *
 * @throws GovernanceError `DATABASE_ROLE_UNSAFE` naming the role and the table.
 */
export async function checkIsolation(database: Database): Promise<void> {
  for (const role of ROLES) {
    await asRole(database, role, async (tx) => {
      await checkRole(tx, `preceptor_${role}`)
      const tables = await readTables(tx)
      checkTables(tables, `preceptor_${role}`)
      // The system role looks for work across workspaces by its policies; the application role must see nothing.
      if (role === 'app') await checkHidden(tx, tables)
    })
  }
}

const unsafe = (message: string, details: Readonly<Record<string, unknown>>): GovernanceError =>
  new GovernanceError('DATABASE_ROLE_UNSAFE', { message, details })

async function asRole(
  database: Database,
  role: (typeof ROLES)[number],
  work: (tx: Tx) => Promise<void>,
): Promise<void> {
  try {
    await inWorkspace(database, { workspace: NOWHERE, role }, work)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // The role does not exist, or the connection may not take it.
    if (code !== '22023' && code !== '42501') throw error
    throw new GovernanceError('DATABASE_ROLE_UNSAFE', {
      message: `The connection cannot act as the role preceptor_${role}.`,
      details: { role: `preceptor_${role}` },
      cause: error,
    })
  }
}

async function checkRole(tx: Tx, expected: string): Promise<void> {
  const [role] = await rowsOf<{ readonly name: string; readonly superuser: boolean; readonly bypasses: boolean }>(
    tx,
    sql`select rolname as name, rolsuper as superuser, rolbypassrls as bypasses from pg_roles where rolname = current_user`,
  )
  if (role === undefined || role.name !== expected || role.superuser || role.bypasses) {
    const name = role?.name ?? 'unknown'
    throw unsafe(`The effective role is ${name} instead of a restricted ${expected}.`, { role: name })
  }
}

interface TableFacts {
  readonly name: string
  /** Quoted, with its schema. */
  readonly path: string
  readonly owned: boolean
  readonly forced: boolean
  readonly readable: boolean
}

function readTables(tx: Tx): Promise<readonly TableFacts[]> {
  return rowsOf<TableFacts>(
    tx,
    sql`select c.relname as name, format('%I.%I', n.nspname, c.relname) as path,
               pg_has_role(current_user, c.relowner, 'member') as owned,
               c.relrowsecurity and c.relforcerowsecurity as forced,
               has_table_privilege(current_user, c.oid, 'select') as readable
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname = any (current_schemas(false))
          and exists (select from pg_attribute a
                      where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped)
        order by c.relname`,
  )
}

function checkTables(tables: readonly TableFacts[], role: string): void {
  for (const { name, owned, forced } of tables) {
    if (owned) throw unsafe(`The role ${role} owns the table ${name}.`, { role, table: name })
    if (!forced) throw unsafe(`The table ${name} does not force row-level security.`, { role, table: name })
  }
}

/** Rows of the workspace `*` belong to everybody by their own policy. */
async function checkHidden(tx: Tx, tables: readonly TableFacts[]): Promise<void> {
  const readable = tables.filter((table) => table.readable)
  if (readable.length === 0) return
  await rowsOf(tx, sql`select set_config('preceptor.workspace', '', true)`)
  const probes = readable.map(
    ({ name, path }) =>
      sql`select ${name}::text as name where exists (select from ${sql.raw(path)} where workspace_id <> '*')`,
  )
  const [visible] = await rowsOf<{ readonly name: string }>(tx, sql.join(probes, sql` union all `))
  if (visible === undefined) return
  throw unsafe(`The table ${visible.name} shows rows while no workspace is set.`, {
    role: 'preceptor_app',
    table: visible.name,
  })
}
