import { type Permission, readPermissions } from '@preceptor/core/plugin'

// biome-ignore format: a table, one operation a line
const TABLE = {
  //                              admin  supervisor  viewer      agent    service   system
  // An agent that starts a run stands in the chain of those who delegated: no step counts for more than it does.
  'orchestration.runs.execute':   ['any', 'any',     'never',    'own',   'scoped', 'any'],
  'orchestration.runs.get':       ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'orchestration.runs.list':      ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'orchestration.runs.cancel':    ['any', 'any',     'never',    'own',   'scoped', 'any'],
  'orchestration.runs.replay':    ['any', 'any',     'never',    'never', 'never',  'never'],
  'orchestration.runs.resolve':   ['any', 'any',     'never',    'never', 'never',  'never'],
  // Whoever answers needs `proposals.approve` or `proposals.reject` too.
  'orchestration.runs.answer':    ['any', 'any',     'never',    'never', 'never',  'never'],
} as const

/** Name of an operation on runs of workflows. */
export type RunOperation = keyof typeof TABLE

/** Who may do what with runs of workflows; what has no row is denied. */
export const runPermissions: Readonly<Record<RunOperation, Permission>> = readPermissions(TABLE)
