import type { Access, Permission } from '@preceptor/core/plugin'

type Row = readonly [admin: Access, supervisor: Access, viewer: Access, agent: Access, service: Access, system: Access]

// biome-ignore format: a table, one operation a line
const TABLE = {
  //                            admin  supervisor  viewer   agent    service   system
  // To deploy what came of it needs `playbooks.deploy` too.
  'learning.training.train':    ['any', 'any',     'never', 'never', 'scoped', 'any'],
  'learning.training.get':      ['any', 'any',     'any',   'never', 'scoped', 'any'],
  'learning.training.list':     ['any', 'any',     'any',   'never', 'scoped', 'any'],
  'learning.experiments.start': ['any', 'any',     'never', 'never', 'scoped', 'any'],
  'learning.experiments.get':   ['any', 'any',     'any',   'never', 'scoped', 'any'],
  'learning.experiments.list':  ['any', 'any',     'any',   'never', 'scoped', 'any'],
  'learning.experiments.stop':  ['any', 'any',     'never', 'never', 'never',  'any'],
} as const

/** Name of an operation on training runs or experiments. */
export type TrainingOperation = keyof typeof TABLE

/** Who may do what with training runs and experiments; what has no row is denied. */
export const trainingPermissions: Readonly<Record<TrainingOperation, Permission>> = readTable(TABLE)

function readTable(table: Readonly<Record<TrainingOperation, Row>>): Readonly<Record<TrainingOperation, Permission>> {
  const rows = Object.entries(table).map(([operation, [admin, supervisor, viewer, agent, service, system]]) => [
    operation,
    { admin, supervisor, viewer, agent, service, system },
  ])
  return Object.fromEntries(rows)
}
