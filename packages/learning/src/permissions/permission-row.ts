import type { Access, Permission } from '@preceptor/core/plugin'

/** What each role of a user, and each other kind of principal, may do with one operation. */
export type PermissionRow = readonly [
  admin: Access,
  supervisor: Access,
  viewer: Access,
  agent: Access,
  service: Access,
  system: Access,
]

/** Reads a table with one operation a line. */
export function readPermissions<Name extends string>(
  table: Readonly<Record<Name, PermissionRow>>,
): Readonly<Record<Name, Permission>> {
  const rows = Object.entries<PermissionRow>(table).map(
    ([operation, [admin, supervisor, viewer, agent, service, system]]) =>
      [operation, { admin, supervisor, viewer, agent, service, system }] as const,
  )
  // Every name of the table is one of the result.
  return Object.fromEntries(rows) as Record<Name, Permission>
}
