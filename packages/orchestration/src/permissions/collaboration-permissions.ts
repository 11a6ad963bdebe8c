import { type Permission, readPermissions } from '@preceptor/core/plugin'

// biome-ignore format: a table, one operation a line
const TABLE = {
  //                                          admin  supervisor  viewer      agent    service   system
  'orchestration.collaborations.create':      ['any', 'any',     'never',    'never', 'scoped', 'any'],
  // An agent sees what it is a member of.
  'orchestration.collaborations.get':         ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'orchestration.collaborations.list':        ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'orchestration.collaborations.join':        ['any', 'any',     'never',    'never', 'scoped', 'any'],
  'orchestration.collaborations.leave':       ['any', 'any',     'never',    'never', 'scoped', 'any'],
  'orchestration.collaborations.execute':     ['any', 'any',     'never',    'never', 'scoped', 'any'],
  'orchestration.collaborations.cancel':      ['any', 'any',     'never',    'never', 'scoped', 'any'],
  'orchestration.collaborations.messages':    ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  // Only a member says something, and a service is none.
  'orchestration.collaborations.send':        ['any', 'any',     'never',    'own',   'never',  'never'],
  'orchestration.collaborations.context':     ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'orchestration.collaborations.put_context': ['any', 'any',     'never',    'own',   'scoped', 'any'],
  // An agent delegates, and takes back, only where it leads.
  'orchestration.delegations.create':         ['any', 'any',     'never',    'own',   'scoped', 'any'],
  'orchestration.delegations.get':            ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'orchestration.delegations.list':           ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'orchestration.delegations.complete':       ['any', 'any',     'never',    'own',   'never',  'never'],
  'orchestration.delegations.reassign':       ['any', 'any',     'never',    'own',   'scoped', 'any'],
  'orchestration.consensus.open':             ['any', 'any',     'never',    'own',   'scoped', 'any'],
  'orchestration.consensus.get':              ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  'orchestration.consensus.list':             ['any', 'any',     'redacted', 'own',   'scoped', 'any'],
  // One vote of a member, by its own credential.
  'orchestration.consensus.vote':             ['any', 'any',     'never',    'own',   'never',  'never'],
} as const

/** Name of an operation on collaborations, delegations or votes. */
export type CollaborationOperation = keyof typeof TABLE

/** Who may do what with collaborations, delegations and votes; what has no row is denied. */
export const collaborationPermissions: Readonly<Record<CollaborationOperation, Permission>> = readPermissions(TABLE)
