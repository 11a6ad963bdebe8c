import { type Permission, readPermissions } from '@preceptor/core/plugin'

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
export const trainingPermissions: Readonly<Record<TrainingOperation, Permission>> = readPermissions(TABLE)
