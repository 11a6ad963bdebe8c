import { type Permission, readPermissions } from '@preceptor/core/plugin'

// biome-ignore format: a table, one operation a line
const TABLE = {
  //                            admin  supervisor  viewer      agent    service   system
  // An agent corrects answers of others and says nothing of its own: `assertMayGive`.
  'learning.feedback.give':     ['any', 'any',     'never',    'any',   'scoped', 'any'],
  'learning.feedback.get':      ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'learning.feedback.list':     ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'learning.feedback.metrics':  ['any', 'any',     'any',      'own',   'scoped', 'any'],
  'learning.feedback.insights': ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'learning.examples.get':      ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'learning.examples.list':     ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  // What is imported changes how agents answer, thousands of examples at a time.
  'learning.examples.import':   ['any', 'never',   'never',    'never', 'scoped', 'any'],
  'learning.examples.export':   ['any', 'any',     'never',    'never', 'scoped', 'any'],
} as const

/** Name of an operation on feedback or examples. */
export type FeedbackOperation = keyof typeof TABLE

/** Who may do what with feedback and examples; what has no row is denied. */
export const feedbackPermissions: Readonly<Record<FeedbackOperation, Permission>> = readPermissions(TABLE)
