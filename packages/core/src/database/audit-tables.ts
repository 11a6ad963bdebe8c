import { sql } from 'drizzle-orm'
import { rowsOf } from './rows.ts'
import type { Tx } from './transaction.ts'

/** What keeps the rows of workspaces apart in a schema: who owns it, who may do what, and what goes past it. */
export interface AuditRules {
  /** Tables without a workspace, and why; the names of tables. */
  readonly withoutWorkspace: Readonly<Record<string, string>>
  /** Policies that show more than the own workspace, and why: `table.policy`. */
  readonly widerPolicies: Readonly<Record<string, string>>
}

/** What is wrong with a table, a role, a function or a view, for people. */
export type Finding = string

const ROLES = ['preceptor_app', 'preceptor_system']
const namespaces = sql`select quote_ident(s)::regnamespace::oid from unnest(current_schemas(false)) s`
const OWN = '(workspace_id = preceptor_workspace())'

interface Named {
  readonly name: string
}

/**
 * Audits the schema of a transaction: every table has a workspace and forces row-level security by policies for the roles
 * of the product; those roles own nothing and pass nothing by; nothing is granted to everybody; and no function, view or
 * foreign table goes past it. Gives what is wrong, nothing when all is well. For the schema of a plugin, too.
 */
export async function auditTables(tx: Tx, rules: AuditRules): Promise<readonly Finding[]> {
  const audits = [roles, tables, policies, grants, functions, otherRelations, schemas]
  const findings: Finding[] = []
  for (const audit of audits) findings.push(...(await audit(tx, rules)))
  return findings
}

async function roles(tx: Tx): Promise<readonly Finding[]> {
  const rows = await rowsOf<Named & { readonly what: string }>(
    tx,
    sql`select r.rolname as name, p.what from pg_roles r, lateral (values
          ('is a superuser', r.rolsuper), ('bypasses row-level security', r.rolbypassrls), ('may log in', r.rolcanlogin),
          ('creates roles', r.rolcreaterole), ('creates databases', r.rolcreatedb), ('replicates', r.rolreplication),
          ('is a member of another role', exists (select from pg_auth_members m where m.member = r.oid))) p (what, so)
        where r.rolname = any(${sql.param(ROLES)}::text[]) and p.so order by 1, 2`,
  )
  return rows.map(({ name, what }) => `The role ${name} ${what}.`)
}

async function tables(tx: Tx, { withoutWorkspace }: AuditRules): Promise<readonly Finding[]> {
  const rows = await rowsOf<Named & { readonly keyed: boolean; readonly forced: boolean; readonly owner: string }>(
    tx,
    sql`select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
          pg_get_userbyid(c.relowner) as owner,
          exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id'
                  and a.attnotnull and not a.attisdropped) as keyed
        from pg_class c where c.relkind in ('r', 'p') and c.relnamespace in (${namespaces}) order by 1`,
  )
  return rows.flatMap(({ name, keyed, forced, owner }) => {
    const own = ROLES.includes(owner) ? [`The table ${name} is owned by ${owner}.`] : []
    if (Object.hasOwn(withoutWorkspace, name)) return own
    if (!keyed) return [...own, `The table ${name} has no workspace_id that is never null.`]
    return forced ? own : [...own, `The table ${name} does not force row-level security.`]
  })
}

interface Policy extends Named {
  readonly table: string
  readonly for: string
  readonly permissive: boolean
  readonly shows: string | null
  readonly takes: string | null
  readonly command: string
}

async function policies(tx: Tx, rules: AuditRules): Promise<readonly Finding[]> {
  const found = await rowsOf<Policy>(
    tx,
    sql`select p.polname as name, c.relname as table, p.polpermissive as permissive, p.polcmd as command,
          case when r.role = 0 then 'everybody' else pg_get_userbyid(r.role) end as for,
          pg_get_expr(p.polqual, p.polrelid) as shows, pg_get_expr(p.polwithcheck, p.polrelid) as takes
        from pg_policy p join pg_class c on c.oid = p.polrelid, unnest(p.polroles) r (role)
        where c.relnamespace in (${namespaces}) order by 2, 1`,
  )
  const reached = await rowsOf<Named & { readonly role: string }>(
    tx,
    sql`select c.relname as name, r.role from pg_class c, unnest(${sql.param(ROLES)}::text[]) r (role)
        where c.relkind in ('r', 'p') and c.relnamespace in (${namespaces})
          and has_any_column_privilege(r.role, c.oid, 'select') order by 1, 2`,
  )
  const bare = reached.filter(
    ({ name, role }) =>
      !Object.hasOwn(rules.withoutWorkspace, name) &&
      !found.some((policy) => policy.table === name && policy.for === role && policy.permissive),
  )
  return [
    ...found
      .filter((policy) => isTooWide(policy, rules))
      .map((policy) => `The policy ${describe(policy)} is too wide.`),
    ...bare.map(({ name, role }) => `The table ${name} has no policy for ${role}, which may read it.`),
  ]
}

/** The system role looks for work across workspaces; whatever else is wider than the own workspace is on a list. */
function isTooWide(
  { table, name, for: role, permissive, shows, takes }: Policy,
  { widerPolicies }: AuditRules,
): boolean {
  if (!permissive || role === 'preceptor_system' || Object.hasOwn(widerPolicies, `${table}.${name}`)) return false
  return role !== 'preceptor_app' || shows !== OWN || (takes !== null && takes !== OWN)
}

const describe = ({ table, name, for: role }: Policy): string => `${table}.${name} for ${role}`

/** Nothing to everybody, and to the roles of the product rows only: truncation goes past policies and triggers. */
async function grants(tx: Tx): Promise<readonly Finding[]> {
  const rows = await rowsOf<Named & { readonly grantee: string; readonly privilege: string }>(
    tx,
    sql`select c.relname as name, a.privilege_type as privilege,
          case when a.grantee = 0 then 'everybody' else pg_get_userbyid(a.grantee) end as grantee
        from (select oid, relname, relnamespace, relacl as acl from pg_class
              union all select c.oid, c.relname, c.relnamespace, t.attacl
                from pg_class c join pg_attribute t on t.attrelid = c.oid) c,
          aclexplode(c.acl) a
        where c.relnamespace in (${namespaces})
          and (a.grantee = 0 or a.is_grantable and pg_get_userbyid(a.grantee) = any(${sql.param(ROLES)}::text[])
            or a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE')
              and pg_get_userbyid(a.grantee) = any(${sql.param(ROLES)}::text[]))
        order by 1, 2, 3`,
  )
  const byDefault = await rowsOf<Named>(
    tx,
    sql`select distinct coalesce(n.nspname, 'every schema') as name
        from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
        where d.defaclobjtype in ('r', 'S') and (a.grantee = 0
          or pg_get_userbyid(a.grantee) = any(${sql.param(ROLES)}::text[])) order by 1`,
  )
  return [
    ...rows.map(({ name, grantee, privilege }) => `${privilege} on ${name} is granted to ${grantee}, or to pass on.`),
    ...byDefault.map(({ name }) => `What is made in ${name} is granted by default.`),
  ]
}

/** A function that runs as its owner is past every policy; with a search path of its caller's it runs anything. */
async function functions(tx: Tx): Promise<readonly Finding[]> {
  const rows = await rowsOf<Named>(
    tx,
    sql`select p.oid::regprocedure::text as name from pg_proc p
        where p.pronamespace in (${namespaces}) and p.prosecdef
          and not exists (select from unnest(p.proconfig) c (entry) where entry like 'search_path=%') order by 1`,
  )
  return rows.map(({ name }) => `The function ${name} runs as its owner with the search path of its caller.`)
}

async function otherRelations(tx: Tx): Promise<readonly Finding[]> {
  const rows = await rowsOf<Named & { readonly kind: string }>(
    tx,
    sql`select relname as name, relkind as kind from pg_class
        where relnamespace in (${namespaces}) and (relkind in ('m', 'f')
          or relkind = 'v' and not coalesce('security_invoker=true' = any(reloptions), false)) order by 1`,
  )
  const kinds: Readonly<Record<string, string>> = { m: 'materialized view', f: 'foreign table', v: 'view' }
  return rows.map(({ name, kind }) => `The ${kinds[kind] ?? kind} ${name} shows rows past row-level security.`)
}

async function schemas(tx: Tx): Promise<readonly Finding[]> {
  const rows = await rowsOf<Named & { readonly role: string }>(
    tx,
    sql`select n.nspname as name, r.role from pg_namespace n, unnest(${sql.param(ROLES)}::text[]) r (role)
        where n.oid in (${namespaces}) and has_schema_privilege(r.role, n.oid, 'create') order by 1, 2`,
  )
  return rows.map(({ name, role }) => `The role ${role} may create in the schema ${name}.`)
}
