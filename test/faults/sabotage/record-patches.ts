import type { Patch } from './patch.ts'
import { roundsOf } from './rounds.ts'

/** Guards of what is on record. */
export const RECORD_PATCHES: readonly Patch[] = [
  {
    name: 'no-chain',
    guard: 'Each sealed row carries the hash of the one before.',
    edits: [
      {
        file: 'core/journal/seal.js',
        find: 'hash = hashOf(hash, { ...row,',
        replace: 'hash = hashOf(GENESIS_HASH, { ...row,',
      },
    ],
    run: roundsOf(['claim']),
  },
  {
    name: 'seal-skips-rows',
    guard: 'Every row is sealed.',
    edits: [
      {
        file: 'core/journal/seal.js',
        find: 'for (const row of [...rows].sort((one, other) => one.position - other.position)) {',
        replace: 'for (const row of [...rows].sort((one, other) => one.position - other.position).slice(0, 1)) {',
      },
    ],
    run: roundsOf(['claim']),
  },
  {
    name: 'no-settlement-row',
    guard: 'The outcome and its journal row are one transaction.',
    edits: [
      {
        file: 'core/executions/settle.js',
        find: 'kind: KINDS[end.status],',
        replace: "kind: 'agent.changed',",
      },
    ],
    run: roundsOf(['claim']),
  },
  {
    name: 'request-again',
    guard: 'A request with a key is worked on once.',
    edits: [
      {
        file: 'core/access/idempotency/once.js',
        find: 'if (await insertClaim(tx, claim))\n            return null;',
        replace: 'await insertClaim(tx, claim);\n        if (claim)\n            return null;',
      },
    ],
    run: roundsOf(['request']),
  },
  {
    name: 'no-ledger-sum',
    guard: 'Confidence is the sum of its ledger.',
    edits: [
      {
        file: 'core/maturity/record-evidence.js',
        find: 'updateConfidence(tx, record, { confidence, at })',
        replace: 'updateConfidence(tx, record, { confidence: confidence + 1, at })',
      },
    ],
    run: roundsOf(['demotion']),
  },
]
