import { type AuditRules, auditTables, type Finding } from '../database/audit-tables.ts'
import { openDatabase } from '../database/open-database.ts'
import { inWorkspace } from '../database/transaction.ts'

const OWN: AuditRules = {
  withoutWorkspace: { preceptor_migrations: 'which migrations were applied is the same for all workspaces' },
  widerPolicies: { 'stops.stops_of_all': 'a kill switch for all workspaces stops each of them' },
}

/**
 * Audits a Postgres database for what would go past row-level security: tables, policies, grants, functions and views, of
 * the product and of its plugins. Gives what is wrong, in words; nothing when all is well.
 *
 * @example
 * ```ts
 * import { auditDatabase } from '@preceptor/core/testing'
 *
 * const findings = await auditDatabase('postgres://127.0.0.1/test', {
 *   withoutWorkspace: { exchange_rates: 'the same for everybody' },
 * })
 * ```
 */
export async function auditDatabase(url: string, exceptions: Partial<AuditRules> = {}): Promise<readonly Finding[]> {
  const rules = {
    withoutWorkspace: { ...OWN.withoutWorkspace, ...exceptions.withoutWorkspace },
    widerPolicies: { ...OWN.widerPolicies, ...exceptions.widerPolicies },
  }
  const database = await openDatabase({ url })
  try {
    return await inWorkspace(database, { workspace: '0-audit' }, (tx) => auditTables(tx, rules))
  } finally {
    await database.close()
  }
}
