import { type Permission, readPermissions } from '@preceptor/core/plugin'

// biome-ignore format: a table, one operation a line
const TABLE = {
  //                                  admin  supervisor  viewer      agent    service   system
  // A schedule acts for its maker, whose rights are looked at again each time: those of a service are in its key alone.
  'orchestration.schedules.create':   ['any', 'any',     'never',    'never', 'never',  'any'],
  'orchestration.schedules.get':      ['any', 'any',     'redacted', 'never', 'scoped', 'any'],
  'orchestration.schedules.list':     ['any', 'any',     'redacted', 'never', 'scoped', 'any'],
  'orchestration.schedules.remove':   ['any', 'any',     'never',    'never', 'never',  'any'],
} as const

/** Name of an operation on schedules of workflows. */
export type ScheduleOperation = keyof typeof TABLE

/** Who may do what with schedules of workflows; what has no row is denied. */
export const schedulePermissions: Readonly<Record<ScheduleOperation, Permission>> = readPermissions(TABLE)
