import { type Permission, readPermissions } from '@preceptor/core/plugin'

// biome-ignore format: a table, one operation a line
const TABLE = {
  //                                  admin  supervisor  viewer   agent    service   system
  'orchestration.workflows.create':   ['any', 'any',     'never', 'never', 'scoped', 'any'],
  'orchestration.workflows.validate': ['any', 'any',     'never', 'never', 'scoped', 'any'],
  'orchestration.workflows.get':      ['any', 'any',     'any',   'never', 'scoped', 'any'],
  'orchestration.workflows.list':     ['any', 'any',     'any',   'never', 'scoped', 'any'],
  'orchestration.workflows.update':   ['any', 'any',     'never', 'never', 'scoped', 'any'],
  'orchestration.workflows.archive':  ['any', 'any',     'never', 'never', 'scoped', 'any'],
  'orchestration.workflows.versions': ['any', 'any',     'any',   'never', 'scoped', 'any'],
  'orchestration.workflows.drawing':  ['any', 'any',     'any',   'never', 'scoped', 'any'],
} as const

/** Name of an operation on the definitions of workflows. */
export type DefinitionOperation = keyof typeof TABLE

/** Who may do what with the definitions of workflows; what has no row is denied. */
export const definitionPermissions: Readonly<Record<DefinitionOperation, Permission>> = readPermissions(TABLE)
