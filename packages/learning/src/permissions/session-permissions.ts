import { type Permission, readPermissions } from '@preceptor/core/plugin'

// biome-ignore format: a table, one operation a line
const TABLE = {
  //                               admin  supervisor  viewer      agent    service   system
  // It asks models, which costs, and moves how a type of agents is trained.
  'learning.sessions.start':       ['any', 'any',     'never',    'never', 'scoped', 'any'],
  'learning.sessions.get':         ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'learning.sessions.list':        ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'learning.analytics.statistics': ['any', 'any',     'any',      'never', 'scoped', 'any'],
  'learning.analytics.adaptations':['any', 'any',     'any',      'never', 'scoped', 'any'],
  'learning.analytics.predict':    ['any', 'any',     'any',      'never', 'scoped', 'any'],
  'learning.analytics.dashboard':  ['any', 'any',     'redacted', 'never', 'scoped', 'any'],
  'learning.analytics.health':     ['any', 'any',     'any',      'never', 'scoped', 'any'],
  'learning.analytics.export':     ['any', 'any',     'never',    'never', 'scoped', 'any'],
} as const

/** Name of an operation on learning sessions or on what they show. */
export type SessionOperation = keyof typeof TABLE

/** Who may do what with learning sessions and what they show; what has no row is denied. */
export const sessionPermissions: Readonly<Record<SessionOperation, Permission>> = readPermissions(TABLE)
